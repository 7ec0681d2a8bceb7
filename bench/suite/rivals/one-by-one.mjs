// What users do today: one item a call, through a client from npm. `one-by-one.mjs CLIENT FILE QUEUE FOLDER_ID`
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const [client = "", file = "", queue = "", folder = ""] = process.argv.slice(2);
const clients = fileURLToPath(new URL("../../../test/foreign-clients/", import.meta.url));
const require = createRequire(`${clients}package.json`);
const { hostname, port } = new URL(process.env.ORCH_SYNC_URL);
const user = { tenancyName: "bench", usernameOrEmailAddress: "admin", password: "s3cret" };

async function* rows() {
  for await (const line of createInterface({ input: createReadStream(file) })) yield JSON.parse(line);
}

/** uipath-orchestrator: callbacks. */
function callbacks() {
  const Orchestrator = require("uipath-orchestrator");
  const orchestrator = new Orchestrator({ hostname, isSecure: false, port: Number(port), ...user });
  orchestrator.switchOrganizationUnitId(Number(folder));
  const { odata } = orchestrator.v2;
  return (itemData) =>
    new Promise((resolve, reject) => {
      odata.postAddQueueItem({ itemData }, (error, body) => (error ? reject(error) : resolve(body)));
    });
}

/** uipath-orchestrator-api-node: promises. */
async function promises() {
  const { OrchestratorApi } = require("uipath-orchestrator-api-node");
  const api = new OrchestratorApi({ serverinfo: { servername: process.env.ORCH_SYNC_URL }, userinfo: user });
  await api.authenticate();
  api.organizationUnitId = Number(folder);
  return (itemData) => api.queueItem.create({ itemData });
}

const add = client === "uipath-orchestrator" ? callbacks() : await promises();
for await (const { reference, priority, content } of rows()) {
  await add({ Name: queue, Reference: reference, Priority: priority, SpecificContent: content });
}
