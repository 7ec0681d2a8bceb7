import { describe, expect, it } from "vitest";
import { AuthError } from "../../src/core/errors.ts";
import type { EditionName, Emulator } from "../../src/emulator/index.ts";
import type { TargetOptions } from "../../src/index.ts";
import { connect } from "../../src/orchestrator/index.ts";
import { systemClock } from "../../src/workflow/system-clock.ts";
import { converge, emulatorFor, linesOf } from "../support/contract.ts";
import { manifests, tenant } from "../support/server.ts";

const people = tenant({
  organization: "corp",
  queues: [{ name: "Q", folder: "Finance", uniqueReferences: true }],
  users: [{ userName: "ana", password: "s3cret", tokens: ["pat-of-ana"] }],
  applications: [
    { clientId: "ci", clientSecret: "s3cret", scopes: ["OR.Default", "OR.Folders", "OR.Queues", "OR.Jobs"] },
  ],
});
const items = [manifests.items("{ queue: Q, items: [{ reference: A }, { reference: B }] }")];

const application = { type: "clientCredentials", clientId: "ci", clientSecret: "s3cret" } as const;
const password = { type: "password", username: "ana", password: "s3cret" } as const;
const pat = { type: "token", token: "pat-of-ana" } as const;

type Changes = Partial<TargetOptions>;
const withoutLastPart = ({ url }: Emulator): Changes => ({ url: url.replace(/\/orchestrator_$/, "") });
const none = (): Changes => ({});

interface Layout {
  readonly name: string;
  readonly edition: EditionName;
  readonly layout?: "suite";
  /** How the target differs from the url that the emulator gives. */
  readonly target: (emulator: Emulator) => Changes;
  readonly auths: readonly TargetOptions["auth"][];
}

const layouts: readonly Layout[] = [
  { name: "on premises", edition: "2022.10", target: none, auths: [application, password, pat] },
  { name: "on premises", edition: "2023.4", target: none, auths: [application, password, pat] },
  {
    name: "on premises, the tenant named",
    edition: "2023.4",
    target: () => ({ tenantName: "Test" }),
    auths: [application, password, pat],
  },
  { name: "a suite", edition: "2022.10", layout: "suite", target: none, auths: [application, password, pat] },
  { name: "a suite", edition: "2023.4", layout: "suite", target: none, auths: [application, password, pat] },
  { name: "the cloud", edition: "cloud", target: none, auths: [application, pat] },
  {
    name: "the cloud, without the last part",
    edition: "cloud",
    target: withoutLastPart,
    auths: [application, pat],
  },
];

const cases = layouts.flatMap(({ auths, ...rest }) => auths.map((auth) => ({ ...rest, auth, by: auth.type })));

describe("a target finds its Orchestrator and its identity server by the url", () => {
  it.each(cases)("$name, $edition, by $by", async ({ edition, layout, target, auth }) => {
    const emulator = await emulatorFor(people, { edition, ...(layout === undefined ? {} : { layout }) });
    const { first, report, second } = await converge(emulator, items, { auth, ...target(emulator) });
    expect(linesOf(first)).toEqual(["create A", "create B"]);
    expect(report.counts.applied).toBe(2);
    expect(linesOf(second)).toEqual([]);
    expect(emulator.requests().filter(({ status }) => status >= 300)).toEqual([]);
  });

  it("an identity server that is named wins over the one that the url would have", async () => {
    const emulator = await emulatorFor(people, { edition: "cloud" });
    const { origin } = new URL(emulator.url);
    const auth = { ...application, identityUrl: `${origin}/corp/identity_` };
    await converge(emulator, items, { auth });
    const tokens = emulator.requests().filter(({ path }) => path.endsWith("/connect/token"));
    expect(new Set(tokens.map(({ path }) => path))).toEqual(new Set(["/corp/identity_/connect/token"]));
    const wrong = { ...application, identityUrl: `${origin}/identity` };
    await expect(converge(emulator, items, { auth: wrong })).rejects.toThrow("the answer is text/html, not JSON");
  });

  it("a url without the part that a suite wants is refused for its page, not taken for success", async () => {
    const emulator = await emulatorFor(people, { edition: "2023.4", layout: "suite" });
    const changes = { auth: pat, ...withoutLastPart(emulator) };
    await expect(converge(emulator, items, changes)).rejects.toThrow("the answer is text/html, not JSON");
  });

  it.each([
    ["a wrong password", { ...password, password: "wrong" }, {}],
    ["another tenant", password, { tenantName: "Other" }],
  ] as const)("%s, which the server tells in a 200, is an error of authentication", async (_name, auth, changes) => {
    const emulator = await emulatorFor(people, { edition: "2023.4" });
    await expect(converge(emulator, items, { auth, ...changes })).rejects.toThrow(AuthError);
  });

  it.each(["2022.10", "2023.4"] as const)(
    "%s: a password's token that has ended is renewed after a 401",
    async (edition) => {
      const emulator = await emulatorFor(people, { edition });
      const { client } = connect({ baseUrl: emulator.url, auth: password, clock: systemClock, userAgent: "test" });
      const { signal } = new AbortController();
      await client.get("/odata/Folders", { signal });
      emulator.clock.advance(31 * 60_000); // the server's time alone: the client has no reason to renew
      await client.get("/odata/Folders", { signal });
      expect(emulator.requests().map(({ path, status }) => `${status} ${path}`)).toEqual([
        "200 /api/Account/Authenticate",
        "200 /odata/Folders",
        "401 /odata/Folders",
        "200 /api/Account/Authenticate",
        "200 /odata/Folders",
      ]);
    },
  );
});
