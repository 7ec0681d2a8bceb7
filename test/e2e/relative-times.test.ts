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
  const { run, emulator } = await workplace({ tenant: set, files: file(items) });

  const planned = await run(["plan", "-o", "json"]);
  const again = await run(["plan", "-o", "json"]);
  expect((await run(["plan"])).stdout).toMatch(/\+ A +Normal, due \+2d, not before \+90m/);
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
  const later = await run(["plan", "--detailed-exitcode"]);
  expect(later).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing to do") });
});

it.each([
  ["dueDate: 2d", "manifests/a.yaml", 'is no date: "2d"'],
  ["dueDate: +1w", "manifests/a.yaml", 'is no date: "+1w"'],
  ["deferDate: +40000d", "manifests/a.yaml", 'is no date: "+40000d"'],
])("refuses %s with its place", async (field, path, message) => {
  const { run } = await workplace({ tenant: set, files: file(`{ queue: Q, items: [{ reference: A, ${field} }] }`) });
  const { code, stdout } = await run(["validate"]);
  expect(code).toBe(3);
  expect(stdout).toMatch(new RegExp(`^${path}:\\d+:\\d+ error MF025: items\\[0\\]\\.`, "m"));
  expect(stdout).toContain(message);
});
