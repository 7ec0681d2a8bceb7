import { describe, expect, test } from "vitest";
import type { EditionName, Emulator, EmulatorOptions } from "../../../src/emulator/index.ts";
import { sender, start, tenant, type Send } from "./tenant.ts";

const names: readonly EditionName[] = ["2022.10", "2023.4", "cloud"];

/** An emulator of an edition, and the calls to it, in the folder Finance/Invoices. */
async function open(
  edition: EditionName,
  options: EmulatorOptions = {},
): Promise<{ emulator: Emulator; send: Send; [Symbol.asyncDispose]: () => Promise<void> }> {
  const emulator = await start({ edition, ...options });
  return { emulator, send: sender(emulator), [Symbol.asyncDispose]: () => emulator.close() };
}

const addPath = "/odata/Queues/UiPathODataSvc.AddQueueItem";
const bulkPath = "/odata/Queues/UiPathODataSvc.BulkAddQueueItems";
const startPath = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs";
const smoke = { ReleaseKey: "11111111-1111-4111-8111-111111111111" };

describe.each(names)("%s", (edition) => {
  const isCloud = edition === "cloud";

  test("quirk 28: says its API version", async () => {
    await using here = await open(edition);
    const { headers } = await here.send("GET", "/odata/Folders");
    expect(headers.get("api-supported-versions")).toBe({ "2022.10": "15.0", "2023.4": "16.0", cloud: "20.0" }[edition]);
    expect(here.emulator.edition).toBe(edition);
  });

  test("quirk 14: lists of jobs and queue items count when asked in the cloud, always on premises", async () => {
    await using here = await open(edition);
    const count = async (path: string): Promise<unknown> => (await here.send("GET", path)).body["@odata.count"];
    for (const set of ["Jobs", "QueueItems"]) {
      const asked = await count(`/odata/${set}?$count=true`);
      expect(asked).toEqual(expect.any(Number));
      expect([set, await count(`/odata/${set}`)]).toEqual([set, isCloud ? undefined : asked]);
    }
    const reviewers = "QueueItems/UiPath.Server.Configuration.OData.GetReviewers()";
    const history = "QueueItemEvents/UiPath.Server.Configuration.OData.GetQueueItemEventsHistory(queueItemId=101)";
    const statistics = "QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus";
    for (const set of ["Folders", "QueueItemEvents", "QueueItemComments", "Releases", reviewers, history, statistics]) {
      expect([set, await count(`/odata/${set}`)]).toEqual([set, expect.any(Number)]);
    }
  });

  test("quirk 11: $top of queue items is at most 100 in the cloud and 1,000 before, more is errorCode 1009", async () => {
    await using here = await open(edition);
    const max = isCloud ? 100 : 1000;
    expect((await here.send("GET", `/odata/QueueItems?$top=${max}`)).status).toBe(200);
    const { status, body } = await here.send("GET", `/odata/QueueItems?$top=${max + 1}`);
    expect([status, body]).toMatchObject([
      400,
      { errorCode: 1009, message: `The field take must be between 0 and ${max}` },
    ]);
    expect((await here.send("GET", "/odata/Jobs?$top=1000")).status).toBe(200);
    expect((await here.send("GET", "/odata/QueueItemEvents?$top=1000")).status).toBe(200);
    expect((await here.send("GET", "/odata/Jobs?$top=1001")).status).toBe(400);
  });

  test("without $top a list ends after as many rows as it may have", async () => {
    await using here = await open(edition);
    const queueItems = Array.from({ length: 150 }, (_, index) => ({ Reference: `r${index}` }));
    await here.send("POST", bulkPath, { queueName: "Unique", commitType: "AllOrNothing", queueItems });
    const { value } = (await here.send("GET", "/odata/QueueItems?$filter=QueueDefinitionId eq 32")).body;
    expect(value).toHaveLength(isCloud ? 100 : 150);
  });

  test("creating answers 201 in the cloud, 200 before; a POST to an entity set 201 everywhere", async () => {
    await using here = await open(edition);
    const created = isCloud ? 201 : 200;
    const added = await here.send("POST", addPath, { itemData: { Name: "Plain" } });
    const started = await here.send("POST", startPath, {
      startInfo: { ...smoke, Strategy: "ModernJobsCount", JobsCount: 1 },
    });
    expect([added.status, started.status]).toEqual([created, created]);
    const comment = { QueueItemId: 101, Text: "x" };
    expect((await here.send("POST", "/odata/QueueItemComments", comment)).status).toBe(201);
  });

  test("a priority that is left out is High", async () => {
    await using here = await open(edition);
    expect((await here.send("POST", addPath, { itemData: { Name: "Plain" } })).body["Priority"]).toBe("High");
  });

  test("bulk answers spell their members in Pascal case, whatever the document says", async () => {
    await using here = await open(edition);
    const body = { queueName: "Unique", commitType: "ProcessAllIndependently", queueItems: [{}] };
    expect((await here.send("POST", bulkPath, body)).body).toMatchObject({
      Success: false,
      Message: "Some items have not been inserted.",
      FailedItems: [{ Ordinal: 1, ErrorCode: "TransactionReferenceRequired" }],
    });
  });

  test("lists of jobs leave the arguments out in the cloud; a job by its Id has them", async () => {
    await using here = await open(edition);
    const InputArguments = '{"age":1}';
    const startInfo = { ...smoke, Strategy: "ModernJobsCount", JobsCount: 1, InputArguments };
    const [job] = (await here.send("POST", startPath, { startInfo })).body.value;
    expect(job?.["InputArguments"]).toBe(InputArguments);
    here.emulator.clock.advance(60_000);
    const id = String(job?.["Id"]);
    const whole = (await here.send("GET", `/odata/Jobs(${id})`)).body;
    expect([whole["InputArguments"], whole["OutputArguments"]]).toEqual([InputArguments, '{"ok":true}']);
    const [row] = (await here.send("GET", `/odata/Jobs?$filter=Id eq ${id}`)).body.value;
    expect([row?.["InputArguments"], row?.["OutputArguments"]]).toEqual(
      isCloud ? [null, null] : [InputArguments, '{"ok":true}'],
    );
  });

  test("a query string may have 2,048 bytes on premises, 8,192 in the cloud; more is a page", async () => {
    await using here = await open(edition);
    const [max, status] = isCloud ? [8192, 414] : [2048, 404];
    const begin = "%24filter=Id+eq+1";
    const call = async (length: number): Promise<Response> =>
      fetch(`${here.emulator.url}/odata/Folders?${begin.padEnd(length, "+")}`, {
        headers: { authorization: `Bearer ${here.emulator.token}` },
      });
    expect((await call(max)).status).toBe(200);
    const over = await call(max + 1);
    expect([over.status, over.headers.get("content-type")]).toEqual([status, "text/html"]);
  });

  test("the content of an item has the edition's greatest length", async () => {
    await using here = await open(edition);
    const max = isCloud ? 256_000 : 524_288;
    const add = async (fields: object): Promise<unknown> => {
      const { status, body } = await here.send("POST", addPath, { itemData: { Name: "Plain", ...fields } });
      return status < 300 ? "added" : [status, body["errorCode"]];
    };
    const around = JSON.stringify({ a: "" }).length;
    expect(await add({ SpecificContent: { a: "x".repeat(max - around) } })).toBe("added");
    expect(await add({ SpecificContent: { a: "x".repeat(max - around + 1) } })).toEqual([400, 1009]);
    expect(await add({ Progress: "x".repeat(104_857) })).toBe("added");
    expect(await add({ Progress: "x".repeat(104_858) })).toEqual(isCloud ? [400, 1009] : "added");
  });
});

