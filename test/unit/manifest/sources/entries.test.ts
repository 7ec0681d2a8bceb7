import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatPlace } from "../../../../src/core/source.ts";
import type { QueueItemEntry } from "../../../../src/kinds/queue-items/spec.ts";
import { loadManifests, type LoadedManifests } from "../../../../src/manifest/load.ts";
import { inFolder, load, manifest, places, type Files } from "../folder.ts";

const source = (members: string, more = ""): string =>
  manifest("QueueItems", `  queue: DocQueue\n${more}  source: { ${members} }`);

async function entries(files: Files): Promise<readonly QueueItemEntry[]> {
  const { resources, diagnostics } = await load(files);
  expect(diagnostics).toEqual([]);
  return resources.flatMap((resource) => (resource.kind === "QueueItems" ? Array.from(resource.spec.items) : []));
}

/** Entries without their places. */
async function items(files: Files): Promise<object[]> {
  return (await entries(files)).map(({ source: _source, ...item }) => item);
}

describe("a CSV file without a mapping", () => {
  const upload = source("file: a.csv, timeZone: UTC");

  it("has the special headers of Orchestrator's own upload; the rest is text", async () => {
    const csv =
      "Reference,Priority,Deadline,Postpone,DeferDate,DueDate,Amount\n1,HIGH,2026-01-02,2026-01-01 08:00,x,y,007\n";
    expect(await items({ "m.yaml": upload, "a.csv": csv })).toEqual([
      {
        reference: "1",
        priority: "High",
        dueDate: "2026-01-02T00:00:00Z",
        deferDate: "2026-01-01T08:00:00Z",
        content: { DeferDate: "x", DueDate: "y", Amount: "007" },
      },
    ]);
  });

  it("keeps dates that count from the plan as they are written", async () => {
    const csv = "Reference,Deadline,Postpone\n1,+2d,+90m\n";
    expect(await items({ "m.yaml": source("file: a.csv"), "a.csv": csv })).toEqual([
      { reference: "1", dueDate: "+2d", deferDate: "+90m" },
    ]);
  });

  it("leaves out what its special cells leave empty, and keeps empty cells as text", async () => {
    const csv = "Reference,Priority,Deadline,Postpone,A\n1,,,,\n";
    expect(await items({ "m.yaml": upload, "a.csv": csv })).toEqual([{ reference: "1", content: { A: "" } }]);
  });

  it("makes content of a special column whose field has a template", async () => {
    const csv = "Reference,Deadline,due\n1,soon,2026-01-01\n";
    const yaml = source('file: a.csv, timeZone: UTC, reference: "R-{Reference}", dueDate: "{due}"');
    expect(await items({ "m.yaml": yaml, "a.csv": csv })).toEqual([
      {
        reference: "R-1",
        dueDate: "2026-01-01T00:00:00Z",
        content: { Reference: "1", Deadline: "soon", due: "2026-01-01" },
      },
    ]);
  });

  it("passes over columns without a header, and blank lines", async () => {
    const csv = "\uFEFFReference,,A, \r\n\r\n1,x,2,y\r\n\n";
    expect(await items({ "m.yaml": upload, "a.csv": csv })).toEqual([{ reference: "1", content: { A: "2" } }]);
  });

  it("has no content where there is no other column", async () => {
    expect(await items({ "m.yaml": upload, "a.csv": "Reference\n1\n" })).toEqual([{ reference: "1" }]);
  });

  it.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
    ["CR", "\r"],
  ])("reads quotes, doubled quotes and line breaks, lines ending with %s", async (_name, end) => {
    const csv = ["Reference,A", `1,"x, ""y""${end}ü"`, '"2",z'].join(end);
    const found = await entries({ "m.yaml": upload, "a.csv": csv });
    expect(found.map(({ source: place, content }) => [formatPlace(place), content])).toEqual([
      ["a.csv:2:1", { A: `x, "y"${end}ü` }],
      ["a.csv:4:1", { A: "z" }],
    ]);
  });

  it.each([";", "|", "\t"])("takes %j between cells", async (delimiter) => {
    const yaml = source(`file: a.csv, delimiter: ${JSON.stringify(delimiter)}`);
    const csv = `Reference${delimiter}A\n1${delimiter}"a${delimiter}b,c"\n`;
    expect(await items({ "m.yaml": yaml, "a.csv": csv })).toEqual([
      { reference: "1", content: { A: `a${delimiter}b,c` } },
    ]);
  });

  it("makes a reference of the content where it has none and may", async () => {
    const yaml = source("file: a.csv", "  references: fromContent\n");
    const found = await items({ "m.yaml": yaml, "a.csv": "Reference,A\n,1\nx,1\n" });
    expect(found).toEqual([
      { reference: expect.stringMatching(/^c-[0-9a-f]{24}$/) as string, content: { A: "1" } },
      { reference: "x", content: { A: "1" } },
    ]);
  });

  it("says once, not for each row, that no column is the reference", async () => {
    const loaded = await load({ "m.yaml": source("file: a.csv"), "a.csv": "reference,A\n1,2\n3,4\n" });
    expect(places(loaded)).toEqual(["m.yaml:6:3 QI001"]);
    expect(loaded.diagnostics[0]?.hint).toBe(
      'name the column Reference, not reference, or set source.reference: "{reference}", or references: fromContent',
    );
  });

  it("judges content keys at the header", async () => {
    const loaded = await load({ "m.yaml": source("file: a.csv"), "a.csv": 'Reference,"a.b"\n1,2\n3,4\n' });
    expect(places(loaded)).toEqual(["a.csv:1:11 QI005"]);
  });
});

