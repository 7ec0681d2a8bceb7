// uipath-orchestrator 1.1.3 against Orchestrator 2022.10, and once against the cloud.
import assert from "node:assert/strict";
import { after, afterEach, beforeEach, test } from "node:test";
import Orchestrator from "uipath-orchestrator";
import { refused } from "./guard.mjs";
import { Inventory } from "./inventory.mjs";
import { last, smokeKey, start } from "./tenant.mjs";

const inventory = new Inventory();
/** What its names have of queues, items, reviewers, comments, jobs, processes and assets. */
const touches =
  /Asset|Job|Queue|Transaction|Release|ItemProcessingHistory|LastDaysProcessing|Process(?!Schedule|Alert)/;
/** Names that only sound so. */
const others = {
  postReleaseLicense: "robots service",
  postSubmitJobState: "robots service",
  getJobsStats: "statistics",
};

let emulator, client, odata;

beforeEach(async () => {
  emulator = await start("2022.10");
  connect({ tenancyName: "acme", usernameOrEmailAddress: "admin", password: "s3cret" });
  client.switchOrganizationUnitId(5);
});
afterEach(async () => emulator.close());

function connect(options) {
  const { hostname, port } = new URL(emulator.url);
  client = new Orchestrator({ hostname, isSecure: false, port: Number(port), ...options });
  inventory.watch(
    "odata",
    client.v2.odata,
    Object.keys(client.v2.odata).filter((name) => touches.test(name)),
    others,
  );
  odata = Object.fromEntries(
    Object.entries(client.v2.odata)
      .filter(([, method]) => typeof method === "function")
      .map(([name, method]) => [name, promised(method)]),
  );
}

/** Its calls take a callback; an error carries the status, and the body beside it. */
function promised(method) {
  return async (...args) =>
    new Promise((resolve, reject) => {
      method(...args, (error, body) => (error ? reject(Object.assign(error, { body })) : resolve(body)));
    });
}

const post = async (path, body) => promised((...args) => client.post(...args))(path, body);
const ids = ({ value }) => value.map(({ Id }) => Id);
const pair = ({ Id, RowVersion }) => ({ Id, RowVersion });
const review = (queueItems, rest = {}) => ({ queueItems: queueItems.map(pair), ...rest });

async function add(Name, Reference, rest = {}) {
  return odata.postAddQueueItem({ itemData: { Name, Reference, ...rest } });
}

test("26: logs in with tenant, name and password; `bearer` in lower case", async () => {
  await odata.getQueueDefinitions({});
  const [login, list] = emulator.requests();
  assert.deepEqual([login.path, login.status], ["/api/Account/Authenticate", 200]);
  assert.equal(login.body, null); // passwords are not kept
  assert.deepEqual([list.path, list.status], ["/odata/QueueDefinitions", 200]);
});

test("26: on 401 it logs in again and repeats once", async () => {
  await odata.getQueueDefinitions({});
  emulator.clock.advance(31 * 60_000); // a token is good for 30 minutes
  await odata.getQueueDefinitions({});
  const steps = emulator.requests().map(({ path, status }) => [path.split("/").at(-1), status]);
  assert.deepEqual(steps.slice(2), [
    ["QueueDefinitions", 401],
    ["Authenticate", 200],
    ["QueueDefinitions", 200],
  ]);
});

test("27: the folder by switchOrganizationUnitId", async () => {
  assert.deepEqual(ids(await odata.getQueueDefinitions({})), [42, 43]);
  assert.deepEqual(last(emulator).folder, { "x-uipath-organizationunitid": "5" });
  client.switchOrganizationUnitId();
  assert.deepEqual(ids(await odata.getQueueDefinitions({})), [42, 43, 44]);
});

test("27: in the cloud's paths with a token, without a login", async () => {
  await emulator.close();
  emulator = await start("cloud");
  connect({ path: new URL(emulator.url).pathname, accessToken: emulator.token, serviceInstanceLogicalName: "acme" });
  client.switchOrganizationUnitId(5);
  assert.deepEqual(ids(await odata.getQueueDefinitions({})), [42, 43]);
  assert.equal(emulator.requests().length, 1);
});

test("28: annotations inside SpecificContent are taken and not stored", async () => {
  const SpecificContent = Orchestrator.odataHelper.annotateStrings({ Vendor: "Acme", Amount: 12 });
  assert.deepEqual(SpecificContent, { Vendor: "Acme", "Vendor@odata.type": "#String", Amount: 12 });
  const item = await add("Invoices", "R-1", { SpecificContent });
  assert.deepEqual(item.SpecificContent, { Vendor: "Acme", Amount: 12 });
  assert.deepEqual((await odata.getQueueItem(item.Id, {})).SpecificContent, { Vendor: "Acme", Amount: 12 });
});

