import { afterAll, beforeAll, expect, test } from "vitest";
import type { Emulator } from "../../../src/emulator/index.ts";
import { sender, start, tenant, type Send } from "./tenant.ts";

// A page begins where the one before has ended, and counts are kept between writes: nobody must be able to tell.

let emulator: Emulator;
let send: Send;

beforeAll(async () => {
  // The queue is in two folders: without a folder each item comes twice, and a page may end between the two.
  const items = [{ queue: "Plain", folder: "Finance/Invoices", count: 15, reference: "P-{n}" }] as const;
  emulator = await start({ tenant: { ...tenant, spec: { ...tenant.spec, items } } });
  send = sender(emulator, {});
});

afterAll(async () => emulator.close());

async function page(options: string): Promise<readonly [count: number, ids: readonly unknown[]]> {
  const { body } = await send("GET", `/odata/QueueItems?$select=Id&${options}`);
  return [body["@odata.count"], body.value.map((row) => row["Id"])];
}

test.each([
  [1, ""],
  [2, ""],
  [3, "&$orderby=Id"],
  [7, "&$orderby=Id desc"],
  [4, "&$filter=Id gt 0&$orderby=Id"],
  [4, "&$orderby=Reference"],
])("pages of %i after each other are the list%s", async (size, options) => {
  const [count, all] = await page(`$top=1000${options}`);
  expect([count, all.length]).toEqual([30, 30]);
  const paged: unknown[] = [];
  for (let skip = 0; skip < 30; skip += size) paged.push(...(await page(`$top=${size}&$skip=${skip}${options}`))[1]);
  expect(paged).toEqual(all);
});

test("a page that follows on nothing is counted to", async () => {
  const [, all] = await page("$top=1000");
  for (const skip of [20, 3, 11, 0, 29, 30, 40]) {
    expect((await page(`$top=4&$skip=${skip}`))[1]).toEqual(all.slice(skip, skip + 4));
  }
});

test("a write between two pages is seen, in the page and in the count", async () => {
  const [before, [last]] = await page("$top=1");
  const itemData = { Name: "Plain", Reference: "late" };
  await send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", { itemData }, { "x-uipath-organizationunitid": "5" });
  const [after, ids] = await page("$top=3&$skip=1");
  expect(after).toBe(before + 2);
  expect(ids).toEqual([Number(last) + 1, last, last]);
});
