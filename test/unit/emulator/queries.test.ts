import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Emulator } from "../../../src/emulator/index.ts";
import { invoices, sender, start, tenant, type Send } from "./tenant.ts";

let emulator: Emulator;
let send: Send;

beforeAll(async () => {
  const place = { queue: "Unique", folder: "Finance/Invoices" };
  const items = [
    { ...place, id: 301, reference: "INV-1  ", created: "2026-01-02T10:20:30.5Z", priority: "Low" },
    { ...place, id: 302, reference: "inv-2", status: "Failed", reviewer: "ana", robot: "bot-1" },
    { ...place, id: 303, reference: "\u0043af\u00e9", progress: "half way" },
    { ...place, id: 304, reference: "O'Brien" },
    { ...place, id: 305 },
  ] as const;
  const spec = {
    ...tenant.spec,
    items,
  };
  emulator = await start({ tenant: { ...tenant, spec } });
  send = sender(emulator);
});

afterAll(async () => emulator.close());

async function ids(filter: string): Promise<unknown> {
  const { status, body } = await send("GET", `/odata/QueueItems?$filter=${filter}&$orderby=Id`);
  return status === 200 ? body.value.map((row) => row["Id"]) : `${status} ${String(body["errorCode"])}`;
}

describe("$filter on queue items", () => {
  test.each([
    ["case does not count", "Reference eq 'Inv-1'", [301]],
    ["trailing blanks do not count", "Reference eq 'inv-1   '", [301]],
    ["composed and decomposed letters are one", "Reference eq 'cafe\u0301'", [303]],
    ["quotes are doubled", "Reference eq 'O''Brien'", [304]],
    ["in a list", "Reference in ('inv-1','inv-2','none')", [301, 302]],
    ["property names in any case", "reference eq 'inv-2' and STATUS eq 'Failed'", [302]],
    ["an enumeration by its number in quotes", "Status eq '2'", [302]],
    ["an enumeration in order", "Priority gt 'High'", [301]],
    ["startswith ignores case", "startswith(Reference,'INV-')", [301, 302]],
    ["endswith sees trailing blanks", "endswith(Reference,'1')", []],
    ["contains", "contains(Reference,'bri')", [304]],
    ["a wildcard of SQL is a letter", "contains(Reference,'%')", []],
    ["indexof", "indexof(Reference,'brien') eq 2", [304]],
    ["tolower", "tolower(Reference) eq 'inv-2'", [302]],
    ["a date with an offset", "CreationTime eq 2026-01-02T12:20:30.5+02:00", [301]],
    ["parts of a date", "day(CreationTime) eq 2 and second(CreationTime) eq 30", [301]],
    ["a navigation path", "Robot/Name eq 'BOT-1'", [302]],
    ["a long number", "Id ge 304L", [304, 305]],
    ["a condition may be negated", "not (Id lt 304)", [304, 305]],
    ["a condition may be compared", "contains(Reference,'bri') eq true", [304]],
  ])("%s: %s", async (_name, filter, expected) => {
    expect(await ids(filter)).toEqual(expected);
  });

  test.each([
    ["Reference eq null", [305]],
    ["Reference ne null", [301, 302, 303, 304]],
    ["null eq Reference", [305]],
    ["Reference ne 'inv-2'", [301, 303, 304, 305]],
    ["ReviewerUserId ne 11", [301, 303, 304, 305]],
    ["ReviewerUserId gt 0", [302]],
    ["not (ReviewerUserId gt 0)", [301, 303, 304, 305]],
    ["not (ReviewerUserId eq 11)", [301, 303, 304, 305]],
    ["not (ReviewerUserId in (11,12))", [301, 303, 304, 305]],
    ["ReviewerUserId in (11,null)", [301, 302, 303, 304, 305]],
    ["ReviewerUserId gt null", []],
    ["Robot/Id eq null", [301, 303, 304, 305]],
    ["contains(Progress,'x')", []],
    ["not contains(Progress,'x')", [303]],
    ["indexof(Progress,'x') ne -1", [301, 302, 304, 305]],
  ])("null: %s", async (filter, expected) => {
    expect(await ids(filter)).toEqual(expected);
  });

  test.each([
    "Status eq 2",
    "Status eq 'Open'",
    "Id eq '301'",
    "Key eq 'abc'",
    "CreationTime gt '2026-01-01T00:00:00Z'",
    "SpecificContent eq 'x'",
    "Nothing eq 1",
    "Robot/Nothing eq 1",
    "Robot eq null",
    "Reference/Name eq 'x'",
    "Id",
    "substring(Reference,1) eq 'x'",
    "contains(Id,'1')",
    "Id add 1 eq 2",
    "Id has 1",
  ])("%s is refused", async (filter) => {
    expect(await ids(filter)).toBe("400 1000");
  });

  test("a GUID may be bare or in quotes, in any case", async () => {
    const { body } = await send("GET", "/odata/QueueItems(304)");
    const key = String(body["Key"]).toUpperCase();
    expect(await ids(`Key eq ${key}`)).toEqual([304]);
    expect(await ids(`Key in ('${key}')`)).toEqual([304]);
  });
});

