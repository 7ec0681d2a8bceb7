// uipath-orchestrator-api-node 0.8.3 against Orchestrator 2023.4, logged in with a password.
import assert from "node:assert/strict";
import { after, afterEach, beforeEach, test } from "node:test";
import OrchestratorApi from "uipath-orchestrator-api-node";
import { refused } from "./guard.mjs";
import { Inventory, methodsOf } from "./inventory.mjs";
import { last, smokeKey, start } from "./tenant.mjs";

const inventory = new Inventory();
/** Methods of its services that send nothing of their own: spreadsheets, and helpers of methods that are here. */
const silent = /^(?:save2Excel|upload|_|findByAssetName$|addRoboId$)/;
const services = ["asset", "folder", "job", "process", "queueDefinition", "queueItem", "queueOperation", "release"];
/** They want a file of a package, and there are none. */
const files = { uploadPackage: "file", downloadPackage: "file" };

let emulator, api;

beforeEach(async () => {
  emulator = await start("2023.4");
  api = new OrchestratorApi.OrchestratorApi({
    serverinfo: { servername: emulator.url },
    userinfo: { tenancyName: "acme", usernameOrEmailAddress: "admin", password: "s3cret" },
  });
  await api.authenticate();
  api.organizationUnitId = 5;
  for (const name of services) {
    inventory.watch(
      name,
      api[name],
      methodsOf(api[name]).filter((method) => !silent.test(method)),
      files,
    );
  }
});
afterEach(async () => emulator.close());

const refusedWith = (statusCode) => (error) => error.statusCode === statusCode;

test("logs in and sends the folder", async () => {
  assert.deepEqual(
    emulator.requests().map(({ path, status }) => [path, status]),
    [["/api/Account/Authenticate", 200]],
  );
  assert.equal((await api.queueDefinition.findAll()).length, 2);
  assert.deepEqual(last(emulator).folder, { "x-uipath-organizationunitid": "5" });
});

test("33: an item comes back without annotations, its date as a text of the same instant", async () => {
  const day = new Date("2026-03-01T10:00:00.123Z");
  const SpecificContent = {
    Vendor: "Acme",
    "Vendor@odata.type": "#String",
    Day: day,
    "Day@odata.type": "#DateTimeOffset",
  };
  const itemData = { Name: "Invoices", Priority: "High", SpecificContent, Reference: "<a@corp.example>" };
  const created = await api.queueItem.create({ itemData });
  assert.deepEqual(Object.keys(created.SpecificContent), ["Vendor", "Day"]);
  assert.equal(new Date(created.SpecificContent.Day).getTime(), day.getTime());
  assert.equal(created.Reference, "<a@corp.example>");
  assert.equal((await api.queueItem.find(created.Id)).Id, created.Id);
  const found = await api.queueItem.findAll({ $filter: "Reference eq '<a@corp.example>'" });
  assert.deepEqual(
    found.map(({ Id }) => Id),
    [created.Id],
  );
  await api.queueItem.delete(created.Id);
  assert.equal((await api.queueItem.find(created.Id)).Status, "Deleted");
});

const take = async () => api.queueOperation.getQueueAndStartTransaction("Invoices");
const fail = async (id, Type) =>
  api.queueOperation.setTransactionResult(id, {
    transactionResult: { IsSuccessful: false, ProcessingException: { Type, Reason: "because" } },
  });

test("34: transactions come first in, first out; an application exception is retried with the same reference", async () => {
  for (const Reference of ["one", "two"]) {
    await api.queueItem.create({ itemData: { Name: "Invoices", Reference } });
    emulator.clock.advance(1000);
  }
  const first = await take();
  const second = await take();
  assert.deepEqual([first.Reference, second.Reference], ["one", "two"]);
  await fail(first.Id, "ApplicationException");
  await fail(second.Id, "BusinessException");
  const retry = await take();
  assert.deepEqual([retry.Reference, retry.RetryNumber, retry.Id === first.Id], ["one", 1, false]);
  assert.equal(retry.Key, first.Key);
  assert.equal((await api.queueItem.find(second.Id)).Status, "Failed");
  assert.equal(await take(), undefined); // a business exception is not retried
});

test("35: startJobs(processKey, [], 2) finds the process by its key and starts two", async () => {
  const { value } = await api.job.startJobs("InvoiceBot", [], 2);
  assert.deepEqual(
    value.map(({ State }) => State),
    ["Pending", "Pending"],
  );
  const startInfo = { ReleaseKey: smokeKey, RobotIds: [], JobsCount: 2, Strategy: "JobsCount", InputArguments: "{}" };
  assert.deepEqual(last(emulator).body, { startInfo });
  const lookup = decodeURIComponent(emulator.requests().at(-2).query);
  assert.equal(lookup, "$filter=ProcessKey eq 'InvoiceBot'");
  assert.equal((await api.release.findByProcessKey("InvoiceBot")).Key, smokeKey);
});

test("35: startJobs on a robot by name", async () => {
  const { value } = await api.job.startJobs("InvoiceBot", ["bot-1"]);
  assert.equal(value.length, 1);
  const [job] = await api.job.findAllEx({ $filter: `Id eq ${value[0].Id}` });
  assert.deepEqual([job.Robot.Name, job.Release.Name], ["bot-1", "InvoiceBot"]);
});

