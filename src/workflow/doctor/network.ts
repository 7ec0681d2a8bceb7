import { shortInstant } from "../../core/instant.ts";
import type { Finding } from "../../core/check-up.ts";
import { textOfCode } from "../../orchestrator/http/connection.ts";
import { tokenUrl } from "../../orchestrator/http/hosts.ts";
import {
  knock,
  placeOf,
  resolveHost,
  shakeHands,
  type Certificate,
  type Place,
} from "../../orchestrator/http/reach.ts";
import { fine, problem, type Examined } from "./examined.ts";

/** Longer than this nobody waits for a host that does not answer at all. */
const longest = 10_000;

interface Reached {
  readonly url: URL;
  readonly place: Place;
}

/** The hosts that calls go to: Orchestrator's, and its identity server's where that is another one. */
function hostsOf({ target, reader }: Examined): readonly Reached[] {
  const base = new URL(reader.client.baseUrl);
  const { connection } = target;
  const isAsked = connection.type === "remote" && connection.auth.type === "clientCredentials";
  const identity =
    isAsked && connection.identityUrl !== undefined ? tokenUrl(base, new URL(connection.identityUrl)) : undefined;
  const urls = identity === undefined || identity.host === base.host ? [base] : [base, identity];
  return urls.map((url) => ({ url, place: placeOf(url) }));
}

function patience({ target, signal }: Examined): { readonly timeout: number; readonly signal: AbortSignal } {
  return { timeout: Math.min(longest, target.timing.request), signal };
}

export async function checkName(examined: Examined): Promise<Finding> {
  const texts: string[] = [];
  for (const { place } of hostsOf(examined)) {
    const found = await resolveHost(place, patience(examined));
    if ("code" in found) {
      const hint = "check the host name in the target's url, and this machine's DNS";
      return problem("failed", `${place.host}: ${textOfCode(found.code)}`, hint);
    }
    texts.push(found.join() === place.host ? `${place.host} is an address` : `${place.host} is ${listed(found)}`);
  }
  return fine(texts.join("; "));
}

export async function checkConnection(examined: Examined): Promise<Finding> {
  const texts: string[] = [];
  for (const { place } of hostsOf(examined)) {
    const failed = await knock(place, patience(examined));
    const where = `${place.host}, port ${place.port}`;
    if (failed !== undefined) {
      const hint = "check the port in the target's url, firewalls, and whether this network needs a proxy";
      return problem("failed", `${where}: ${textOfCode(failed.code)}`, hint);
    }
    texts.push(`${where} answers`);
  }
  return fine(texts.join("; "));
}

export async function checkTls(examined: Examined): Promise<Finding> {
  const texts: string[] = [];
  for (const { url, place } of hostsOf(examined)) {
    if (url.protocol !== "https:") {
      texts.push(`none: ${url.host} is this machine, and its url is http`);
      continue;
    }
    const shaken = await shakeHands(place, patience(examined));
    if ("code" in shaken) {
      const hint = `check whether https is spoken on port ${place.port}; a proxy in between may end the handshake`;
      return problem("failed", `${place.host}: no handshake: ${textOfCode(shaken.code)}`, hint);
    }
    const { refused, protocol, certificate } = shaken;
    if (refused !== undefined) return untrusted(refused, certificate, place.host, examined.now());
    const until = shortInstant(certificate.until.toISOString());
    texts.push(`${place.host} by ${protocol}: issued by ${certificate.issuer}, good until ${until}`);
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