describe("quirk 8: a member that the version lacks makes the whole body unreadable", () => {
  const item = (fields: object): [string, object, string] => [
    addPath,
    { itemData: { Name: "Plain", ...fields } },
    "itemParameters",
  ];
  const job = (fields: object): [string, object, string] => [
    startPath,
    { startInfo: { Strategy: "ModernJobsCount", JobsCount: 1, ...fields } },
    "startJobParameters",
  ];
  const only20 = { "2022.10": false, "2023.4": false, cloud: true };

  test.each([
    ["an item's Source", item({ Source: "api" }), only20],
    ["an item's ParentOperationId", item({ ParentOperationId: "op" }), only20],
    ["an item's Reference", item({ Reference: "r" }), { "2022.10": true, "2023.4": true, cloud: true }],
    ["a start's ReleaseName", job({ ReleaseName: "smoke" }), only20],
    ["a start's EntryPointPath", job({ ...smoke, EntryPointPath: "Main.xaml" }), only20],
    ["a start's EnvironmentVariables", job({ ...smoke, EnvironmentVariables: "A=1" }), only20],
    ["a start's ParentOperationId", job({ ...smoke, ParentOperationId: "op" }), only20],
    ["a start's InputFile", job({ ...smoke, InputFile: "0f0e0d0c-0000-4000-8000-000000000001" }), only20],
    ["a start's Attachments", job({ ...smoke, Attachments: [] }), only20],
    ["a start's TraceId", job({ ...smoke, TraceId: "t" }), only20],
    [
      "a start's AllowRemoteControl",
      job({ ...smoke, AllowRemoteControl: false }),
      { "2022.10": true, "2023.4": false, cloud: false },
    ],
    ["a start's RunAsMe", job({ ...smoke, RunAsMe: false }), { "2022.10": true, "2023.4": true, cloud: true }],
    [
      "a runtime type by name",
      job({ ...smoke, RuntimeType: "ServerlessTestAutomation" }),
      { "2022.10": false, "2023.4": true, cloud: true },
    ],
    ["a newer runtime type", job({ ...smoke, RuntimeType: "AgentService" }), only20],
    ["a newer source", job({ ...smoke, Source: "Autopilot" }), only20],
  ] as const)("%s", async (_name, [path, body, parameter], expected) => {
    for (const edition of names) {
      await using here = await open(edition);
      const answer = await here.send("POST", path, body);
      const created = edition === "cloud" ? 201 : 200;
      const refusal = [400, `${parameter} must not be null`, 0];
      expect([edition, answer.status, answer.body["message"], answer.body["errorCode"]]).toEqual([
        edition,
        ...(expected[edition] ? [created, undefined, undefined] : refusal),
      ]);
    }
  });

  test("what the newest version takes is kept and shown", async () => {
    await using here = await open("cloud");
    const startInfo = {
      ReleaseName: "SMOKE",
      Strategy: "ModernJobsCount",
      JobsCount: 1,
      EnvironmentVariables: "A=1",
      EntryPointPath: "Other.xaml",
      Source: "Assistant",
    };
    const [started] = (await here.send("POST", startPath, { startInfo })).body.value;
    expect(started).toMatchObject({
      ReleaseName: "Smoke",
      EnvironmentVariables: "A=1",
      EntryPointPath: "Other.xaml",
      SourceType: "Agent",
    });
    const added = await here.send("POST", addPath, { itemData: { Name: "Plain", ParentOperationId: "op" } });
    expect(added.body["ParentOperationId"]).toBe("op");
  });

  test.each([
    [{ ReleaseName: "Nothing" }, 404],
    [{ ...smoke, EnvironmentVariables: "x".repeat(4001) }, 400],
    [{ ...smoke, InputFile: "0f0e0d0c-0000-4000-8000-000000000001", InputArguments: "{}" }, 400],
  ])("and refuses %j", async (fields, status) => {
    await using here = await open("cloud");
    const startInfo = { Strategy: "ModernJobsCount", JobsCount: 1, ...fields };
    expect((await here.send("POST", startPath, { startInfo })).status).toBe(status);
  });
});

