import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Plan } from "../../../src/core/plan.ts";
import { startEmulator, type Emulator, type FaultRule, type TenantSpec } from "../../../src/emulator/index.ts";
import { apply, loadManifests, plan } from "../../../src/index.ts";
import { inProcess } from "../../support/in-process.ts";
import { tenant, writeFiles } from "../../support/server.ts";

/** Every command in every view; a new view is one row more. Nothing of a secret may come out of any. */
const looks: readonly { readonly args: readonly string[]; readonly terminal?: boolean }[] = [
  { args: ["validate"] },
  { args: ["validate", "-o", "json"] },
  { args: ["validate", "--target", "test"] },
  { args: ["validate", "broken"] },
  { args: ["plan", "broken"] },
  { args: ["plan"] },
  { args: ["plan", "--verbose", "--debug-http", "http-plan.ndjson"], terminal: true },
  { args: ["plan", "-o", "json", "--explain"] },
  { args: ["plan", "-o", "ndjson", "--shard", "1/2", "--out", "half.plan"] },
  { args: ["plan", "-o", "ndjson", "--out", "saved.plan"] },
  { args: ["show", "saved.plan", "--verbose"] },
  { args: ["plan", "-o", "markdown", "--verbose"] },
  { args: ["plan", "-o", "html", "--verbose"] },
  { args: ["plan", "--drift", "--explain", "--verbose"] },
  { args: ["validate", "-o", "yaml"] },
  { args: ["status"], terminal: true },
  { args: ["status", "-o", "json"] },
  { args: ["unlock", "--target", "leased"] },
  { args: ["unlock", "--target", "leased", "-o", "json"] },
  { args: ["doctor", "--folder", "Finance", "--probe", "--debug-http", "http-doctor.ndjson"], terminal: true },
  { args: ["doctor", "--target", "leased", "-o", "json"] },
  { args: ["items", "--limit", "9"], terminal: true },
  { args: ["items", "-o", "json"] },
  { args: ["items", "-o", "csv"] },
  { args: ["history", "1"] },
  { args: ["export", "--debug-http", "http-export.ndjson"] },
  { args: ["comments", "1", "-o", "json"] },
  // What a robot writes into its own job's info is known to be secret to nobody who has not planned.
];
const writes: typeof looks = [
  { args: ["apply", "--auto-approve", "--plan", "saved.plan", "--verbose"] },
  { args: ["apply", "--auto-approve", "--verbose"] },
  {
    args: [
      "apply",
      "--auto-approve",
      "--verbose",
      "--verify",
      "all",
      "--failed-rows",
      "failed.ndjson",
      "--debug-http",
      "http-apply.ndjson",
    ],
  },
  { args: ["apply", "--auto-approve", "-o", "json", "--outputs", "outputs.json"] },
  { args: ["apply", "--auto-approve", "-o", "markdown"] },
  { args: ["apply", "--auto-approve", "-o", "ndjson", "--report", "events.ndjson", "--report", "run.html"] },
  { args: ["show", "events.ndjson", "-o", "html"] },
  { args: ["apply", "--auto-approve", "--verbose"], terminal: true },
];
/** Every way to make text of a plan as a value. */
const texts: readonly ((made: Plan) => string)[] = [
  (made) => JSON.stringify(made),
  (made) => inspect(made, { depth: 20, showHidden: true, maxStringLength: 100_000 }),
];

/** A text that nothing else looks like: the first part must never be seen, the rest is there to be escaped. */
const canary = fc
  .tuple(fc.stringMatching(/^[A-Z]{12}$/), fc.constantFrom("", '"', "\\", "'", "é", "${x}", "\n-", "$&"))
  .map(([seen, rest]) => seen + rest);