test("29: items are listed, read, replaced and deleted", async () => {
  const query = { $filter: "QueueDefinitionId eq 43", $orderby: "Id desc", $top: 100, $skip: 0, $count: true };
  const list = await odata.getQueueItems(query);
  assert.deepEqual([list["@odata.count"], ids(list)], [3, [1003, 1002, 1001]]);
  await odata.putQueueItem(1002, { Name: "Reviews", Priority: "Low", SpecificContent: { Amount: 13 } });
  const { Priority, SpecificContent } = await odata.getQueueItem(1002, {});
  assert.deepEqual([Priority, SpecificContent], ["Low", { Amount: 13 }]);
  await odata.deleteQueueItem(1002);
  assert.equal((await odata.getQueueItem(1002, {})).Status, "Deleted");
  await assert.rejects(odata.getQueueItem(9999, {}), { statusCode: 404 });
  await assert.rejects(odata.patchQueueItem(1001, { Priority: "Low" }), { statusCode: 405 }); // in no document
});

test("30: GetReviewers with parentheses", async () => {
  const { value } = await odata.getQueueItemsReviewers({});
  assert.deepEqual(
    value.map(({ Id, UserName }) => [Id, UserName]),
    [
      [7, "admin"],
      [8, "ion"],
    ],
  );
  assert.match(last(emulator).path, /GetReviewers\(\)$/);
});

test("31: reviewers and reviews by Id and RowVersion, failures inside", async () => {
  const items = [await odata.getQueueItem(1001, {})];
  const set = await odata.postSetQueueItemReviewer(review(items, { userId: 7 }));
  assert.deepEqual([set.Success, set.FailedItems], [true, []]);
  const stale = await odata.postSetQueueItemReviewStatus(review(items, { status: "Verified" }));
  assert.deepEqual([stale.Success, stale.FailedItems], [false, [1001]]);
  const fresh = [await odata.getQueueItem(1001, {})];
  assert.equal(fresh[0].ReviewerUserId, 7);
  assert.equal((await odata.postUnsetQueueItemReviewer(review(fresh))).Success, true);
  const again = [await odata.getQueueItem(1001, {})];
  assert.equal(again[0].ReviewerUserId, null);
  assert.equal((await odata.postSetQueueItemReviewStatus(review(again, { status: "Verified" }))).Success, true);
  const rest = [await odata.getQueueItem(1002, {}), { Id: 1003, RowVersion: items[0].RowVersion }];
  const deleted = await odata.postDeleteBulkQueueItems(review(rest));
  assert.deepEqual([deleted.Success, deleted.FailedItems], [false, [1003]]);
});

test("32: jobs are started the old way, read and stopped", async () => {
  client.switchOrganizationUnitId(7);
  const { value: releases } = await odata.getReleases({ $filter: "Name eq 'Legacy'" });
  const startInfo = {
    ReleaseKey: releases[0].Key,
    Strategy: "Specific",
    RobotIds: [21],
    NoOfRobots: 0,
    Source: "Manual",
    InputArguments: "{}",
  };
  const { value } = await odata.postStartJobs({ startInfo });
  assert.deepEqual(
    value.map(({ State }) => State),
    ["Pending"],
  );
  assert.equal(last(emulator).status, 200);
  await odata.postStopJob(value[0].Id, { strategy: "SoftStop" });
  assert.equal((await odata.getJob(value[0].Id, {})).State, "Stopped"); // it had not begun
  assert.equal((await odata.getJobs({ $filter: "State eq 'Stopped'" }))["@odata.count"], 1);
  await assert.rejects(odata.putJob(value[0].Id, {}), { statusCode: 405 }); // jobs do not change
});

test("transactions: taken, reported on, finished", async () => {
  await add("Invoices", "T-1", { SpecificContent: { n: 1 } });
  const item = await odata.postStartTransaction({ transactionData: { Name: "Invoices", RobotIdentifier: robotKey() } });
  assert.deepEqual([item.Reference, item.Status], ["T-1", "InProgress"]);
  await odata.postSetTransactionProgress(item.Id, { Progress: "half" });
  assert.equal((await odata.getQueueItem(item.Id, {})).Progress, "half");
  await odata.postSetTransactionResult(item.Id, { transactionResult: { IsSuccessful: true, Output: { done: 1 } } });
  assert.equal((await odata.getQueueItem(item.Id, {})).Status, "Successful");
  const { value } = await odata.getItemProcessingHistory(item.Id, {});
  assert.deepEqual(
    value.map(({ Id }) => Id),
    [item.Id],
  );
});

/** Transactions are taken in the name of a robot; any text will do for one that comes with a user's token (34). */
const robotKey = () => "any text";

