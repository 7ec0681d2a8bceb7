// @uipath/uipath-typescript 1.3.8 against the cloud edition.
import { UiPath } from "@uipath/uipath-typescript/core";
import { Assets } from "@uipath/uipath-typescript/assets";
import { Jobs } from "@uipath/uipath-typescript/jobs";
import { Processes } from "@uipath/uipath-typescript/processes";
import { Queues } from "@uipath/uipath-typescript/queues";
import assert from "node:assert/strict";
import { after, afterEach, beforeEach, test } from "node:test";
import { refused, tried } from "./guard.mjs";
import { Inventory, methodsOf } from "./inventory.mjs";
import { jobKey, last, smokeKey, start, suspendedKey } from "./tenant.mjs";

const telemetry = "westeurope-5.in.applicationinsights.azure.com";
const inventory = new Inventory();
let emulator, queues, jobs, processes, assets;

/** The SDK's own helpers, which its declarations keep private. */
const helpers = { resolveJobKeys: "helper", stopJobsByIds: "helper", downloadOutputFile: "helper" };

console.debug = () => undefined; // where the SDK says that its telemetry was refused

beforeEach(async () => {
  emulator = await start("cloud");
  connect(emulator.token);
});
afterEach(async () => emulator.close());

function connect(secret) {
  const { origin, pathname } = new URL(emulator.url);
  const [, orgName, tenantName] = pathname.split("/");
  const sdk = new UiPath({ baseUrl: origin, orgName, tenantName, secret });
  const watched = (name, service) => {
    inventory.watch(name, service, methodsOf(service), helpers);
    return service;
  };
  queues = watched("queues", new Queues(sdk));
  jobs = watched("jobs", new Jobs(sdk));
  processes = watched("processes", new Processes(sdk));
  assets = watched("assets", new Assets(sdk));
}

const names = (items) => items.map(({ name }) => name);
const path = (rest) => `/odata/${rest}`;
const folder5 = { "x-uipath-organizationunitid": "5" };

