// The bare client, `bare-client.mjs WORK.json`: reads the same source with the same parser, sends the same calls, as
// many at a time, parses every answer and keeps nothing. Plain JavaScript: no time goes into stripping types.
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/**
 * `calls` are sent as they are: what orch-sync has called. With `add` the rows of the source are added after them, so
 * many a call; without it the source is merely read.
 * @type {{ source?: string; calls: { method: string; path: string; body: string | null }[]; parallelism: number;
 *   folder: string; add?: { queue: string; batch: number } }}
 */
const { source, calls, parallelism, folder, add } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));

/** The rows of a source as queue items. */
async function* rows(file) {
  if (file.endsWith(".yaml")) {
    const { parse } = await import("yaml");
    for (const { reference, priority, content } of parse(readFileSync(file, "utf8")).spec.items) {
      yield { Reference: reference, Priority: priority, SpecificContent: content };
    }
  } else if (file.endsWith(".csv")) {
    const { parse } = await import("csv-parse");
    for await (const { reference, vendor, amount, note } of createReadStream(file).pipe(parse({ columns: true }))) {
      const content = { Vendor: vendor, Amount: Number(amount), Note: note };
      yield { Reference: reference, Priority: "High", SpecificContent: content };
    }
  } else {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const { reference, priority, content } = JSON.parse(line);
      yield { Reference: reference, Priority: priority, SpecificContent: content };
    }
  }
}

async function* additions(items, { queue, batch }) {
  const body = (queueItems) => JSON.stringify({ queueName: queue, commitType: "ProcessAllIndependently", queueItems });
  const call = { method: "POST", path: "/odata/Queues/UiPathODataSvc.BulkAddQueueItems" };
  let next = [];
  for await (const item of items) {
    next.push(item);
    if (next.length < batch) continue;
    yield { ...call, body: body(next) };
    next = [];
  }
  if (next.length > 0) yield { ...call, body: body(next) };
}

async function send({ method, path, body }) {
  const response = await fetch(`${process.env.ORCH_SYNC_URL}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${process.env.ORCH_SYNC_TOKEN}`,
      "x-uipath-folderpath": folder,
      "content-type": "application/json",
    },
    ...(body === null ? {} : { body }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  if (text !== "" && JSON.parse(text).Success === false) throw new Error(`${path}: ${text}`);
}

/** As many at a time as are allowed. */
async function sendAll(all) {
  const worker = async () => {
    for (let { done, value } = await all.next(); !done; { done, value } = await all.next()) await send(value);
  };
  await Promise.all(Array.from({ length: parallelism }, worker));
}

if (source !== undefined && add === undefined) for await (const row of rows(source)) void row;
await sendAll(calls.values());
if (add !== undefined) await sendAll(additions(rows(source), add));
