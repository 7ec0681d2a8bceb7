// The floor that an apply is held against (see bench/apply.ts): reads the same CSV with the same parser and makes the
// same calls, one after the other; answers are parsed, nothing is kept, checked, compared, written down or shown.
// `bare-client.ts URL TOKEN FILE PARALLELISM`
import { createReadStream } from "node:fs";
import { parse } from "csv-parse";

const [url = "", token = "", file = "", parallelism = "1"] = process.argv.slice(2);
const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };

interface Answer {
  readonly value?: readonly { readonly Id: number }[];
  readonly Success?: boolean;
}

async function call(method: string, path: string, body?: unknown, folder?: number): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...(folder === undefined ? {} : { "X-UIPATH-OrganizationUnitId": String(folder) }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Answer;
  if (!response.ok || answer.Success === false) throw new Error(`${method} ${path}: ${response.status}`);
  return answer;
}

/** What a plan reads of an empty queue. */
async function look(): Promise<number> {
  const folders = await call("GET", "/odata/Folders?$filter=FullyQualifiedName eq 'Bench'");
  const folder = folders.value?.[0]?.Id ?? 0;
  await call("GET", "/odata/QueueDefinitions?$filter=Name eq 'Bench'", undefined, folder);
  await call("GET", "/odata/QueueItems?$filter=QueueDefinitionId eq 1&$orderby=Id&$top=100", undefined, folder);
  return folder;
}

async function add(queueItems: readonly object[], folder: number): Promise<void> {
  const body = { queueName: "Bench", commitType: "ProcessAllIndependently", queueItems };
  await call("POST", "/odata/Queues/UiPathODataSvc.BulkAddQueueItems", body, folder);
}

const folder = await look();
const under = new Set<Promise<void>>();
async function send(items: readonly object[]): Promise<void> {
  while (under.size >= Number(parallelism)) await Promise.race(under);
  const sent = add(items, folder).finally(() => under.delete(sent));
  under.add(sent);
}

let batch: object[] = [];
const rows = createReadStream(file).pipe(parse({ columns: true })) as AsyncIterable<Record<string, string>>;
for await (const { number, prio, due, vendor, amount, note } of rows) {
  const content = { Vendor: vendor, Amount: Number(amount), Note: note };
  batch.push({ Reference: `INV-${number}`, Priority: prio, DueDate: due, SpecificContent: content });
  if (batch.length < 1000) continue;
  await send(batch);
  batch = [];
}
if (batch.length > 0) await send(batch);
await Promise.all(under);
