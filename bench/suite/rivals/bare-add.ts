// The bare client for adding items: reads the same source with the same parser, sends the same calls, one after the
// other as orch-sync does for one queue, parses every answer and keeps nothing. `BATCH` items go into a call.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parse } from "csv-parse";

interface Item {
  readonly Reference: string;
  readonly Priority: string;
  readonly SpecificContent: Readonly<Record<string, unknown>>;
}

const [file = "", queueName = "", folder = "", batch = "1000"] = process.argv.slice(2);
const url = `${process.env["ORCH_SYNC_URL"]}/odata/Queues/UiPathODataSvc.BulkAddQueueItems`;

async function* rows(): AsyncGenerator<Item> {
  const stream = createReadStream(file);
  if (file.endsWith(".csv")) {
    for await (const row of stream.pipe(parse({ columns: true, bom: true }))) {
      const { reference, vendor, amount, note } = row as Record<string, string>;
      const content = { Vendor: vendor, Amount: Number(amount), Note: note };
      yield { Reference: reference ?? "", Priority: "High", SpecificContent: content };
    }
    return;
  }
  for await (const line of createInterface({ input: stream })) {
    const { reference, content } = JSON.parse(line) as { reference: string; content: Item["SpecificContent"] };
    yield { Reference: reference, Priority: "High", SpecificContent: content };
  }
}

async function add(queueItems: readonly Item[]): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${process.env["ORCH_SYNC_TOKEN"]}`,
      "content-type": "application/json",
      "x-uipath-folderpath": folder,
    },
    body: JSON.stringify({ queueName, commitType: "ProcessAllIndependently", queueItems }),
  });
  const answer = (await response.json()) as { readonly Success?: boolean };
  if (answer.Success !== true) throw new Error(`${response.status}: ${JSON.stringify(answer)}`);
}

let items: Item[] = [];
for await (const item of rows()) {
  items.push(item);
  if (items.length < Number(batch)) continue;
  await add(items);
  items = [];
}
if (items.length > 0) await add(items);