test("35: stopJob takes the strategy as a number in quotes", async () => {
  await api.job.stopJob(777);
  assert.deepEqual(last(emulator).body, { strategy: "1" });
  assert.equal((await api.job.find(777)).State, "Stopping");
  await api.job.stopJob(777, true);
  assert.deepEqual(last(emulator).body, { strategy: "2" });
  assert.deepEqual(
    (await api.job.findAll({ $filter: "State eq '6'" })).map(({ Id }) => Id),
    [777],
  );
});

test("36: a queue is made, found by name, changed and deleted", async () => {
  const created = await api.queueDefinition.create({
    Name: "Fresh",
    Description: "made by a test",
    EnforceUniqueReference: true,
    AcceptAutomaticallyRetry: true,
    MaxNumberOfRetries: 3,
  });
  assert.equal(last(emulator).status, 201);
  assert.match(created["@odata.context"], /\/odata\/\$metadata#QueueDefinitions\/\$entity$/);
  assert.deepEqual([created.Name, created.EnforceUniqueReference], ["Fresh", true]);
  const found = await api.queueDefinition.findByName("Fresh");
  assert.equal(found.Id, created.Id);
  await api.queueDefinition.update({ ...found, Description: "changed" });
  assert.equal((await api.queueDefinition.find(created.Id)).Description, "changed");
  await assert.rejects(api.queueDefinition.create({ Name: "fresh" }), refusedWith(409));
  await api.queueDefinition.delete(created.Id);
  assert.equal(await api.queueDefinition.findByName("Fresh"), undefined);
});

test("assets are made, listed with the values of robots, changed and deleted", async () => {
  api.organizationUnitId = 7;
  const asset = await api.asset.create({
    Name: "Printer",
    ValueScope: "PerRobot",
    ValueType: "Text",
    HasDefaultValue: true,
    StringValue: "office",
    RobotValues: [{ RobotId: 22, ValueType: "Text", StringValue: "hall" }],
  });
  const [listed] = await api.asset.findAllEx();
  assert.deepEqual(
    listed.RobotValues.map(({ RobotId, RobotName, Value }) => [RobotId, RobotName, Value]),
    [[22, "bot-2", "hall"]],
  );
  assert.deepEqual(Object.hasOwn((await api.asset.findAll())[0], "RobotValues"), false);
  await api.asset.update({ ...asset, StringValue: "home" });
  assert.equal((await api.asset.find(asset.Id)).Value, "home");
  await api.asset.delete(asset.Id);
  assert.deepEqual(await api.asset.findAll(), []);
});

test("folders are made, found by name, changed and deleted", async () => {
  const folder = { DisplayName: "Fresh", ProvisionType: "Automatic", PermissionModel: "FineGrained" };
  const created = await api.folder.create(folder);
  assert.equal(created.FullyQualifiedName, "Fresh");
  const found = await api.folder.findByDisplayName("Fresh");
  assert.equal(found.Id, created.Id);
  await api.folder.update({ ...found, Description: "changed" });
  assert.equal((await api.folder.find(created.Id)).Description, "changed");
  await assert.rejects(api.folder.delete(5), refusedWith(409)); // there are queues in it
  await api.folder.delete(created.Id);
  assert.deepEqual((await api.folder.findAll()).map(({ Id }) => Id).includes(created.Id), false);
});

test("folders get users and lose them, and are removed with them", async () => {
  const folder = { DisplayName: "Team", ProvisionType: "Automatic", PermissionModel: "FineGrained" };
  const { Id } = await api.folder.create(folder);
  const names = async () => (await api.folder.getUsers(Id)).map(({ UserEntity }) => UserEntity.UserName);
  assert.deepEqual(await names(), ["admin", "ion"]); // who has no folders of his own has them all
  await api.folder.removeUser(Id, 8);
  assert.deepEqual(await names(), ["admin"]);
  await api.folder.assignUsers(Id, [8]);
  assert.deepEqual(await names(), ["admin", "ion"]);
  const { PageItems } = await api.folder.getFolders("ion");
  assert.deepEqual(
    PageItems.some((item) => item.Folder.Id === Id),
    true,
  );
  await assert.rejects(api.folder.delete(Id), refusedWith(409)); // ion is in it
  await api.folder.removeUser(Id, 8);
  await api.folder.delete(Id);
  const empty = await api.folder.create(folder);
  await api.folder.removeUser(empty.Id, 7); // admin, who calls, sees it no more
  await assert.rejects(api.folder.removeFolders([empty.Id]), refusedWith(404));
});

test("processes and robots are listed", async () => {
  assert.deepEqual(
    (await api.release.findAll()).map(({ Name }) => Name),
    ["InvoiceBot", "Invoice'Bot"],
  );
  assert.equal((await api.robot.findByRobotName("bot-1")).Id, 21);
  assert.equal((await api.robot.findAll()).length, 1);
  assert.equal((await api.robot.find(21)).Name, "bot-1");
});

test("packages are in no document: a feed is not played", async () => {
  await assert.rejects(api.process.findAll(), refusedWith(404));
  await assert.rejects(api.process.findPackage("InvoiceBot"), refusedWith(404));
  await assert.rejects(api.process.deletePackage("InvoiceBot", "1.0.0"), refusedWith(404));
});

after(() => {
  console.log(inventory.text);
  inventory.check();
  assert.deepEqual(refused, [], "hosts that were tried");
});
