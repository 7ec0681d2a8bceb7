import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmulator, type Emulator } from "../../../src/emulator/index.ts";
import { sender, type Send } from "./tenant.ts";

// The requests of the API guide's pages "Jobs requests" (2022.10) and "Transactions requests" (2023.4), in their
// order, against the tenant `documented`. No folder header: the tenant has one folder.

let emulator: Emulator;
let send: Send;

beforeAll(async () => {
  emulator = await startEmulator({ tenant: "documented" });
  send = sender(emulator, {});
});

afterAll(async () => emulator.close());

const startJobs = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs";
const bulkAdd = "/odata/Queues/UiPathODataSvc.BulkAddQueueItems";
const dates = { DeferDate: "2019-03-14T12:20:13.290Z", DueDate: "2019-03-14T12:20:13.290Z" };
const named = (Name: string): object => ({
  Priority: "High",
  SpecificContent: { Name, "Name@odata.type": "#String" },
  ...dates,
});

describe("jobs", () => {
  test.each([
    ["$top=3&$filter=Robot/Id eq 749", 13, [125161, 127283, 127416]],
    ["$top=3&$filter=Robot/Name eq 'DocBot'", 13, [125161, 127283, 127416]],
    ["$top=10&$filter=Robot/Id eq 749 and State eq 'Successful'", 2, [125161, 127283]],
    ["$top=10&$filter=Robot/Id eq 759 and EndTime lt 2018-02-22T10:00:00.837Z", 3, [125160, 125162, 125163]],
    ["$top=2&$expand=Release&$filter=Release/EnvironmentId eq 312", 26, [125153, 125154]],
    [
      "$filter=(CreationTime gt 2017-01-01T00:00:00.000Z and State eq '4' and indexof(Info,'Logon failure: unknown user name or bad password') ne -1)&$expand=Robot,Release&$top=2",
      5,
      [125153, 125154],
    ],
  ])("%s", async (query, count, ids) => {
    const { status, body } = await send("GET", `/odata/Jobs?${query}`);
    expect([status, body["@odata.count"], body.value.map((row) => row["Id"])]).toEqual([200, count, ids]);
  });

  test("a job as the page prints it", async () => {
    const { body } = await send("GET", "/odata/Jobs(125153)?$expand=Robot,Release");
    expect(body).toMatchObject({
      Key: "d3780aac-1e80-49b0-bfd3-c8ec6a3939db",
      StartTime: "2018-01-15T18:03:42.51Z",
      EndTime: "2018-01-15T18:03:44.353Z",
      State: "Faulted",
      Source: "Manual",
      BatchExecutionKey: "c08beec5-243c-4e08-854d-7c100cd35214",
      Info: "Logon failure: unknown user name or bad password",
      StartingScheduleId: null,
      Robot: { MachineName: "DESKTOP-PMFQGCB", Name: "RoboDrulea", RobotEnvironments: "", ExecutionSettings: null },
      Release: {
        ProcessKey: "Release_Project",
        ProcessVersion: "",
        EnvironmentId: 312,
        EnvironmentName: null,
        Id: 440,
      },
    });
  });

  test("start on all robots of the environment", async () => {
    const ReleaseKey = "795cbab2-8008-4a54-b1cb-f9ff1ece139e";
    const { status, body } = await send("POST", startJobs, {
      startInfo: { ReleaseKey, Strategy: "All", RobotIds: [], NoOfRobots: 0 },
    });
    expect([status, body.value.length]).toEqual([200, 3]);
    expect(new Set(body.value.map((row) => row["BatchExecutionKey"])).size).toBe(1);
    expect(body.value[0]).toMatchObject({ State: "Pending", CreationTime: "2018-03-21T15:31:27Z" });
  });

  test("start on a robot with arguments", async () => {
    const { status, body } = await send("POST", startJobs, {
      startInfo: {
        ReleaseKey: "429cf1cc-283c-424f-a935-43f72c2ca719",
        RobotIds: [121],
        JobsCount: 0,
        Strategy: "Specific",
        InputArguments: '{"age":33,"trueOrFalse":false,"stringNew":"testing"}',
      },
    });
    expect(status).toBe(200);
    expect(body.value).toMatchObject([
      { ReleaseName: "input_output_test_DocEnv", SourceType: "Manual", Type: "Unattended" },
    ]);
  });

  test("stop two jobs, which run until then", async () => {
    const states = async (): Promise<unknown> =>
      (await send("GET", "/odata/Jobs?$filter=Id in (22450719,22450728)")).body.value.map((row) => row["State"]);
    expect(await states()).toEqual(["Running", "Running"]);
    const body = { jobIds: [22_450_719, 22_450_728], strategy: "1" };
    const { status, text } = await send("POST", "/odata/Jobs/UiPath.Server.Configuration.OData.StopJobs", body);
    expect([status, text]).toEqual([200, ""]);
    expect(await states()).toEqual(["Stopping", "Stopping"]);
  });
});