const origin = fc.constantFrom("env", "file", "dotenv");
const shape = fc.constantFrom(
  (name: string) => `\${secret:${name}}`,
  (name: string) => `Bearer \${secret:${name}}!`,
  (name: string) => `\${env:NOPE:-\${secret:${name}}}`,
  (name: string) => `\${secret:NOPE:-\${secret:${name}}}`,
  (name: string) => `\${var:of-${name}}`,
  (name: string) => `<\${var:NOPE:-\${var:of-${name}}}>`,
);
const value = fc.oneof(
  { weight: 3, arbitrary: fc.record({ name: fc.constantFrom("S0", "S1"), shape }) },
  { weight: 1, arbitrary: fc.constantFrom("plain", 12.5, true, null) },
);
type Value = typeof value extends fc.Arbitrary<infer T> ? T : never;
const content = fc.dictionary(fc.constantFrom("Key", "Password", "Note"), value, { noNullPrototype: true });
const live = fc.constantFrom("absent", "old", "processed");

const world = fc.record({
  secrets: fc.uniqueArray(canary, { minLength: 3, maxLength: 3, selector: (text) => text.slice(0, 12) }),
  origins: fc.tuple(origin, origin),
  items: fc.array(fc.record({ content, live }), { minLength: 1, maxLength: 4 }),
  inputs: content,
  onDrift: fc.constantFrom("update", "fail", "ignore"),
  sensitive: fc.subarray(["Note"]),
  prune: fc.boolean(),
  commit: fc.constantFrom("ProcessAllIndependently", "AllOrNothing"),
  refuse: fc.constantFrom("nothing", "adds", "updates", "starts"),
  jobFails: fc.boolean(),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const plainly = (name: string): string => `\${secret:${name}}`;
/** In each set some item has the secrets: by that a key is known to hold them also where it holds others. */
const known = {
  Key: { name: "S0", shape: plainly },
  Password: { name: "S1", shape: plainly },
} satisfies Record<string, Value>;

function contents({ items }: World): Record<string, Value>[] {
  return items.map((item, index) => (index === 0 ? { ...item.content, ...known } : item.content));
}

/** What stands in the manifest for a value, and what the server must get. */
function written(from: Value): unknown {
  return typeof from === "object" && from !== null ? from.shape(from.name) : from;
}
function sent(from: Value, secrets: readonly string[]): unknown {
  if (typeof from !== "object" || from === null) return from;
  const secret = secrets[from.name === "S0" ? 0 : 1] ?? "";
  const text = from.shape(from.name);
  return text.startsWith("Bearer") ? `Bearer ${secret}!` : text.startsWith("<") ? `<${secret}>` : secret;
}
function mapped<T>(from: Readonly<Record<string, Value>>, map: (value: Value) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(from).map(([name, member]) => [name, map(member)]));
}

it("no secret comes out of any command in any view, and the server gets them all", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(world, async (made) => {
      const folder = mkdtempSync(join(tmpdir(), "orch-sync-canary-"));
      await using emulator = await startEmulator({ tenant: tenantOf(made), faults: faultsOf(made) });
      try {
        expect(await check(made, folder, emulator)).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 10 },
  );
});

/** Everything that is not as it has to be, in words. */
async function check(made: World, folder: string, emulator: Emulator): Promise<string[]> {
  const found: string[] = [];
  const env = environmentOf(made, folder);
  writeFiles(folder, filesOf(made, emulator));
  const filesFor = (command: string | undefined): string[] => (command === "show" ? [] : ["--dotenv", ".env"]);
  for (const { args, terminal = false } of [...looks, ...writes, ...looks]) {
    const { output, code } = await inProcess([...args, ...filesFor(args[0])], { cwd: folder, env, terminal });
    const expected = args.includes("broken") ? [3] : [0, 4, 5];
    if (!expected.includes(code)) found.push(`${args.join(" ")} ended with ${code}: ${output}`);
    // Of a saved plan those secrets are known that it sends, and this server tells of others, too.
    if (args.includes("--plan") && (made.jobFails || made.refuse !== "nothing")) continue;
    found.push(...leaks(output, made).map((line) => `${args.join(" ")}: ${line}`));
  }
  for (const text of writtenFiles(folder)) found.push(...leaks(text, made).map((line) => `file: ${line}`));
  found.push(...leaks(await throughTheApi(made, folder, emulator, env), made).map((line) => `library: ${line}`));
  if (made.refuse === "nothing" && made.onDrift === "update") found.push(...(await missing(made, emulator)));
  return found;
}

/** Journals with their plans, failed rows, outputs and calls: what an apply leaves on the disk. */
function writtenFiles(folder: string): string[] {
  const journals = join(folder, ".orch-sync", "journal", "test");
  const names = existsSync(journals) ? readdirSync(journals).map((name) => join(journals, name)) : [];
  const calls = ["plan", "apply", "doctor", "export"].map((name) => `http-${name}.ndjson`);
  const others = ["failed.ndjson", "outputs.json", "run.html", ...calls].map((name) => join(folder, name));
  return [...names, ...others].filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
}

/** The lines that show what nobody may see. */
function leaks(output: string, { secrets }: World): string[] {
  return output.split("\n").filter((line) => secrets.some((secret) => line.includes(secret.slice(0, 12))));
}

/** As a library: the plan as a value, its digests, events and the report. */
async function throughTheApi(
  made: World,
  folder: string,
  emulator: Emulator,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const manifests = await loadManifests({
    paths: ["library"],
    cwd: folder,
    env: { ...env, S0: made.secrets[0], S1: made.secrets[1] },
    folder: "Finance",
  });
  const events: string[] = [];
  const target = { url: emulator.url, auth: { type: "token", token: emulator.token } } as const;
  const planned = await plan({ manifests, target, guards: "none" });
  const refused = planned.summary.blocked > 0;
  const timing = { poll: 1, settle: 1 };
  const report = refused
    ? undefined
    : await apply(planned, { target: { ...target, timing }, onEvent: (event) => events.push(JSON.stringify(event)) });
  // What this server says is known to be secret only to whoever planned, or sent it: here that was another client.
  const told = made.jobFails || made.refuse !== "nothing" ? [] : [...events, JSON.stringify(report)];
  return [...texts.map((text) => text(planned)), ...told, inspect(manifests, { depth: 20 })].join("\n");
}

/** Items that do not hold what they should: the canary is worth something only when the secrets really went out. */
async function missing(made: World, emulator: Emulator): Promise<string[]> {
  const headers = { authorization: `Bearer ${emulator.token}`, "X-UIPATH-FolderPath": "Finance" };
  const response = await fetch(`${emulator.url}/odata/QueueItems`, { headers });
  const { value: rows } = (await response.json()) as {
    value: { Reference: string; Status: string; SpecificContent: Record<string, unknown> }[];
  };
  return contents(made).flatMap((wanted, index) => {
    if (made.items[index]?.live === "processed") return [];
    const row = rows.find(({ Reference, Status }) => Reference === `R-${index}` && Status === "New");
    const expected = mapped(wanted, (member) => sent(member, made.secrets));
    return isDeepStrictEqual(row?.SpecificContent, expected)
      ? []
      : [`R-${index} holds ${inspect(row?.SpecificContent)}`];
  });
}

function tenantOf({ items, secrets, jobFails }: World): ReturnType<typeof tenant> {
  const [, , old = ""] = secrets;
  const base = { queue: "Q", folder: "Finance", content: { Key: old, Password: `Bearer ${old}!`, Note: "kept" } };
  const seeded = items.flatMap((item, index): NonNullable<TenantSpec["items"]> =>
    item.live === "absent"
      ? []
      : [{ ...base, reference: `R-${index}`, status: item.live === "processed" ? "Successful" : "New" }],
  );
  return tenant({
    queues: ["Q", "lock"].map((name) => ({ name, folder: "Finance", uniqueReferences: true })),
    items: [...seeded, { ...base, reference: "GONE-1" }],
    processes: [
      {
        name: "P",
        folder: "Finance",
        run: {
          pending: "1ms",
          duration: "1ms",
          state: jobFails ? "Faulted" : "Successful",
          info: `it got ${secrets.slice(0, 2).join()}`,
          output: { got: secrets.slice(0, 2).join() },
        },
      },
    ],
    jobs: [
      {
        process: "P",
        folder: "Finance",
        state: "Successful",
        reference: "smoke@000000000000",
        inputArguments: { Key: old },
      },
    ],
  });
}

/** A server that quotes what it refuses. */
function faultsOf({ refuse, secrets }: World): FaultRule[] {
  const rules: Readonly<Record<World["refuse"], FaultRule["match"] | undefined>> = {
    nothing: undefined,
    adds: { method: "POST", path: "/odata/Queues/**" },
    updates: { method: "PUT" },
    starts: { method: "POST", path: "/odata/Jobs/**" },
  };
  const match = rules[refuse];
  const message = `Validation failed: "${secrets[0]}" and ${JSON.stringify(secrets[1])} ${"x".repeat(100)}`;
  return match === undefined ? [] : [{ match, handle: "no", answer: { status: 400, errorCode: 1000, message } }];
}

function environmentOf({ origins, secrets }: World, folder: string): Record<string, string> {
  const env: Record<string, string> = {};
  const lines: string[] = [];
  for (const [index, from] of origins.entries()) {
    const secret = secrets[index] ?? "";
    if (from === "env") env[`S${index}`] = secret;
    else {
      writeFileSync(join(folder, `S${index}.txt`), `${secret}\n`);
      if (from === "file") env[`S${index}_FILE`] = join(folder, `S${index}.txt`);
      else lines.push(`S${index}_FILE=${join(folder, `S${index}.txt`)}`);
    }
  }
  writeFileSync(join(folder, ".env"), `${lines.join("\n")}\n`);
  return env;
}

function filesOf(made: World, { url, token }: Emulator): Record<string, string> {
  const { onDrift, sensitive, prune, commit } = made;
  const manifest = (kind: string, name: string, spec: object): string =>
    JSON.stringify({ apiVersion: "orch-sync/v1", kind, metadata: { name, folder: "Finance" }, spec });
  const inputs: Record<string, Value> = { ...made.inputs, Key: known.Key };
  const entries = contents(made).map((wanted, index) => ({
    reference: `R-${index}`,
    content: mapped(wanted, written),
  }));
  const spec = {
    queue: "Q",
    onDrift,
    sensitive,
    commit,
    items: entries,
    ...(prune ? { prune: { referencePrefix: "GONE-" } } : {}),
  };
  const secret = "${secret:S0}";
  const valid = {
    "items.yaml": manifest("QueueItems", "items", spec),
    "job.yaml": manifest("Job", "smoke", {
      process: "P",
      startUntil: "2099-01-01T00:00:00Z",
      inputArguments: { ...mapped(inputs, written), list: [{ deep: Object.values(inputs).map(written) }] },
    }),
  };
  return {
    ...inFolder("manifests", valid, (text) => text),
    // A library has no target's variables, and the command line's are no secrets.
    ...inFolder("library", valid, (text) => text.replaceAll(/\$\{var:of-(S\d)\}/g, "$${secret:$1}")),
    "orch-sync.yaml": JSON.stringify({
      apiVersion: "orch-sync/v1",
      kind: "Config",
      manifests: ["manifests/"],
      defaultTarget: "test",
      targets: {
        test: {
          url,
          auth: { type: "token", token },
          timing: { request: "2s", settle: "1ms", poll: "1ms" },
          guards: { maxDeletes: 10, maxStops: 10 },
          variables: { "of-S0": secret, "of-S1": "${secret:S1}" },
        },
        leased: { url, auth: { type: "token", token }, lease: { queue: "lock", folder: "Finance" } },
      },
    }),
    "broken/a.yaml": [
      "apiVersion: orch-sync/v1",
      "kind: QueueItems",
      `metadata: { name: "${secret}" }`,
      `spec: { queue: "\${var:of-S1}", sensitive: [Key], seedUntil: "${secret}", items: [`,
      `  { reference: "${secret}", priority: "${secret}", content: { Key: "${secret}", Key: x, "a.b": "${secret}", c: [ "${secret}" ] } },`,
      `  { reference: R, dueDate: "${secret}", unknown: "${secret}", content: { Key: { a: "\${var:of-S0}" }, n: 12345678901234567890 } } ] }`,
    ].join("\n"),
  };
}

function inFolder(
  folder: string,
  files: Readonly<Record<string, string>>,
  change: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, change(text)]));
}