describe("answers have what the version has", () => {
  const members = async (edition: EditionName, path: string): Promise<readonly string[]> => {
    await using here = await open(edition);
    return Object.keys((await here.send("GET", path)).body);
  };

  test.each([
    ["/odata/QueueItems(102)", "UniqueKey", ["cloud"]],
    ["/odata/QueueItems(102)", "RobotId", ["cloud"]],
    ["/odata/QueueItems(102)", "ManualRetryNumber", ["cloud"]],
    ["/odata/QueueItems(102)", "Encrypted", names],
    ["/odata/Folders(5)", "FolderType", ["2023.4", "cloud"]],
    ["/odata/Jobs(201)", "ServerlessJobType", ["2023.4", "cloud"]],
    ["/odata/Jobs(201)", "ErrorCode", ["cloud"]],
    ["/odata/Jobs(201)", "Reference", names],
    ["/odata/QueueDefinitions(31)", "RetryAbandonedItems", ["cloud"]],
    ["/odata/Users(11)", "IsEmailConfirmed", ["2022.10", "2023.4"]],
  ])("%s: %s in %j", async (path, member, expected) => {
    const found = [];
    for (const edition of names) if ((await members(edition, path)).includes(member)) found.push(edition);
    expect(found).toEqual(expected);
  });

  test("what a version lacks cannot be filtered, selected or expanded either", async () => {
    const status = async (edition: EditionName, path: string): Promise<number> => {
      await using here = await open(edition);
      return (await here.send("GET", path)).status;
    };
    const statuses = async (path: string): Promise<number[]> => {
      const all = [];
      for (const edition of names) all.push(await status(edition, path));
      return all;
    };
    expect(await statuses("/odata/QueueItems?$filter=UniqueKey ne null")).toEqual([400, 400, 200]);
    expect(await statuses("/odata/QueueItems?$select=RobotId")).toEqual([400, 400, 200]);
    expect(await statuses("/odata/Releases?$expand=Environment")).toEqual([200, 200, 400]);
    expect(await statuses("/odata/Jobs?$filter=Release/EnvironmentId eq 1")).toEqual([200, 200, 400]);
    expect(await statuses("/odata/Environments")).toEqual([200, 200, 404]);
  });
});

