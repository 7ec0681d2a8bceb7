import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { desk } from "../../support/desk.ts";
import { tenant } from "../../support/server.ts";

const documented = { tenant: "documented", place: "Default" } as const;

/** What is wrong with a list by its schema. */
function problems(name: string, text: string): unknown {
  const file = new URL(`../../../schemas/${name}.schema.json`, import.meta.url);
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(file, "utf8")) as object,
  );
  return validate(JSON.parse(text)) ? [] : validate.errors;
}
const idsOf = (ndjson: string): number[] =>
  ndjson
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { readonly id: number }).id);
const queriesOf = (emulator: { requests(): readonly { path: string; query: string }[] }, path: string): string[] =>
  emulator
    .requests()
    .filter((request) => request.path === path)
    .map(({ query }) => decodeURIComponent(query));

describe("jobs", () => {
  it.each<[string, string[], number[]]>([
    ["a robot's id and a state", ["--robot", "749", "--state", "successful"], [127283, 125161]],
    ["a robot's name", ["--robot", "docbot", "--limit", "2"], [127510, 127509]],
    ["the end and a robot", ["--robot", "759", "--ended-before", "2018-02-22T10:00:00.837Z"], [125163, 125162, 125160]],
    ["an environment", ["--environment", "312", "--created-before", "2018-01-15T18:06:00Z"], [125154, 125153]],
    [
      "a text of the info",
      ["--created-after", "2017-01-01T00:00:00Z", "--state", "Faulted", "--error", "Logon failure", "--limit", "2"],
      [125162, 125160],
    ],
    ["two states", ["--state", "Running", "--state", "Stopped"], [22450728, 22450719]],
    [
      "a process, and when they started",
      ["--process", "release_project_doc_env", "--started-after", "2018-03-21T00:00:00Z"],
      [22450728, 22450719],
    ],
  ])("are filtered by %s", async (_what, args, expected) => {
    const { run, emulator } = await desk(documented);
    const { code, stdout } = await run(["jobs", "-o", "ndjson", ...args]);
    expect([code, idsOf(stdout)]).toEqual([0, expected]);
    expect(queriesOf(emulator, "/odata/Jobs")).toHaveLength(1);
  });

  it("follow their schema, and say how many there are", async () => {
    const { run } = await desk(documented);
    const { stdout } = await run(["jobs", "--state", "Faulted", "--limit", "3", "-o", "json"]);
    expect(problems("jobs", stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ total: 16, more: true });
    const screen = await run(["jobs", "--state", "Faulted", "--limit", "3"]);
    expect(screen.stdout).toContain("\n3 of 16 jobs, the newest first; --limit N shows more.\n");
    expect((await run(["jobs", "--state", "Stopped"])).stdout).toBe("no jobs\n");
  });

  it("have no environments on a server without", async () => {
    const { run } = await desk({ tenant: tenant({ edition: "cloud" }) });
    const { code, output } = await run(["jobs", "--environment", "312"]);
    expect([code, output]).toEqual([64, expect.stringContaining("has no environments")]);
  });
});

describe("items", () => {
  it("are filtered by status and robot, and read in as few pages as the limit takes", async () => {
    const { run, emulator } = await desk(documented);
    const { stdout } = await run([
      "items",
      "--status",
      "InProgress",
      "--robot",
      "749",
      "--limit",
      "1500",
      "-o",
      "ndjson",
    ]);
    expect(new Set(idsOf(stdout)).size).toBe(1500);
    const queries = queriesOf(emulator, "/odata/QueueItems");
    expect(queries).toHaveLength(2);
    expect(queries[0]).toBe(
      "$filter=(Status eq 'InProgress' and Robot/Id eq 749)&$orderby=Id desc&$top=1000&$expand=Robot,ReviewerUser&$count=true",
    );
    expect(queries[1]).toContain("$top=500");
  });

  it.each<[string, string[], number[]]>([
    ["review status", ["--review-status", "inreview"], [1050199, 1050198, 1050197]],
    ["part of an error, on our side", ["--status", "Failed", "--error", "EXCEL"], [1050204]],
    ["when they ended", ["--ended-after", "2018-03-07T18:20:00Z", "--queue", "docqueue"], [1050204]],
    [
      "a type of exception and an end",
      ["--exception-type", "BusinessException", "--ended-after", "2018-03-07T18:15:05Z"],
      [1050204, 1050203],
    ],
  ])("are filtered by %s", async (_what, args, expected) => {
    const { run } = await desk(documented);
    expect(idsOf((await run(["items", "-o", "ndjson", ...args])).stdout)).toEqual(expected);
  });

  it("are asked for again without what the server does not take, and matched here", async () => {
    const { run, emulator } = await desk({
      tenant: tenant({
        queues: [{ name: "Q", folder: "Finance" }],
        items: ["INV-1", "X-1", "INV-2"].map((reference) => ({ queue: "Q", folder: "Finance", reference })),
      }),
      faults: [
        {
          match: { path: "/odata/QueueItems", calls: 1 },
          handle: "no",
          answer: { status: 400, errorCode: 1000, message: "Invalid OData query options" },
        },
      ],
    });
    const { stdout } = await run(["items", "--prefix", "inv-", "-o", "csv"]);
    const rows = parse(stdout, { columns: true }) as unknown as { readonly reference: string }[];
    expect(rows.map(({ reference }) => reference)).toEqual(["INV-2", "INV-1"]);
    expect(queriesOf(emulator, "/odata/QueueItems").map((query) => query.includes("startswith"))).toEqual([
      true,
      false,
    ]);
  });

  it("of several folders are the newest of all, each once where folders share a queue", async () => {
    const { run } = await desk({
      tenant: tenant({
        folders: [
          { path: "Finance", type: "modern" },
          { path: "Sales", type: "modern" },
        ],
        queues: [
          { name: "Q", folder: "Finance", linkedFolders: ["Sales"] },
          { name: "S", folder: "Sales" },
        ],
        items: [
          { queue: "Q", folder: "Finance", reference: "A" },
          { queue: "S", folder: "Sales", reference: "B" },
          { queue: "Q", folder: "Finance", reference: "=1+1" },
        ],
      }),
    });
    const { stdout } = await run(["items", "-o", "csv", "--csv-safe"]);
    expect(parse(stdout).map(([, queue, , reference]) => [queue, reference])).toEqual([
      ["queue", "reference"],
      ["Q", "'=1+1"],
      ["S", "B"],
      ["Q", "A"],
    ]);
    expect((await run(["items", "-o", "csv"])).stdout).toContain(",=1+1,");
    expect(problems("items", (await run(["items", "-o", "json", "--limit", "2"])).stdout)).toEqual([]);
  });

  it("end with 1 for a queue that no folder has, and with 64 for a time without a zone", async () => {
    const { run } = await desk(documented);
    expect(await run(["items", "--queue", "DocQueu"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("did you mean DocQueue?"),
    });
    expect((await run(["items", "--ended-after", "2018-03-07T18:20:00"])).code).toBe(64);
  });
});