describe("pages", () => {
  test("queue items come by Id descending, jobs ascending", async () => {
    const items = await send("GET", "/odata/QueueItems?$select=Id&$top=2");
    expect(items.body.value).toEqual([{ Id: 305 }, { Id: 304 }]);
    const started = { ReleaseKey: "11111111-1111-4111-8111-111111111111", Strategy: "ModernJobsCount", JobsCount: 2 };
    await send("POST", "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs", { startInfo: started });
    const jobs = await send("GET", "/odata/Jobs?$select=id");
    expect(jobs.body.value).toEqual([{ Id: 201 }, { Id: 202 }, { Id: 203 }]);
  });

  test("$top and $skip cut, the count does not", async () => {
    const { body } = await send("GET", "/odata/QueueItems?$top=2&$skip=1&$orderby=Reference desc");
    expect(body.value.map((row) => row["Id"])).toEqual([302, 301]);
    expect(body["@odata.count"]).toBe(5);
  });

  test.each([
    ["$top=1001", 1009, "The field take must be between 0 and 1000"],
    ["$top=-1", 1000, ""],
    ["$skip=x", 1000, ""],
    ["$count=yes", 1000, ""],
    ["orderby=Id", 1000, ""],
    ["$search=x", 1000, ""],
    ["$top=1&$top=2", 1000, ""],
    ["$orderby=SpecificContent", 1000, ""],
    ["$select=Nothing", 1000, ""],
    ["$expand=Nothing", 1000, ""],
  ])("%s is refused", async (query, errorCode, message) => {
    const { status, body } = await send("GET", `/odata/QueueItems?${query}`);
    expect([status, body["errorCode"]]).toEqual([400, errorCode]);
    expect(body["message"]).toContain(message);
  });

  test("a plain option of the contract is taken where the contract has it", async () => {
    expect((await send("GET", "/odata/QueueItems?mandatoryPermissions=Transactions.View")).status).toBe(200);
    expect((await send("GET", "/odata/Folders?mandatoryPermissions=Transactions.View")).status).toBe(400);
  });

  test("a plus sign is a blank", async () => {
    const response = await fetch(`${emulator.url}/odata/QueueItems?%24filter=Id+eq+301`, {
      headers: { authorization: `Bearer ${emulator.token}`, ...invoices },
    });
    expect(await response.json()).toMatchObject({ "@odata.count": 1 });
  });

  test("$expand brings the related entity, or null", async () => {
    const { body } = await send(
      "GET",
      "/odata/QueueItems?$expand=Robot,ReviewerUser($select=UserName)&$orderby=Id&$top=2",
    );
    expect(body.value).toMatchObject([
      { Robot: null, ReviewerUser: null },
      { Robot: { Name: "bot-1" }, ReviewerUser: { UserName: "ana" } },
    ]);
    const plain = await send("GET", "/odata/QueueItems(302)");
    expect(plain.body).not.toHaveProperty("Robot");
  });
});
