import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { startEmulator, type EditionName, type Emulator } from "../../src/emulator/index.ts";

/** A request as a page of the API guide shows it, with the answer that it shows. */
interface DocumentedRequest {
  readonly name: string;
  readonly edition: EditionName;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestBody?: unknown;
  readonly responseBody?: Row;
}

type Row = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Row;
}

const requests = JSON.parse(
  readFileSync(new URL("../fixtures/documented-requests.json", import.meta.url), "utf8"),
) as readonly DocumentedRequest[];

/** Members that a server makes up: for a row that is created they are another each time. */
const madeUp: ReadonlySet<string> = new Set(["Id", "Key", "BatchExecutionKey", "CreationTime", "RowVersion"]);

/** Where the pages contradict each other or themselves; the tenant file says which reading it took. */
const readings: readonly {
  readonly name: string;
  readonly member: string;
  readonly page: unknown;
  readonly is: unknown;
}[] = [
  { name: "jobs-by-robot-name", member: "@odata.count", page: 1, is: 13 },
  { name: "faulted-jobs-by-error", member: "Release.Description", page: null, is: "rockerii" },
  { name: "queue-processing-status", member: "ItemsInProgress", page: 0, is: 1752 },
  {
    name: "add-queue-item", // a misprint: the request and SpecificContent have O'Brian
    member: "SpecificData",
    page: `{"DynamicProperties":{"Email":"obrian@uipath.com","Name":"O'brian"}}`,
    is: `{"DynamicProperties":{"Email":"obrian@uipath.com","Name":"O'Brian"}}`,
  },
];

/** An emulator of its own for one request, of the edition that the page is about. */
async function open({ edition }: DocumentedRequest): Promise<Emulator> {
  const emulator = await startEmulator({ tenant: "documented", edition });
  onTestFinished(() => emulator.close());
  return emulator;
}

/** Sends a request as the page prints it: no folder header, for the tenant has one folder. */
async function send(emulator: Emulator, { method, requestBody }: DocumentedRequest, path: string): Promise<Answer> {
  const response = await fetch(emulator.url + path, {
    method,
    headers: { authorization: `Bearer ${emulator.token}`, "content-type": "application/json" },
    ...(requestBody === undefined ? {} : { body: JSON.stringify(requestBody) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === "" ? {} : (JSON.parse(text) as Row) };
}

function rowsOf(body: Row | undefined): readonly Row[] {
  return (body?.["value"] ?? []) as readonly Row[];
}

/** Members by path: `Release.Id`. What is under a member that holds no object is its value. */
function members(row: Row, prefix = ""): readonly (readonly [string, unknown])[] {
  return Object.entries(row).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? members(value as Row, `${prefix}${name}.`)
      : [[prefix + name, value] as const],
  );
}

/** The documented members that are missing or hold something else, as `member: page, is`. */
function differences(name: string, page: Row, is: Row, passed: ReadonlySet<string> = new Set()): string[] {
  const real = new Map(members(is));
  return members(page)
    .filter(([member]) => !passed.has(member) && member !== "@odata.context")
    .map(([member, value]) => {
      const reading = readings.find((each) => each.name === name && each.member === member && each.page === value);
      return [member, reading === undefined ? value : reading.is] as const;
    })
    .filter(([member, value]) => JSON.stringify(real.get(member)) !== JSON.stringify(value))
    .map(([member, value]) => `${member}: ${JSON.stringify(value)}, is ${JSON.stringify(real.get(member))}`);
}

/** The last part of `@odata.context`; the host before it is the server's own. */
const contextOf = (body: Row): string => String(body["@odata.context"]).replace(/^.*\$metadata#/, "");

const reads = requests.filter(({ method }) => method === "GET");
const writes = requests.filter(({ method }) => method === "POST");

describe.each(reads)("$edition $name", (request) => {
  const { name, path, status, responseBody = {} } = request;

  it("answers as documented", async () => {
    const answer = await send(await open(request), request, path);
    expect(answer.status).toBe(status);
    expect(contextOf(answer.body)).toBe(contextOf(responseBody));
    const { value: _rows, ...envelope } = responseBody;
    expect(differences(name, envelope, answer.body)).toEqual([]);
    const top = Number(/\$top=(\d+)/.exec(path)?.[1] ?? Infinity);
    expect(rowsOf(answer.body).length).toBe(Math.min(top, Number(answer.body["@odata.count"])));
  });

  it("has the documented properties in every row", async () => {
    const { body } = await send(await open(request), request, path);
    const documented = new Set(rowsOf(responseBody).flatMap((row) => members(row).map(([member]) => member)));
    const variable = /^(?:SpecificContent|ProcessingException)\./; // content is each item's own, an exception only of those that failed
    for (const row of rowsOf(body)) {
      const present = new Set(members(row).map(([member]) => member));
      expect([...documented].filter((member) => !present.has(member) && !variable.test(member))).toEqual([]);
    }
  });

  it("has the documented rows, with their values", async () => {
    const { body } = await send(await open(request), request, path.replace(/\$top=\d+&|&\$top=\d+/, ""));
    const found = rowsOf(body);
    for (const row of rowsOf(responseBody)) {
      const id = "Id" in row ? "Id" : "QueueDefinitionId";
      const own = found.find((each) => each[id] === row[id]);
      expect(own, `the row ${String(row[id])}`).toBeDefined();
      expect([row[id], differences(name, row, own ?? {})]).toEqual([row[id], []]);
    }
  });
});

describe.each(writes)("$edition $name", (request) => {
  it("answers as documented, apart from what a server makes up", async () => {
    const { name, path, status, responseBody } = request;
    const answer = await send(await open(request), request, path);
    expect(answer.status).toBe(status);
    expect(answer.text === "").toBe(responseBody === undefined); // StopJobs answers without a body
    expect(contextOf(answer.body)).toBe(contextOf(responseBody ?? {}));
    const { value: _rows, ...envelope } = responseBody ?? {};
    expect(differences(name, envelope, answer.body, madeUp)).toEqual([]);
    const rows = rowsOf(responseBody);
    expect(rowsOf(answer.body)).toHaveLength(rows.length);
    for (const [index, row] of rows.entries()) {
      expect(differences(name, row, rowsOf(answer.body)[index] ?? {}, madeUp)).toEqual([]);
    }
  });
});

it("all 19 requests are there, and every reading is of one of them", () => {
  expect([reads.length, writes.length]).toEqual([12, 7]);
  for (const { name, member, page } of readings) {
    const body = requests.find((request) => request.name === name)?.responseBody ?? {};
    const values = [body, ...rowsOf(body)].flatMap((row) => members(row)).filter(([path]) => path === member);
    expect(values.map(([, value]) => value)).toContain(page);
  }
});