async function seedAssets() {
  for (const [Name, StringValue] of [
    ["ApiUrl", "https://api.example"],
    ["Region", "EU"],
  ]) {
    const response = await fetch(`${emulator.url}/odata/Assets`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.token}`, "content-type": "application/json", ...folder5 },
      body: JSON.stringify({ Name, ValueScope: "Global", ValueType: "Text", StringValue }),
    });
    assert.equal(response.status, 201);
  }
}

test("1: queues.getAll() goes across folders, without a folder", async () => {
  const { items } = await queues.getAll();
  assert.deepEqual(names(items), ["Invoices", "Reviews", "Elsewhere"]);
  const { path: called, query, folder } = last(emulator);
  assert.deepEqual(
    [called, query, folder],
    [path("QueueDefinitions/UiPath.Server.Configuration.OData.GetQueuesAcrossFolders"), "", {}],
  );
});

test("2: queues.getAll({folderId}) asks in the folder", async () => {
  assert.deepEqual(names((await queues.getAll({ folderId: 5 })).items), ["Invoices", "Reviews"]);
  assert.deepEqual(last(emulator).folder, folder5);
});

test("3: property names in lower camel case, form encoded", async () => {
  const options = {
    folderId: 5,
    pageSize: 10,
    filter: "name eq 'Invoices'",
    orderby: "creationTime desc",
    select: "id,name",
  };
  const { items } = await queues.getAll(options);
  assert.deepEqual(items, [{ id: 42, name: "Invoices" }]);
  const { query } = last(emulator);
  assert.equal(query, "$filter=name eq 'Invoices'&$orderby=creationTime desc&$select=id,name&$top=10&$count=true");
});

test("3: a name that only the SDK has is refused", async () => {
  await assert.rejects(queues.getAll({ folderId: 5, orderby: "createdTime desc" }), { name: "ValidationError" });
});

test("4: pages need the count", async () => {
  const page = await queues.getAll({ folderId: 5, pageSize: 1, jumpToPage: 2 });
  assert.deepEqual([page.totalCount, page.hasNextPage, names(page.items)], [2, false, ["Reviews"]]);
  assert.equal(last(emulator).query, "$top=1&$skip=1&$count=true");
});

test("5: queues.getById answers the bare entity", async () => {
  const queue = await queues.getById(42, 5);
  assert.deepEqual([queue.id, queue.name, queue.enforceUniqueReference], [42, "Invoices", true]);
  assert.equal(last(emulator).path, path("QueueDefinitions(42)"));
});

test("6: jobs.getAll filters by a quoted state", async () => {
  const { items } = await jobs.getAll({ folderId: 5, filter: "state eq 'Running'" });
  assert.deepEqual(
    items.map(({ id, state }) => [id, state]),
    [[777, "Running"]],
  );
});

test("7: jobs.getById finds a job by its key", async () => {
  const job = await jobs.getById(jobKey, 5);
  assert.deepEqual([job.id, job.key, job.state], [777, jobKey, "Running"]);
  assert.equal(last(emulator).path, path(`Jobs/UiPath.Server.Configuration.OData.GetByKey(identifier=${jobKey})`));
});

test("8: jobs.getOutput reads the output of a job", async () => {
  emulator.clock.advance(60_000);
  assert.deepEqual(await jobs.getOutput(jobKey, 5), { total: 3 });
  assert.equal(last(emulator).query, "$select=outputArguments,outputFile");
  assert.equal(await jobs.getOutput(suspendedKey, 5), null);
});

test("9: jobs.stop asks for the id by a quoted key, then stops", async () => {
  await jobs.stop([jobKey], 5);
  const [lookup, stop] = emulator.requests().slice(-2);
  const query = decodeURIComponent(lookup.query.replaceAll("+", " "));
  assert.equal(query, `$filter=key in ('${jobKey}')&$select=id,key&$top=1&$count=true`);
  assert.deepEqual([JSON.parse(stop.body), stop.status], [{ jobIds: [777], strategy: "SoftStop" }, 200]);
  assert.equal((await jobs.getById(jobKey, 5)).state, "Stopping");
  await jobs.stop([jobKey], 5, { strategy: "Kill" });
  assert.equal((await jobs.getById(jobKey, 5)).state, "Stopped");
  const unknown = "99999999-9999-4999-8999-999999999999";
  await assert.rejects(jobs.stop([unknown], 5), { name: "ValidationError" });
});

test("10: jobs.resume sends arguments as JSON in a string", async () => {
  await jobs.resume(suspendedKey, 5, { inputArguments: { x: 1 } });
  assert.deepEqual(last(emulator).body, { jobKey: suspendedKey, inputArguments: '{"x":1}' });
  assert.equal((await jobs.getById(suspendedKey, 5)).state, "Resumed");
  emulator.clock.advance(1000);
  assert.equal((await jobs.getById(suspendedKey, 5)).state, "Running");
  emulator.clock.advance(10_000);
  assert.equal((await jobs.getById(suspendedKey, 5)).state, "Successful");
  await assert.rejects(jobs.resume(suspendedKey, 5), { name: "ValidationError" });
});

test("11: jobs.restart answers the new job", async () => {
  await assert.rejects(jobs.restart(jobKey, 5), { name: "ValidationError" }); // it runs
  emulator.clock.advance(60_000);
  const again = await jobs.restart(jobKey, 5);
  assert.deepEqual([again.state, again.id > 779, again.key === jobKey], ["Pending", true, false]);
  assert.deepEqual(last(emulator).body, { jobId: 777 });
});

test("12: processes.getAll, with and without a folder", async () => {
  assert.deepEqual(names((await processes.getAll({ folderId: 5 })).items), ["InvoiceBot", "Invoice'Bot"]);
  assert.deepEqual(last(emulator).folder, folder5);
  assert.equal((await processes.getAll()).items.length, 2);
  assert.deepEqual(last(emulator).folder, {});
  assert.equal((await processes.getById(41, 5)).name, "InvoiceBot");
});

test("13: processes.getByName by folder path, in base64 of UTF-16LE, the quote doubled", async () => {
  const { name } = await processes.getByName("Invoice'Bot", { folderPath: "Shared/Finance" });
  assert.equal(name, "Invoice'Bot");
  const { query, folder } = last(emulator);
  assert.equal(query, "$filter=Name eq 'Invoice''Bot'&$top=1");
  const encoded = Buffer.from("Shared/Finance", "utf16le").toString("base64");
  assert.equal(encoded, "UwBoAGEAcgBlAGQALwBGAGkAbgBhAG4AYwBlAA==");
  assert.deepEqual(folder, { "x-uipath-folderpath-encoded": encoded });
  await assert.rejects(processes.getByName("Nobody", { folderPath: "Shared/Finance" }), { name: "NotFoundError" });
});

test("14: processes.getByName by folder key", async () => {
  const response = await fetch(`${emulator.url}/odata/Folders(5)`, {
    headers: { authorization: `Bearer ${emulator.token}` },
  });
  const { Key: folderKey } = await response.json();
  assert.equal((await processes.getByName("InvoiceBot", { folderKey })).id, 41);
  assert.deepEqual(last(emulator).folder, { "x-uipath-folderkey": folderKey });
});

test("15: processes.start by key, in camel case", async () => {
  const request = {
    processKey: smokeKey,
    strategy: "ModernJobsCount",
    jobsCount: 2,
    inputArguments: '{"x":1}',
    runtimeType: "Unattended",
  };
  const started = await processes.start(request, 5);
  assert.deepEqual(
    started.map(({ state, packageType }) => [state, packageType]),
    [
      ["Pending", "Process"],
      ["Pending", "Process"],
    ],
  );
  const { body, status } = last(emulator);
  const { processKey: releaseKey, ...rest } = request;
  assert.deepEqual([body, status], [{ startInfo: { ...rest, releaseKey } }, 201]);
});

test("16: processes.start by name, expanded, without a strategy", async () => {
  const [job] = await processes.start({ processName: "InvoiceBot" }, 5, { expand: "robot,release" });
  assert.equal(job.state, "Pending");
  const { query, body } = last(emulator);
  assert.deepEqual([query, body], ["$expand=robot,release", { startInfo: { releaseName: "InvoiceBot" } }]);
  assert.equal(job.robot, null);
  assert.equal((job.release ?? job.process)?.name, "InvoiceBot");
});

test("17: assets.getAll, with and without a folder; by id, by name", async () => {
  await seedAssets();
  assert.deepEqual(names((await assets.getAll({ folderId: 5 })).items), ["ApiUrl", "Region"]);
  assert.equal(last(emulator).path, path("Assets/UiPath.Server.Configuration.OData.GetFiltered"));
  assert.deepEqual(names((await assets.getAll()).items), ["ApiUrl", "Region"]);
  assert.equal(last(emulator).path, path("Assets/UiPath.Server.Configuration.OData.GetAssetsAcrossFolders"));
  const found = await assets.getByName("ApiUrl", { folderPath: "Shared/Finance" });
  assert.equal(found.value, "https://api.example");
  assert.equal(last(emulator).query, "$filter=Name eq 'ApiUrl'&$top=1");
  assert.equal((await assets.getById(found.id, 5)).name, "ApiUrl");
});

test("18: refusals become the SDK's errors", async () => {
  await assert.rejects(queues.getById(99, 5), ({ name, message, requestId }) => {
    assert.deepEqual([name, message], ["NotFoundError", "QueueDefinition does not exist."]);
    assert.match(requestId, /^00-[\da-f]{32}-[\da-f]{16}-/);
    return true;
  });
  await assert.rejects(queues.getAll({ folderId: 99 }), { name: "ValidationError" });
  connect("wrong");
  await assert.rejects(queues.getAll(), { name: "AuthenticationError" });
});

test("18: other statuses and a page with 200, each with one call", async () => {
  const cases = [
    [{ status: 403 }, "AuthorizationError"],
    [{ status: 409 }, "ValidationError"],
    [{ status: 422 }, "ValidationError"],
    [{ status: 429, retryAfter: 1 }, "RateLimitError"],
    [{ status: 500 }, "ServerError"],
    [{ status: 502 }, "ServerError"],
    [{ status: 503 }, "ServerError"],
    [{ status: 504 }, "ServerError"],
    ["html", "NetworkError"],
  ];
  for (const [answer, name] of cases) {
    emulator.faults.set([{ match: { path: "/odata/QueueDefinitions(42)" }, handle: "no", answer }]);
    const before = emulator.requests().length;
    await assert.rejects(queues.getById(42, 5), { name }, JSON.stringify(answer));
    assert.equal(emulator.requests().length, before + 1);
  }
});

after(async () => {
  console.log(inventory.text);
  inventory.check();
  // Its telemetry leaves some five seconds after the first call.
  assert.equal(await tried(telemetry, 30_000), true, "the telemetry was not tried");
  assert.deepEqual(new Set(refused), new Set([telemetry]), "hosts that were tried");
  console.log(`${refused.length} × ${telemetry}: refused`);
});