describe("a mapping", () => {
  it("is all that counts: no header is special", async () => {
    const yaml = source('file: a.csv, reference: "{n}", content: { P: { column: Priority } }');
    expect(await items({ "m.yaml": yaml, "a.csv": "n,Priority,Deadline\n1,high,x\n" })).toEqual([
      { reference: "1", content: { P: "high" } },
    ]);
  });

  it("wants a reference, and suggests the column that would be one", async () => {
    const loaded = await load({
      "m.yaml": source("file: a.csv, content: { A: { column: a } }"),
      "a.csv": "Reference,a\n1,2\n",
    });
    expect(loaded.diagnostics).toMatchObject([
      { code: "QI001", hint: 'set source.reference: "{Reference}", or references: fromContent' },
    ]);
  });

  it("gives types, and null for empty cells that are no text", async () => {
    const yaml = source(
      'file: a.csv, timeZone: UTC, reference: "{n}", content: { T: { column: a }, N: { column: a, type: number }, I: { column: b, type: integer }, B: { column: c, type: boolean }, D: { column: d, type: date } }',
    );
    expect(await items({ "m.yaml": yaml, "a.csv": "n,a,b,c,d\n1,1.50,3,True,2026/01/01\n2,,,,\n" })).toEqual([
      { reference: "1", content: { T: "1.50", N: 1.5, I: 3, B: true, D: "2026-01-01T00:00:00Z" } },
      { reference: "2", content: { T: "", N: null, I: null, B: null, D: null } },
    ]);
  });
});

describe("NDJSON and JSON", () => {
  const rows = [
    '{"Reference":"a","Priority":3,"Deadline":"2026-01-01","A":1,"B":true,"C":null,"D":"x"}',
    '{"reference":"b","priority":"Low","dueDate":null,"content":{"A":1.5}}',
    '{"Reference":0012e0}'.replace("0012e0", "1.10"),
  ];
  const expected = [
    {
      reference: "a",
      priority: "High",
      dueDate: "2026-01-01T00:00:00Z",
      content: { A: 1, B: true, C: null, D: "x" },
    },
    { reference: "b", priority: "Low", dueDate: null, content: { A: 1.5 } },
    { reference: "1.10" },
  ];

  it("keep their types, in both forms of a row", async () => {
    const yaml = source("file: a.ndjson, timeZone: UTC");
    expect(await items({ "m.yaml": yaml, "a.ndjson": `${rows.join("\r\n")}\n\n` })).toEqual(expected);
  });

  it("are the same rows in a list", async () => {
    const yaml = source("file: a.JSON, timeZone: UTC");
    const found = await entries({ "m.yaml": yaml, "a.JSON": `[ ${rows.join(",\n\n")}\n]\n` });
    expect(found.map(({ source: _source, ...item }) => item)).toEqual(expected);
    expect(found.map((entry) => formatPlace(entry.source))).toEqual(["a.JSON:1:1", "a.JSON:3:1", "a.JSON:5:1"]);
  });

  it("are read by a mapping: numbers become text as they are written, what is missing stays missing", async () => {
    const yaml = source(
      'file: a.jsonl, reference: "{id}-{ok}", content: { T: { column: n }, N: { column: n, type: number }, M: { column: m, type: integer } }',
    );
    const jsonl =
      '{"id":12345678901234567890,"ok":true,"n":1.50}\n{"id":2,"ok":null,"n":"7","m":null}\n{"id":3,"m":"4"}\n';
    expect(await items({ "m.yaml": yaml, "a.jsonl": jsonl })).toEqual([
      { reference: "12345678901234567890-true", content: { T: "1.50", N: 1.5 } },
      { reference: "2-", content: { T: "7", N: 7, M: null } },
      { reference: "3-", content: { M: 4 } },
    ]);
  });

  it("have flat rows only, however deep they go", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const loaded = await load({
      "m.yaml": source("file: a.ndjson"),
      "a.ndjson": `{"Reference":"a","A":${deep}}\n{"Reference":"b","A":${deep.slice(1)}}\n`,
    });
    expect(places(loaded)).toEqual(["a.ndjson:1:22 QI006", "a.ndjson:2:400020 QI020"]);
  });

  it("may be empty", async () => {
    expect(await items({ "m.yaml": source("file: a.json"), "a.json": " [\n] " })).toEqual([]);
    expect(await items({ "m.yaml": source('file: a.ndjson, reference: "{a}"'), "a.ndjson": "\n" })).toEqual([]);
  });
});