test("history and comments of items", async () => {
  const { value: events } = await odata.getQueueItemEventsHistory(1001, {});
  assert.deepEqual(
    events.map(({ QueueItemId }) => QueueItemId).filter((id) => id !== 1001),
    [],
  );
  assert.equal((await odata.getQueueItemEvent(events[0].Id, {})).Id, events[0].Id);
  assert.ok((await odata.getQueueItemEvents({ $top: 1 })).value.length === 1);
  const { value: comments } = await odata.getQueueItemCommentsHistory(1001, {});
  assert.deepEqual(
    comments.map(({ Text }) => Text),
    ["Look at it."],
  );
  const [{ Id }] = (await odata.getQueueItemComments({})).value;
  await odata.putQueueItemComment(Id, { Id, QueueItemId: 1001, Text: "Seen." });
  assert.equal((await odata.getQueueItemComment(Id, {})).Text, "Seen.");
  await odata.deleteQueueItemComment(Id);
  await assert.rejects(odata.getQueueItemComment(Id, {}), { statusCode: 404 });
});

test("queue definitions: replaced, read, deleted", async () => {
  const queue = await odata.getQueueDefinition(43, {});
  await odata.putQueueDefinition(43, { ...queue, Description: "to be reviewed", MaxNumberOfRetries: 2 });
  const { Description, MaxNumberOfRetries, Key } = await odata.getQueueDefinition(43, {});
  assert.deepEqual([Description, MaxNumberOfRetries, Key], ["to be reviewed", 2, queue.Key]);
  const unique = { ...queue, EnforceUniqueReference: true };
  await assert.rejects(odata.putQueueDefinition(43, unique), ({ statusCode, body }) => {
    assert.equal(statusCode, 400);
    assert.match(body.message, /^QueueDefinitionParametersCannotChange/);
    return true;
  });
  await odata.deleteQueueDefinition(43);
  await assert.rejects(odata.getQueueDefinition(43, {}), { statusCode: 404 });
});

test("queue statistics", async () => {
  const { value } = await odata.getRetrieveQueuesProcessingStatus({ $filter: "QueueDefinitionName eq 'Reviews'" });
  assert.deepEqual(
    value.map(({ ItemsToProcess }) => ItemsToProcess),
    [2],
  );
  const records = await odata.getLastDaysProcessingRecords(43, 1, {});
  assert.ok(Array.isArray(records.value));
});

test("processes: replaced, read, deleted", async () => {
  const release = await odata.getRelease(42, {});
  await odata.putRelease(42, { ...release, Name: "Renamed", InputArguments: '{"x":1}' });
  const { Name, InputArguments } = await odata.getRelease(42, {});
  assert.deepEqual([Name, InputArguments], ["Renamed", '{"x":1}']);
  await odata.deleteRelease(42);
  await assert.rejects(odata.getRelease(42, {}), { statusCode: 404 });
  await assert.rejects(odata.deleteRelease(41), { statusCode: 409 }); // its jobs run
});

test("assets: made, replaced, as a robot gets them, deleted", async () => {
  const asset = { Name: "Login", ValueScope: "Global", ValueType: "Credential" };
  const created = await post("/odata/Assets", { ...asset, CredentialUsername: "ana", CredentialPassword: "hush" });
  assert.deepEqual([created.CredentialUsername, created.CredentialPassword], ["ana", ""]);
  assert.deepEqual(ids(await odata.getAssets({ $filter: "Name eq 'login'" })), [created.Id]);
  await odata.putAsset(created.Id, { ...created, CredentialUsername: "ion" });
  const { value: robots } = await promised((...args) => client.get(...args))("/odata/Robots", {});
  assert.deepEqual(
    robots.map(({ Id }) => Id),
    [21],
  );
  await assert.rejects(odata.getRobotAsset("no-such-robot", "Login", {}), { statusCode: 404 });
  await odata.deleteAsset(created.Id);
  assert.equal((await odata.getAssets({}))["@odata.count"], 0);
});

test("calls that no document describes are not found", async () => {
  const gone = [
    ["getQueues", {}],
    ["getQueue", 42, {}],
    ["getQueueProcessingRecords", {}],
    ["getQueueProcessingRecord", 1, {}],
    ["deleteQueueProcessingRecord", 1],
    ["getProcesses", {}],
    ["deleteProcess", 1],
    ["getProcessVersions", 1, {}],
    ["postUpdateReleaseToSpecificPackageVersion", 41, {}],
    ["postUpdateReleaseToLatestPackageVersion", 41, {}],
    ["postRollbackToPreviousReleaseVersion", 41, {}],
    ["getQueueDefinitionReports", 43, {}], // documented as a file whose columns no source names
  ];
  for (const [name, ...args] of gone) await assert.rejects(odata[name](...args), { statusCode: 404 }, name);
});

test("no other key finds the process", async () => {
  await assert.rejects(odata.postStartJobs({ startInfo: { ReleaseKey: smokeKey.replace("1", "2") } }), {
    statusCode: 404,
  });
});

after(() => {
  console.log(inventory.text);
  inventory.check();
  assert.deepEqual(refused, [], "hosts that were tried");
});
