// `npm run compare:clients`: what clients that others wrote, and orch-sync, make of the same bad day. Each seeds 200 items
// into a queue with unique references, 200 into one without, and 20 job starts; the emulator loses answers on purpose.
// Counted is what its store then holds. Writes docs/other-clients.md. No chance is in it: the same faults every time.
import { UiPath } from "@uipath/uipath-typescript/core";
import { Processes } from "@uipath/uipath-typescript/processes";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "oxfmt";
import Orchestrator from "uipath-orchestrator";
import OrchestratorApi from "uipath-orchestrator-api-node";
import { startEmulator } from "../../src/emulator/index.ts";

console.debug = () => undefined; // where the SDK says that its telemetry was refused
const items = 200;
const starts = 20;
/** How long a caller waits who has no patience of his own, in milliseconds. */
const patience = 20_000;
const processKey = "11111111-1111-4111-8111-111111111111";

/** Of every sixteen writes four meet a fault; three of those were carried out. */
const faults = ["*AddQueueItem*", "*StartJobs"].flatMap((path) => {
  const among = (from) => ({ method: "POST", path, calls: { from, every: 16 } });
  return [
    { match: among(1), handle: "once", answer: "close" },
    { match: among(5), handle: "once", answer: { status: 502, shape: "page" } },
    { match: among(9), handle: "no", answer: { status: 429, retryAfter: 0 } },
    { match: among(13), handle: "once", answer: { status: 504, shape: "page" } },
  ];
});

const spec = {
  folders: [{ path: "Shared", id: 5 }],
  users: [{ userName: "admin", password: "s3cret" }],
  processes: [{ name: "Bot", folder: "Shared", key: processKey, run: { pending: "1ms", duration: "1ms" } }],
  queues: [
    { name: "Unique", folder: "Shared", uniqueReferences: true, id: 42 },
    { name: "Plain", folder: "Shared", id: 43 },
  ],
};

const start = async (edition) =>
  startEmulator({
    edition,
    tenant: { apiVersion: "orch-sync/v1", kind: "Tenant", metadata: { name: "acme" }, spec },
    faults,
    listCallsPerMinute: null,
  });

async function rows(emulator, path) {
  const headers = { authorization: `Bearer ${emulator.token}`, "x-uipath-organizationunitid": "5" };
  const found = [];
  for (;;) {
    const response = await fetch(`${emulator.url}${path}&$skip=${found.length}&$top=100`, { headers });
    const { value } = await response.json();
    found.push(...value);
    if (value.length < 100) return found;
  }
}

/** Callbacks as promises, as the client's users have them. */
const promised = (call) =>
  new Promise((resolve, reject) => call((error, body) => (error ? reject(error) : resolve(body))));

const clients = [
  {
    name: "`@uipath/uipath-typescript` 1.3.8",
    edition: "cloud",
    connect({ url, token }) {
      const { origin, pathname } = new URL(url);
      const [, orgName, tenantName] = pathname.split("/");
      const processes = new Processes(new UiPath({ baseUrl: origin, orgName, tenantName, secret: token }));
      return { start: async () => processes.start({ processKey, jobsCount: 1, strategy: "ModernJobsCount" }, 5) };
    },
  },
  {
    name: "`uipath-orchestrator` 1.1.3",
    edition: "2022.10",
    connect({ url }) {
      const { hostname, port } = new URL(url);
      const login = { tenancyName: "acme", usernameOrEmailAddress: "admin", password: "s3cret" };
      const client = new Orchestrator({ hostname, isSecure: false, port: Number(port), ...login });
      client.switchOrganizationUnitId(5);
      const { odata } = client.v2;
      const startInfo = { ReleaseKey: processKey, Strategy: "ModernJobsCount", JobsCount: 1 };
      return {
        add: async (Name, Reference) =>
          promised((done) => odata.postAddQueueItem({ itemData: { Name, Reference, Priority: "Normal" } }, done)),
        start: async () => promised((done) => odata.postStartJobs({ startInfo }, done)),
      };
    },
  },
  {
    name: "`uipath-orchestrator-api-node` 0.8.3",
    edition: "2023.4",
    async connect({ url }) {
      const userinfo = { tenancyName: "acme", usernameOrEmailAddress: "admin", password: "s3cret" };
      const api = new OrchestratorApi.OrchestratorApi({ serverinfo: { servername: url }, userinfo });
      await api.authenticate();
      api.organizationUnitId = 5;
      return {
        add: async (Name, Reference) => api.queueItem.create({ itemData: { Name, Reference, Priority: "Normal" } }),
        start: async () => api.job.startJobs("Bot", [], 1),
      };
    },
  },
];

/** True when the call was answered well within the caller's patience, at one of so many tries. */
async function tried(call, tries) {
  for (let n = 0; n < tries; n += 1) {
    const answer = call().then(
      () => true,
      () => false,
    );
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve(false), patience);
    });
    const done = await Promise.race([answer, late]);
    clearTimeout(timer);
    if (done) return true;
  }
  return false;
}

/** What came of it: `told` says for each wanted thing whether its caller was told that it is done. */
function count(told, there) {
  const made = told.map((_, n) => there(n));
  return {
    doubles: made.reduce((sum, n) => sum + Math.max(0, n - 1), 0),
    lost: made.filter((n) => n === 0).length,
    misled: made.filter((n, index) => n > 0 && !told[index]).length,
  };
}

