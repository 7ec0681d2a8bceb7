import { describe, expect, test } from "vitest";
import { sender, start, tenant } from "./tenant.ts";

describe("quirk 13: Strict API mode closes fields of queue items", () => {
  const statuses = async (strictApi: boolean, queries: readonly string[]): Promise<unknown> => {
    await using emulator = await start({ strictApi });
    const send = sender(emulator);
    const found = [];
    for (const query of queries) {
      const { status, body } = await send("GET", `/odata/QueueItems?${query}`);
      found.push([query, status, ...(status === 200 ? [] : [body["errorCode"]])]);
    }
    return found;
  };

  const closed = [
    "$orderby=DeferDate",
    "$orderby=Id,creationtime desc",
    "$orderby=Reference",
    "$filter=CreationTime gt 2020-01-01T00:00:00Z",
    "$filter=Id gt 1 and not (progress eq 'x')",
    "$filter=contains(SpecificData,'x')",
    "$filter=year(DueDate) eq 2026",
    "$filter=RetryNumber in (0,1)",
    "$filter=0 eq RetryNumber",
  ];
  const open = [
    "$orderby=Id desc",
    "$filter=Reference eq 'x' and startswith(Reference,'x')",
    "$filter=ReviewerUserId eq 1 and Status eq 'New' and ReviewStatus eq 'None' and Priority eq 'High'",
    "$filter=StartProcessing gt 2020-01-01T00:00:00Z",
    "$filter=QueueDefinitionId eq 31 and Id gt 1 and Id in (101,102)",
    "$filter=Robot/Id eq 21",
    "$select=CreationTime,DeferDate&$expand=Robot",
  ];

  test("they cannot be filtered and sorted by, whatever stands around them", async () => {
    expect(await statuses(true, closed)).toEqual(closed.map((query) => [query, 400, 1000]));
    expect(await statuses(false, closed)).toEqual(closed.map((query) => [query, 200]));
  });

  test("the others can", async () => {
    expect(await statuses(true, open)).toEqual(open.map((query) => [query, 200]));
  });

  test("it says which, in the server's words", async () => {
    await using emulator = await start({ strictApi: true });
    const { body } = await sender(emulator)("GET", "/odata/QueueItems?$orderby=DeferDate");
    expect(body["message"]).toContain("The property 'DeferDate' cannot be used in the $orderby query option.");
  });

  test("other lists are as they were, and the tenant file can switch it on", async () => {
    const spec = { ...tenant.spec, strictApi: true };
    await using emulator = await start({ tenant: { ...tenant, spec } });
    const send = sender(emulator);
    expect((await send("GET", "/odata/Jobs?$orderby=CreationTime")).status).toBe(200);
    expect((await send("GET", "/odata/QueueItemEvents?$orderby=Timestamp")).status).toBe(200);
    expect((await send("GET", "/odata/QueueItems?$orderby=CreationTime")).status).toBe(400);
    await using off = await start({ tenant: { ...tenant, spec }, strictApi: false });
    expect((await sender(off)("GET", "/odata/QueueItems?$orderby=CreationTime")).status).toBe(200);
  });
});