describe("quirk 21: list calls of jobs and of queue items have a quota in the cloud", () => {
  test("of 100 a minute each, then 429 with Retry-After, and room again a minute later", async () => {
    await using here = await open("cloud");
    const list = async (set: string): Promise<number> => (await here.send("GET", `/odata/${set}?$top=1`)).status;
    for (let call = 0; call < 100; call += 1) expect(await list("Jobs")).toBe(200);
    here.emulator.clock.advance(10_000);
    const refused = await here.send("GET", "/odata/Jobs?$top=1");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "50"]);
    expect([await list("QueueItems"), await list("Folders"), await list("QueueItemEvents")]).toEqual([200, 200, 200]);
    expect((await here.send("GET", "/odata/Jobs(201)")).status).toBe(200);
    here.emulator.clock.advance(49_999);
    expect(await list("Jobs")).toBe(429);
    here.emulator.clock.advance(1);
    expect(await list("Jobs")).toBe(200);
  });

  test.each([
    ["its own number", { listCallsPerMinute: 2 }, "cloud", [200, 200, 429]],
    ["none", { listCallsPerMinute: null }, "cloud", [200, 200, 200]],
    ["what is set, on premises too", { listCallsPerMinute: 1 }, "2023.4", [200, 429, 429]],
  ] as const)("that can be %s", async (_name, options, edition, expected) => {
    await using here = await open(edition, options);
    const found = [];
    for (let call = 0; call < 3; call += 1) found.push((await here.send("GET", "/odata/QueueItems")).status);
    expect(found).toEqual(expected);
  });

  test("in the tenant file too; whoever starts it has the last word", async () => {
    const limited = { ...tenant, spec: { ...tenant.spec, listCallsPerMinute: 1 } };
    const statuses = async (options: EmulatorOptions): Promise<number[]> => {
      await using here = await open("cloud", { tenant: limited, ...options });
      return [(await here.send("GET", "/odata/Jobs")).status, (await here.send("GET", "/odata/Jobs")).status];
    };
    expect(await statuses({})).toEqual([200, 429]);
    expect(await statuses({ listCallsPerMinute: null })).toEqual([200, 200]);
  });
});

describe("the edition", () => {
  test("is the one asked for, else the tenant's, else the cloud", async () => {
    const { edition: _edition, ...spec } = tenant.spec;
    const of = async (options: EmulatorOptions): Promise<string> => {
      await using emulator = await start(options);
      return emulator.edition;
    };
    expect(await of({ tenant: { ...tenant, spec } })).toBe("cloud");
    expect(await of({})).toBe("2023.4");
    expect(await of({ edition: "2022.10" })).toBe("2022.10");
    expect(await of({ tenant: "documented" })).toBe("2023.4");
    expect(await of({ tenant: "documented", edition: "2022.10" })).toBe("2022.10");
  });
});
