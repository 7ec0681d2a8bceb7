// The bare client for whatever orch-sync has called once: reads the same source with the same parser, then sends the
// same calls, so many at a time, parses every answer and keeps nothing.
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parse } from "csv-parse";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
}

interface Work {
  readonly source?: string;
  readonly parallelism: number;
  /** Calls that wait for those before them, by groups. */
  readonly calls: readonly Call[];
  readonly folder: string;
}

async function read(file: string): Promise<void> {
  const stream = createReadStream(file);
  if (file.endsWith(".csv")) {
    for await (const row of stream.pipe(parse({ columns: true, bom: true }))) void row;
  } else {
    for await (const line of createInterface({ input: stream })) JSON.parse(line);
  }
}

async function send({ method, path, body }: Call, folder: string): Promise<void> {
  const response = await fetch(`${process.env["ORCH_SYNC_URL"]}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${process.env["ORCH_SYNC_TOKEN"]}`,
      "x-uipath-folderpath": folder,
      ...(body === null ? {} : { "content-type": "application/json" }),
    },
    body,
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  if (text !== "") JSON.parse(text);
}

const { source, calls, parallelism, folder } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Work;
if (source !== undefined) await read(source);
const rest = calls.values();
await Promise.all(
  Array.from({ length: parallelism }, async () => {
    for (const call of rest) await send(call, folder);
  }),
);
