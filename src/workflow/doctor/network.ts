import type { Finding } from "../../core/check-up.ts";
import { shortInstant } from "../../core/instant.ts";
import { proxyName, type Proxy } from "../../core/network.ts";
import { tokenUrl } from "../../orchestrator/http/hosts.ts";
import {
  knock,
  resolveHost,
  shakeHands,
  type Certificate,
  type Place,
  type ReachOptions,
} from "../../orchestrator/http/network/reach.ts";
import { hostOf, portOf, proxyFor } from "../../orchestrator/http/network/route.ts";
import { fine, problem, type Examined } from "./examined.ts";

/** Longer than this nobody waits for a host that does not answer at all. */
const longest = 10_000;

/** The hosts that calls go to: Orchestrator's, and its identity server's where that is another one. */
function placesOf({ target: { connection }, reader }: Examined): readonly Place[] {
  const { network } = connection;
  const base = new URL(reader.client.baseUrl);
  const identity =
    connection.type === "remote" && connection.auth.type === "clientCredentials" ? connection.identityUrl : undefined;
  const other = identity === undefined ? base : tokenUrl(base, new URL(identity));
  return (other.host === base.host ? [base] : [base, other]).map((url) => ({ url, network }));
}

function patience({ target, signal }: Examined): ReachOptions {
  return { timeout: Math.min(longest, target.timing.request), signal };
}

/** The proxy that calls go through, if any: it is asked for a way to each host. */
export async function checkProxy(examined: Examined): Promise<Finding> {
  const texts: string[] = [];
  for (const place of placesOf(examined)) {
    const proxy = proxyFor(place.url, place.network);
    const host = hostOf(place.url);
    if (proxy === undefined) {
      texts.push(`none: calls to ${host} go straight`);
      continue;
    }
    const failed = await knock(place, patience(examined));
    const how = `${proxyName(proxy)} (of ${proxy.from})`;
    if (failed !== undefined) return problem("failed", failed.failed, failed.hint ?? "see docs/networks.md");
    texts.push(`${how} lets calls through to ${host}`);
  }
  return fine(texts.join("; "));
}

/** Names that this machine has to know: behind a proxy its own alone. */
export async function checkName(examined: Examined): Promise<Finding> {
  const texts: string[] = [];
  for (const { url, network } of placesOf(examined)) {
    const proxy = proxyFor(url, network);
    const host = proxy?.host ?? hostOf(url);
    const found = await resolveHost(host, patience(examined));
    if ("failed" in found) {
      return problem(
        "failed",
        `${host}: ${found.failed}`,
        `check the host name in ${placeOf(proxy)}, and this machine's DNS`,
      );
    }
    texts.push(found.join() === host ? `${host} is an address` : `${host} is ${listed(found)}`);
  }
  return fine([...new Set(texts)].join("; "));
}

function placeOf(proxy: Proxy | undefined): string {
  if (proxy === undefined) return "the target's url";
  return proxy.from === "the target" ? "the target's proxy" : proxy.from;
}

export async function checkConnection(examined: Examined): Promise<Finding> {
  const texts: string[] = [];
  for (const place of placesOf(examined)) {
    const failed = await knock(place, patience(examined));
    const where = `${hostOf(place.url)}, port ${portOf(place.url)}`;
    if (failed !== undefined) {
      const hint = "check the port in the target's url, firewalls, and whether this network needs a proxy";
      return problem("failed", `${where}: ${failed.failed}`, failed.hint ?? hint);
    }
    texts.push(`${where} answers`);
  }
  return fine(texts.join("; "));
}

export async function checkTls(examined: Examined): Promise<Finding> {
  const texts: string[] = [];
  for (const place of placesOf(examined)) {
    const host = hostOf(place.url);
    if (place.url.protocol !== "https:") {
      texts.push(`none: ${place.url.host} is this machine, and its url is http`);
      continue;
    }
    const shaken = await shakeHands(place, patience(examined));
    if ("failed" in shaken) {
      const hint = `check whether https is spoken on port ${portOf(place.url)}; a proxy in between may end the handshake`;
      return problem("failed", `${host}: no handshake: ${shaken.failed}`, shaken.hint ?? hint);
    }
    const { refused, protocol, certificate } = shaken;
    if (refused !== undefined) return untrusted(refused, certificate, host, examined.now());
    const until = shortInstant(certificate.until.toISOString());
    texts.push(`${host} by ${protocol}: issued by ${certificate.issuer}, good until ${until}`);
  }
  return fine(texts.join("; "));
}

/** What is wrong with a certificate, and what to do about it. */
function untrusted(code: string, certificate: Certificate, host: string, now: Date): Finding {
  const { subject, issuer, names, from, until } = certificate;
  const clock = `if it is right, this machine's clock is not: it says ${shortInstant(now.toISOString())}`;
  if (code === "CERT_HAS_EXPIRED") {
    const text = `the certificate of ${host} has expired: ${shortInstant(until.toISOString())}`;
    return problem("failed", text, `have it renewed; ${clock}`);
  }
  if (code === "CERT_NOT_YET_VALID") {
    const text = `the certificate of ${host} is not valid yet: from ${shortInstant(from.toISOString())}`;
    return problem("failed", text, `wait until then; ${clock}`);
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const text = `the certificate is for another host: ${listed(names)}, not ${host}`;
    return problem(
      "failed",
      text,
      "write the url with a name that the certificate has, or have it issued for this one",
    );
  }
  const own = subject === issuer ? "it is signed by itself" : `it is issued by ${issuer}`;
  const text = `the issuer of the certificate of ${host} is not known (${code}): ${own}`;
  return problem("failed", text, `name the certificate of ${issuer} in a file of the target: caFile`);
}

/** The first few: a certificate may have hundreds of names. */
function listed(texts: readonly string[]): string {
  const most = 3;
  return texts.length <= most ? texts.join(", ") : `${texts.slice(0, most).join(", ")} and ${texts.length - most} more`;
}
