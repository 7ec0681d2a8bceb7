import { afterEach, expect, test } from "vitest";
import type { Emulator, TenantDocument, TenantSpec } from "../../../src/emulator/index.ts";
import { hour, robot, type Robot } from "./robot.ts";
import { sender, start, tenant, type Send } from "./tenant.ts";

let emulator: Emulator;
let send: Send;
let bot: Robot;

type Trigger = NonNullable<NonNullable<TenantSpec["queues"]>[number]["trigger"]>;

const begin = async (trigger: Trigger, spec: Partial<TenantSpec> = {}): Promise<void> => {
  const queues = [{ name: "Work", folder: "Shared", id: 41, trigger }];
  const document: TenantDocument = { ...tenant, spec: { ...tenant.spec, queues, items: [], jobs: [], ...spec } };
  emulator = await start({ tenant: document });
  send = sender(emulator, { "x-uipath-folderpath": "Shared" });
  bot = robot(send);
};

afterEach(async () => emulator.close());

const addMany = async (count: number): Promise<void> => {
  const queueItems = Array.from({ length: count }, (_, index) => ({ Reference: `r-${index}` }));
  const body = { queueName: "Work", commitType: "AllOrNothing", queueItems };
  await send("POST", "/odata/Queues/UiPathODataSvc.BulkAddQueueItems", body);
};
const jobs = async (): Promise<readonly unknown[]> =>
  (await send("GET", "/odata/Jobs")).body.value.map((row) => row["State"]);

test("starts one job at a time when it says nothing else", async () => {
  await begin("OnItems");
  await addMany(3);
  await addMany(3);
  expect(await jobs()).toEqual(["Pending"]);
  emulator.clock.advance(2000);
  await addMany(1);
  expect(await jobs()).toEqual(["Running"]);
});

test("starts the first job when enough items wait, and another for every so many more", async () => {
  await begin({ process: "OnItems", threshold: 3, itemsPerJob: 2, maxJobs: 3 });
  await addMany(2);
  expect(await jobs()).toHaveLength(0);
  await addMany(1);
  expect(await jobs()).toHaveLength(1);
  await addMany(2);
  expect(await jobs()).toHaveLength(2);
  await addMany(100);
  expect(await jobs()).toHaveLength(3);
});

test("looks again every half hour: postponed items start a job when their time has come", async () => {
  await begin("OnItems");
  await bot.add("Work", { DeferDate: "2026-01-01T00:40:00Z" });
  emulator.clock.advance(0.75 * hour);
  expect(await jobs()).toEqual([]);
  emulator.clock.advance(0.25 * hour);
  expect((await send("GET", "/odata/Jobs")).body.value).toMatchObject([
    { State: "Pending", SourceType: "Queue", Source: "Work trigger", CreationTime: "2026-01-01T01:00:00Z" },
  ]);
});

test("a job that has ended makes room for the next, at the half hour", async () => {
  await begin("OnItems");
  await addMany(1);
  emulator.clock.advance(10_000);
  expect(await jobs()).toEqual(["Successful"]);
  emulator.clock.advance(0.5 * hour - 8000); // two seconds past it
  expect(await jobs()).toEqual(["Successful", "Running"]);
});

test("items of the tenant file start nothing before the first half hour", async () => {
  await begin("OnItems", { items: [{ queue: "Work", folder: "Shared", count: 2 }] });
  expect(await jobs()).toEqual([]);
  emulator.clock.advance(0.5 * hour);
  expect(await jobs()).toEqual(["Pending"]);
});