describe("transactions", () => {
  test("the history of an item", async () => {
    const name = "UiPath.Server.Configuration.OData.GetQueueItemEventsHistory";
    const { body } = await send(
      "GET",
      `/odata/QueueItemEvents/${name}(queueItemId=1050203)?$orderby=Timestamp&$top=10`,
    );
    expect(body["@odata.count"]).toBe(5);
    expect(body.value.map((row) => [row["Id"], row["Action"], row["Status"], row["UserName"]])).toEqual([
      [18_276, "Create", "New", "DocBot"],
      [20_333, "Status", "InProgress", "DocBot"],
      [20_334, "Edit", "InProgress", "DocBot"],
      [20_335, "Edit", "Failed", "DocBot"],
      [21_240, "Edit", "Failed", "admin"],
    ]);
    expect(body.value[4]).toMatchObject({
      Timestamp: "2018-03-08T10:47:40.463Z",
      ReviewerUserName: "admin",
      ReviewStatus: "None",
    });
  });

  test("the processing status of a queue", async () => {
    const path = "/odata/QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus";
    const { body } = await send("GET", `${path}?$filter=QueueDefinitionName eq 'DocQueue'`);
    expect(body.value).toMatchObject([
      {
        ItemsToProcess: 682,
        QueueDefinitionId: 188,
        QueueDefinitionAcceptAutomaticallyRetry: true,
        QueueDefinitionMaxNumberOfRetries: 5,
        ProcessingMeanTime: 2.15,
        BusinessExceptionsNo: 883,
        BusinessExceptionsProcessingTime: 2.15,
        SuccessfulTransactionsProcessingTime: 0,
        TotalNumberOfTransactions: 883,
        LastProcessed: "2018-03-07T18:20:29.3833333Z",
      },
    ]);
  });

  test("set the reviewer of a failed item", async () => {
    const body = { queueItems: [{ Id: 1_050_200, RowVersion: "AAAAAABDIK8=" }], userId: 583 };
    const answer = await send("POST", "/odata/QueueItems/UiPathODataSvc.SetItemReviewer", body);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ Success: true, Message: null, FailedItems: [] });
  });

  test("items in review", async () => {
    const { body } = await send("GET", "/odata/QueueItems?$filter=ReviewStatus eq 'InReview'&$top=2");
    expect(body["@odata.count"]).toBe(3);
    expect(body.value).toMatchObject([
      { Id: 1_050_199, RowVersion: "AAAAAABDFiU=", ReviewerUserId: 583, StartProcessing: "2018-03-07T18:14:56.633Z" },
      { Id: 1_050_198, RowVersion: "AAAAAABDFiY=", ProcessingException: { Reason: "authentication", Details: null } },
    ]);
  });

  test("add an item", async () => {
    const { status, body } = await send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", {
      itemData: {
        Priority: "High",
        DeferDate: "2018-03-21T13:42:27.654Z",
        DueDate: "2018-03-25T13:42:27.654Z",
        Name: "DocQueue",
        SpecificContent: { Email: "obrian@uipath.com", Name: "O'Brian" },
      },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      "@odata.context": `${emulator.url}/odata/$metadata#queueItem/$entity`,
      Id: 1_050_947,
      QueueDefinitionId: 188,
      DeferDate: "2018-03-21T13:42:27.654Z",
      SpecificData: `{"DynamicProperties":{"Email":"obrian@uipath.com","Name":"O'Brian"}}`,
    });
  });

  test("add three items, and three without the references their queue wants", async () => {
    const letters = ["rêvé", "même", "Žao"].map(named);
    const queueItems = letters.map((item, index) => ({ ...item, Reference: `ref${index + 4}` }));
    const body = { queueName: "DocTest", commitType: "AllOrNothing", queueItems };
    expect((await send("POST", bulkAdd, body)).body).toMatchObject({ Success: true, Message: null, FailedItems: [] });
    const failing = await send("POST", bulkAdd, { ...body, queueItems: letters });
    expect(failing.status).toBe(200);
    expect(failing.body).toMatchObject({
      Success: false,
      Message: "Some items have not been inserted.",
      FailedItems: [
        {
          Ordinal: 1,
          ErrorCode: "TransactionReferenceRequired",
          ErrorMessage: "Error creating Transaction. Reference is required for Unique Reference Queues.",
        },
      ],
    });
  });

  test("items in progress on a robot", async () => {
    const query = "$top=10&$expand=Robot&$filter=Status eq 'InProgress' and Robot/Id eq 749";
    const { body } = await send("GET", `/odata/QueueItems?${query}`);
    expect(body["@odata.count"]).toBe(1752);
    expect(body.value.slice(0, 2)).toMatchObject([
      { Id: 1_048_065, RowVersion: "AAAAAABC3aA=", Robot: { Name: "DocBot", Type: "NonProduction" } },
      { Id: 1_048_064, RowVersion: "AAAAAABC3Z8=" },
    ]);
  });

  test("the comments of an item, in the order that the query says", async () => {
    const name = "UiPath.Server.Configuration.OData.GetQueueItemCommentsHistory";
    const path = `/odata/QueueItemComments/${name}(queueItemId=1050204)?$orderby=CreationTime desc`;
    expect((await send("GET", path)).body.value).toMatchObject([
      { Id: 321, Text: "fixed. excel hiccup.", UserId: 901, UserName: "dragomirmir" },
      { Id: 320, Text: "needs review asap", UserId: 583, UserName: "admin" },
    ]);
  });
});

test("it has one classic folder, and its clock stands still", async () => {
  expect((await send("GET", "/odata/Folders")).body.value).toMatchObject([{ ProvisionType: "Manual" }]);
  expect(emulator.clock.now()).toBe("2018-03-21T15:31:27.000Z");
});