describe("what is sensitive", () => {
  const secret = "hunter2";

  it.each([
    ["CSV", "a.csv", `Reference,Amount,Email\n1,${secret},${secret}\n2\n`],
    ["NDJSON", "a.ndjson", `{"Reference":"1","Amount":["${secret}"],"Email":["${secret}"]}\n{"Email":"${secret}",}\n`],
    ["rows as items", "a.ndjson", `{"content":{"Email":{"a":"${secret}"},"Amount":"${secret}"},"dueDate":"x"}\n`],
  ])("is neither quoted nor shown beside a caret: %s", async (_name, file, text) => {
    const yaml = file.endsWith("csv")
      ? source(
          `file: ${file}, reference: "{Reference}", priority: "{Email}", content: { Email: { column: Email, type: number } }`,
          "  sensitive: [Email]\n",
        )
      : source(`file: ${file}`, "  sensitive: [Email]\n");
    const { diagnostics } = await load({ "m.yaml": yaml, [file]: text });
    expect(diagnostics.length).toBeGreaterThan(1);
    expect(JSON.stringify(diagnostics)).not.toContain(secret);
  });
});

it("puts items before the rows of the source, and counts rows", async () => {
  const files = {
    "m.yaml": manifest("QueueItems", "  queue: Q\n  source: { file: a.csv }\n  items: [{ reference: x }]"),
    "a.csv": "Reference\n1\n2\n",
  };
  const kept = await load(files);
  expect(kept).toMatchObject({ files: 1, sources: 1, rows: 2, resources: [{ spec: { items: { length: 3 } } }] });
  const checked = await load(files, { keepItems: false });
  expect(checked).toMatchObject({ files: 1, sources: 1, rows: 2, resources: [{ spec: { items: { length: 1 } } }] });
});

it("needs items, a source or both", async () => {
  const loaded = await load({ "m.yaml": manifest("QueueItems", "  queue: Q") });
  expect(loaded.diagnostics).toMatchObject([
    { code: "MF015", message: 'spec needs at least one of "items", "source", but has none' },
  ]);
});

it("does not read a file by half of what the manifest says", async () => {
  const yaml = source('file: "${env:NO_SUCH_FILE}", content: { A: { column: a, type: float } }');
  expect(places(await load({ "m.yaml": yaml }))).toEqual(["m.yaml:6:19 MF016", "m.yaml:6:75 MF013"]);
});

describe("files outside", () => {
  async function outside(options: object, link = "../a.csv"): Promise<LoadedManifests> {
    return inFolder({ "a.csv": "Reference\n1\n", "project/sub/m.yaml": source("file: in.csv") }, async (folder) => {
      await symlink(link, join(folder, "project/sub/in.csv"));
      await mkdir(join(folder, "project/data"));
      await writeFile(join(folder, "project/data/b.csv"), "Reference\n1\n");
      const cwd = join(folder, "project");
      return loadManifests({
        paths: ["sub"],
        cwd,
        env: {},
        ...("root" in options ? { root: cwd } : {}),
        ...("allowOutside" in options ? { allowOutside: true } : {}),
      });
    });
  }

  it("are refused when a link leads there", async () => {
    const { diagnostics } = await outside({ root: true }, "../../a.csv");
    expect(diagnostics).toMatchObject([
      { code: "QI011", message: "../a.csv is neither below the manifest's folder nor in the project" },
    ]);
  });

  it("are allowed by --allow-outside", async () => {
    expect((await outside({ allowOutside: true }, "../../a.csv")).diagnostics).toEqual([]);
  });

  it("are not those of the project", async () => {
    expect((await outside({ root: true }, "../data/b.csv")).diagnostics).toEqual([]);
    expect(places(await outside({}, "../data/b.csv"))).toEqual(["sub/m.yaml:6:19 QI011"]);
  });
});
