import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataFileError } from "../../../src/emulator/index.ts";
import { sender, start, tenant } from "./tenant.ts";

let folder: string;
let data: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-"));
  data = join(folder, "tenant.db");
});

afterEach(() => rmSync(folder, { recursive: true }));

const add = { itemData: { Name: "Plain", Reference: "kept" } };
const addPath = "/odata/Queues/UiPathODataSvc.AddQueueItem";

test("a restart has every acknowledged write and the clock where it stood", async () => {
  const first = await start({ data });
  const added = await sender(first)("POST", addPath, add);
  first.clock.advance(60_000);
  await first.close();
  await using second = await start({ data });
  const { body } = await sender(second)("GET", `/odata/QueueItems(${String(added.body["Id"])})`);
  expect(body).toMatchObject({ Reference: "kept", RowVersion: added.body["RowVersion"] });
  expect(second.clock.now()).toBe("2026-01-01T00:01:00.000Z");
  expect(second.warnings).toEqual([]);
});

test("a job goes on while no emulator runs", async () => {
  const first = await start({ data });
  await first.close();
  await using second = await start({ data });
  second.clock.advance(10_000);
  expect((await sender(second)("GET", "/odata/Jobs(201)")).body["State"]).toBe("Successful");
});

test("a second emulator on the same data file is refused", async () => {
  const first = await start({ data });
  await expect(start({ data })).rejects.toThrow("is in use by another orch-sync");
  await first.close();
  await using again = await start({ data });
  expect(again.url).not.toBe("");
});

test("a changed tenant file is said, and the data kept", async () => {
  await (await start({ data })).close();
  const changed = { ...tenant, spec: { ...tenant.spec, queues: [], items: [] } };
  await using again = await start({ data, tenant: changed });
  expect(again.warnings).toEqual([expect.stringContaining("changed since its data file was filled")]);
  expect((await sender(again)("GET", "/odata/QueueItems(102)")).status).toBe(200);
});

test("another tenant on the same data file is refused", async () => {
  await (await start({ data })).close();
  const other = { ...tenant, metadata: { name: "globex" } };
  await expect(start({ data, tenant: other })).rejects.toThrow("holds the tenant 'acme', not 'globex'");
});

test("a file that is no data file is refused", async () => {
  writeFileSync(data, "x".repeat(5000));
  await expect(start({ data })).rejects.toThrow(DataFileError);
});

test("a file in a folder that is not there is refused", async () => {
  await expect(start({ data: join(folder, "none/tenant.db") })).rejects.toThrow(DataFileError);
});

test("Ids and RowVersions go on after a restart", async () => {
  const first = await start({ data });
  const one = (await sender(first)("POST", addPath, add)).body;
  await sender(first)("DELETE", `/odata/QueueItems(${String(one["Id"])})`);
  await first.close();
  await using second = await start({ data });
  const two = (await sender(second)("POST", addPath, add)).body;
  expect(Number(two["Id"])).toBe(Number(one["Id"]) + 1);
  expect(String(two["RowVersion"]) > String(one["RowVersion"])).toBe(true);
});