async function foreign({ edition, connect }, tries) {
  const emulator = await start(edition);
  try {
    const api = await connect(emulator);
    const queues = [];
    for (const [name, id] of [
      ["Unique", 42],
      ["Plain", 43],
    ]) {
      if (api.add === undefined) continue;
      const told = [];
      for (let n = 0; n < items; n += 1) told.push(await tried(async () => api.add(name, `INV-${n}`), tries));
      const found = Map.groupBy(
        await rows(emulator, `/odata/QueueItems?$filter=QueueDefinitionId eq ${id}`),
        (row) => row.Reference,
      );
      queues.push(count(told, (n) => found.get(`INV-${n}`)?.length ?? 0));
    }
    const [told, made] = [[], []];
    for (let n = 0; n < starts; n += 1) {
      const before = (await rows(emulator, "/odata/Jobs?$orderby=Id")).length;
      told.push(await tried(async () => api.start(), tries));
      made.push((await rows(emulator, "/odata/Jobs?$orderby=Id")).length - before);
    }
    return [queues[0], queues[1], count(told, (n) => made[n])];
  } finally {
    await emulator.close();
  }
}

/** The same wishes as manifests: twenty of ten items for each queue, so that there are calls to be lost, and the starts. */
function writeProject(folder, url) {
  const manifest = (kind, name, text) =>
    writeFileSync(
      join(folder, "manifests", `${name}.yaml`),
      `apiVersion: orch-sync/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${text}\n`,
    );
  mkdirSync(join(folder, "manifests"));
  const target = `{ url: "${url}", folder: Shared, auth: { type: token, token: "\${secret:TOKEN}" }, guards: { maxStarts: 100 }, timing: { request: 500ms, settle: 1s } }`;
  writeFileSync(
    join(folder, "orch-sync.yaml"),
    `apiVersion: orch-sync/v1\nkind: Config\nmanifests: [manifests/]\ndefaultTarget: test\ntargets: { test: ${target} }\n`,
  );
  for (let n = 0; n < starts; n += 1) {
    const some = Array.from({ length: items / starts }, (_, at) => `{ reference: INV-${n * (items / starts) + at} }`);
    manifest("QueueItems", `unique-${n}`, `{ queue: Unique, items: [${some.join(", ")}] }`);
    manifest("QueueItems", `plain-${n}`, `{ queue: Plain, seedUntil: never, items: [${some.join(", ")}] }`);
    manifest("Job", `start-${n}`, "{ process: Bot, run: once, wait: { until: none } }");
  }
}

async function ours() {
  const emulator = await start("2023.4");
  const folder = mkdtempSync(join(tmpdir(), "orch-sync-compare-"));
  try {
    writeProject(folder, emulator.url);
    const bin = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));
    const args = [bin, "apply", "--auto-approve", "--quiet", "-o", "json"];
    const env = { PATH: process.env.PATH, TOKEN: emulator.token };
    const text = await new Promise((resolve) => {
      execFile(process.execPath, args, { cwd: folder, env, maxBuffer: 1e8 }, (_error, stdout) => resolve(stdout));
    });
    const { outcomes } = JSON.parse(text);
    const isDone = ({ status }) => status === "applied" || status === "already-done";
    const about = (name, n) => outcomes.find(({ key }) => key.name.startsWith(name) && key.entry === n);
    const queues = [];
    for (const [name, id] of [
      ["unique", 42],
      ["plain", 43],
    ]) {
      const all = await rows(emulator, `/odata/QueueItems?$filter=QueueDefinitionId eq ${id}`);
      const found = Map.groupBy(all, (row) => row.Reference);
      const told = Array.from({ length: items }, (_, n) => isDone(about(name, `INV-${n}`)));
      queues.push(count(told, (n) => found.get(`INV-${n}`)?.length ?? 0));
    }
    const jobs = Map.groupBy(await rows(emulator, "/odata/Jobs?$orderby=Id"), (row) => row.Reference);
    const told = Array.from({ length: starts }, (_, n) =>
      isDone(outcomes.find(({ key }) => key.name === `start-${n}`)),
    );
    return [...queues, count(told, (n) => jobs.get(`start-${n}@once`)?.length ?? 0)];
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const cells = (counts) =>
  counts.map((each) => (each === undefined ? "cannot" : `${each.doubles} / ${each.lost} / ${each.misled}`)).join(" | ");

const lines = [];
for (const client of clients) {
  for (const [how, tries] of [
    ["as it is", 1],
    ["called again on an error, twice at most", 3],
  ]) {
    lines.push(`| ${client.name} | ${how} | ${cells(await foreign(client, tries))} |`);
    console.log(lines.at(-1));
  }
}
lines.push(`| orch-sync | \`apply\` once | ${cells(await ours())} |`);
console.log(lines.at(-1));

const page = `<!-- Made by \`npm run compare:clients\`. Change test/foreign-clients/compare.mjs, not this file. -->

# What other clients do

The same seeding on the same bad day: ${items} items into a queue with unique references, ${items} into one without, ${starts} job
starts. Of every sixteen writes four meet a fault: a connection that is reset, a 502 and a timeout (504) of a
gateway, each after the write was carried out, and a 429. Nothing in it is drawn by chance. Counted is what the embedded
Orchestrator's store holds afterwards: **doubles / lost / told failed though done**.

| client | how | unique queue | other queue | job starts |
| --- | --- | --- | --- | --- |
${lines.join("\n")}

Clients send one item a call; orch-sync sends ten (twenty manifests of ten items each, so that there are calls to be lost).
_Lost_ is what was wanted and is not there; whoever calls once is told of it, and has
to tell it from what failed and was done. _cannot_: the client has no call for it. How orch-sync finds out is said in
[exactly-once.md](exactly-once.md).
`;
const { code } = await format("other-clients.md", page, { printWidth: 120 });
writeFileSync(new URL("../../docs/other-clients.md", import.meta.url), code);
process.exit(0); // calls that were given up are still waiting
