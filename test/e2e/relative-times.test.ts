import { expect, it } from "vitest";
import { manifests, tenant, workplace } from "../support/server.ts";

const day = 86_400_000;
/** The server's time, which stands still: far enough from this machine's that neither is taken for the other. */
const serverTime = "2031-05-01T08:00:00Z";
const set = tenant({
  clock: { start: serverTime, mode: "manual" },
  queues: [{ name: "Q", folder: "Finance", uniqueReferences: true }],
});
const file = (text: string): Readonly<Record<string, string>> => ({ "manifests/a.yaml": manifests.items(text) });

it("shows a relative date as written, counts it by the server's clock, and never compares it", async () => {
  const items = "{ queue: Q, items: [{ reference: A, dueDate: +2d, deferDate: +90m, riskSlaDate: +1d }] }";
  const { run, inProcess, emulator } = await workplace({ tenant: set, files: file(items) });

  const planned = await inProcess(["plan", "-o", "json"]);
  const again = await inProcess(["plan", "-o", "json"]);
  expect((await inProcess(["plan"])).stdout).toMatch(/\+ A +Normal, due \+2d, not before \+90m/);
  const [first, second] = [planned, again].map(({ stdout }) => JSON.parse(stdout) as { readonly id: string });
  expect(first?.id).toBe(second?.id);

  expect((await run(["apply", "--auto-approve"])).code).toBe(0);
  const sent = emulator.requests().find(({ method, path }) => method === "POST" && path.endsWith("AddQueueItem"));
  const { itemData } = JSON.parse(sent?.body ?? "{}") as { readonly itemData: Readonly<Record<string, string>> };
  const minutesFrom = (name: string): number =>
    Math.round((Date.parse(itemData[name] ?? "") - Date.parse(serverTime)) / 60_000);
  expect(minutesFrom("DueDate")).toBe((2 * day) / 60_000);
  expect(minutesFrom("DeferDate")).toBe(90);
  expect(minutesFrom("RiskSlaDate")).toBe(day / 60_000);

  emulator.clock.advance(day);
  const later = await inProcess(["plan", "--detailed-exitcode"]);
  expect(later).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing to do") });
});

const hint = "for example 2026-12-01T08:00:00Z, or +2d (s, m, h or d, up to +36500d)";
it.each([
  ["items: [{ reference: A, dueDate: 2d }]", "is no date", "2d", hint],
  ["items: [{ reference: A, dueDate: +1w }]", "is no date", "+1w", hint],
  [
    "items: [{ reference: A, deferDate: +40000d }]",
    "is too far in the future",
    "+40000d",
    "at most +36500d, a hundred years, is allowed",
  ],
  ["seedUntil: soon, items: []", "is no date", "soon", "for example 2026-12-01T08:00:00Z, or never"],
])("refuses %s with its place and what to write", async (spec, problem, text, wanted) => {
  const { inProcess: run } = await workplace({ tenant: set, files: file(`{ queue: Q, ${spec} }`) });
  const { code, stdout } = await run(["validate"]);
  expect(code).toBe(3);
  expect(stdout).toMatch(/^manifests\/a\.yaml:\d+:\d+ error MF025: /m);
  expect(stdout).toContain(` ${problem}: "${text}"\n`);
  expect(stdout).toContain(`\n  ${wanted}\n`);
});
