import { describe, expect, it } from "vitest";
import type { DiagnosticCode } from "../../../src/core/diagnostic-codes.ts";
import { diagnosticCodes } from "../../../src/core/diagnostic-codes.ts";
import { items, load, manifest, places, type Files } from "./folder.ts";

interface Case {
  readonly name: string;
  readonly files: Files | string;
  readonly expected: readonly string[];
  /** Of the first diagnostic. */
  readonly message?: string;
  readonly hint?: string;
  readonly remark?: string;
}

const source = (members: string): string => manifest("QueueItems", `  queue: DocQueue\n  source: { ${members} }`);
const job = (spec: string, metadata?: string): string => manifest("Job", spec, metadata);

/** A manifest with so many items. */
function spread(count: number, name: string): string[] {
  const lines = Array.from({ length: count }, (_, index) => `    - { reference: ${name}${index} }`);
  return [items(lines.join("\n")).replace("name: m", `name: ${name}`)];
}

const cases: Partial<Record<DiagnosticCode, readonly Case[]>> = {
  MF003: [
    { name: "an open quote", files: 'a: "b\n', expected: ["m.yaml:2:1 MF003"] },
    {
      name: "a tab as indentation",
      files: "a:\n\tb: 1\n",
      expected: ["m.yaml:2:1 MF003"],
      message: "a tab is not allowed as indentation",
      hint: "put blanks in its place",
    },
    {
      name: "a tab that makes a list stand in the wrong column",
      files: "a: [1,\n\t2]\n",
      expected: ["m.yaml:2:2 MF003"],
      hint: "this line is indented with a tab: put blanks in its place",
    },
  ],
  MF004: [
    {
      name: "a key twice, beside other mistakes",
      files: job("  process: A\n  run: onec\n  process: B"),
      expected: ["m.yaml:6:8 MF013", "m.yaml:7:3 MF004"],
    },
    {
      name: "where the first one is",
      files: job("  process: A\n  process: B"),
      expected: ["m.yaml:6:3 MF004"],
      message: 'key "process" occurs twice',
      remark: "first in line 5",
    },
  ],
  MF005: [
    { name: "a key that is a number", files: "1: a\n", expected: ["m.yaml:1:1 MF005"], hint: 'put it in quotes: "1"' },
    { name: "__proto__", files: "a:\n  __proto__: 1\n", expected: ["m.yaml:2:3 MF005"] },
    { name: "a key that is a list", files: "? [a]\n: b\n", expected: ["m.yaml:1:3 MF005"] },
    { name: "a tag", files: "a: !!binary aGk=\n", expected: ["m.yaml:1:4 MF005"] },
    { name: "an alias that contains itself", files: "a: &x [*x]\n", expected: ["m.yaml:1:8 MF005"] },
    { name: "65 levels", files: `a: ${"[".repeat(65)}${"]".repeat(65)}\n`, expected: ["m.yaml:1:68 MF005"] },
    { name: "20,000 levels", files: "[".repeat(20_000), expected: [expect.stringContaining("MF005") as string] },
    {
      name: "aliases that stand for a billion values, once",
      files: `a: &a [1,1,1,1,1,1,1,1,1]\n${Array.from("bcdefghij", (key, index) => `${key}: &${key} [${Array(9).fill(`*${"abcdefghij"[index]}`).join(",")}]`).join("\n")}\n`,
      expected: [expect.stringContaining("MF005") as string],
    },
  ],
  MF006: [
    {
      name: "an identifier without quotes, once",
      files: items("    - reference: 12345678901234567890"),
      expected: ["m.yaml:7:18 MF006"],
      message: "the number has more digits than can be kept",
      hint: "put it in quotes if it is an identifier, else write fewer digits",
    },
    { name: "infinity", files: items("    - { reference: a, content: { N: .inf } }"), expected: ["m.yaml:7:37 MF006"] },
  ],
  MF007: [
    { name: "a list", files: "- a\n", expected: ["m.yaml:1:1 MF007"] },
    { name: "another tool's file", files: "name: ci\non: push\n", expected: ["m.yaml:1:1 MF007"] },
  ],
  MF008: [
    {
      name: "another version",
      files: "apiVersion: orch-sync/v2\nkind: Job\n",
      expected: ["m.yaml:1:13 MF008"],
      hint: "write apiVersion: orch-sync/v1",
    },
    { name: "none", files: "kind: Job\n", expected: ["m.yaml:1:1 MF008"] },
  ],
  MF009: [
    {
      name: "a misspelled kind",
      files: "apiVersion: orch-sync/v1\nkind: QueueItem\n",
      expected: ["m.yaml:2:7 MF009"],
      hint: 'did you mean "QueueItems"?',
    },
  ],
  MF010: [
    {
      name: "in a spec",
      files: job("  process: A\n  priorty: High"),
      expected: ["m.yaml:6:3 MF010"],
      message: 'unknown key "priorty" in spec',
      hint: 'did you mean "priority"?',
    },
    { name: "at the root", files: `${job("  process: A")}status: done\n`, expected: ["m.yaml:6:1 MF010"] },
    {
      name: "a misspelled key that is required, once",
      files: manifest("Review", "  queu: A\n  unassign: true"),
      expected: ["m.yaml:5:3 MF010"],
    },
    {
      name: "a key that a strategy of another type has",
      files: job("  process: A\n  strategy: { type: All, count: 1 }"),
      expected: ["m.yaml:6:26 MF010"],
    },
  ],
  MF011: [
    {
      name: "a queue",
      files: manifest("Review", "  unassign: true"),
      expected: ["m.yaml:4:1 MF011"],
      message: '"queue" is missing in spec',
    },
    { name: "a strategy's type", files: job("  process: A\n  strategy: { count: 1 }"), expected: ["m.yaml:6:3 MF011"] },
    {
      name: "metadata and spec",
      files: "apiVersion: orch-sync/v1\nkind: Job\n",
      expected: ["m.yaml:1:1 MF011", "m.yaml:1:1 MF011"],
    },
  ],
  MF012: [
    {
      name: "a number for text",
      files: items("    - reference: 0x07"),
      expected: ["m.yaml:7:18 MF012"],
      message: "items[0].reference must be text, not 7",
      hint: 'put it in quotes: "0x07"',
    },
    {
      name: "text for a number",
      files: job("  process: A\n  strategy: { type: Dynamic, count: '2' }"),
      expected: ["m.yaml:6:37 MF012"],
    },
    { name: "yes for true", files: job("  process: A\n  runAsMe: yes"), expected: ["m.yaml:6:12 MF012"] },
    { name: "an empty spec, once", files: job("").trimEnd(), expected: ["m.yaml:4:1 MF012"] },
    { name: "text for a strategy", files: job("  process: A\n  strategy: All"), expected: ["m.yaml:6:13 MF012"] },
  ],
  MF013: [
    {
      name: "a misspelled priority",
      files: items("    - { reference: a, priority: Hihg }"),
      expected: ["m.yaml:7:33 MF013"],
      message: 'items[0].priority must be one of High, Normal, Low, not "Hihg"',
      hint: 'did you mean "High"?',
    },
    {
      name: "a misspelled strategy, without what the others miss",
      files: job("  process: A\n  strategy: { type: Specfic, robots: [R] }"),
      expected: ["m.yaml:6:21 MF013"],
      hint: 'did you mean "Specific"?',
    },
  ],
  MF014: [
    {
      name: "a duration",
      files: job("  process: A\n  wait: { timeout: 30min }"),
      expected: ["m.yaml:6:20 MF014"],
      hint: "for example 30m",
    },
    {
      name: "a count of none",
      files: job("  process: A\n  strategy: { type: Dynamic, count: 0 }"),
      expected: ["m.yaml:6:37 MF014"],
    },
    { name: "a key that is no GUID", files: job("  releaseKey: 12-34"), expected: ["m.yaml:5:15 MF014"] },
    {
      name: "a list without entries",
      files: manifest("StoppedJobs", "  select: { ids: [] }"),
      expected: ["m.yaml:5:18 MF014"],
    },
    {
      name: "a value twice in a list",
      files: manifest("StoppedJobs", "  select: { ids: [7, 8, 7] }"),
      expected: ["m.yaml:5:25 MF014"],
      message: "select.ids[2] repeats select.ids[0]",
    },
  ],
  MF015: [
    {
      name: "neither process nor releaseKey",
      files: job("  run: once"),
      expected: ["m.yaml:4:1 MF015"],
      message: 'spec needs exactly one of "process", "releaseKey", but has none',
    },
    {
      name: "both",
      files: job("  process: A\n  releaseKey: 4f1f2b0e-0f5c-4d3b-9a53-2f8a4ff2a9d1"),
      expected: ["m.yaml:4:1 MF015"],
      message: 'spec needs exactly one of "process", "releaseKey", but has "process" and "releaseKey"',
    },
    {
      name: "a selection of everything",
      files: manifest("StoppedJobs", "  select: { states: [Pending] }"),
      expected: ["m.yaml:5:3 MF015"],
    },
  ],
  MF016: [
    {
      name: "an unset variable, without what the schema would say of its text",
      files: job("  process: A", 'name: "${env:NOPE}", folder: F'),
      expected: ["m.yaml:3:19 MF016"],
      message: "environment variable NOPE is not set (metadata.name)",
    },
  ],
  MF017: [
    { name: "another source", files: job('  process: "${file:a}"'), expected: ["m.yaml:5:12 MF017"] },
    { name: "no end", files: job('  process: "${env:A"'), expected: ["m.yaml:5:12 MF017"] },
  ],
  MF018: [
    { name: "capital letters", files: job("  process: A", "name: Bad, folder: F"), expected: ["m.yaml:3:19 MF018"] },
    {
      name: "which hides no other mistake",
      files: job("  process: A\n  dependsOn: [Job/none]", "name: Bad, folder: F"),
      expected: ["m.yaml:3:19 MF018", "m.yaml:6:15 MF020"],
    },
    {
      name: "64 characters",
      files: job("  process: A", `name: ${"a".repeat(64)}, folder: F`),
      expected: ["m.yaml:3:19 MF018"],
    },
  ],
  MF019: [
    {
      name: "in two files, in folders spelled differently",
      files: {
        "a.yaml": job("  process: A", "name: x, folder: finance"),
        "b.yaml": job("  process: A", "name: x, folder: /Finance/"),
      },
      expected: ["b.yaml:3:19 MF019"],
      message: "Job/x@Finance occurs twice",
      remark: "first at a.yaml:3",
    },
    {
      name: "not for two kinds",
      files: { "a.yaml": job("  process: A"), "b.yaml": manifest("StoppedJobs", "  select: { ids: [1] }") },
      expected: [],
    },
  ],
  MF020: [
    {
      name: "a name that does not exist",
      files: {
        "a.yaml": job("  process: A\n  dependsOn: [Job/y]", "name: x, folder: F"),
        "b.yaml": job("  process: A", "name: yy, folder: F"),
      },
      expected: ["a.yaml:6:15 MF020"],
      message: "Job/y@F is not among the manifests",
      hint: 'did you mean "Job/yy"?',
    },
    {
      name: "a name in another folder",
      files: {
        "a.yaml": job("  process: A\n  dependsOn: [Job/y]", "name: x, folder: F"),
        "b.yaml": job("  process: A", "name: y, folder: G"),
      },
      expected: ["a.yaml:6:15 MF020"],
      hint: 'did you mean "Job/y@G"?',
    },
    {
      name: "a misspelled kind",
      files: job("  process: A\n  dependsOn: [Jobs/y]"),
      expected: ["m.yaml:6:15 MF020"],
      hint: 'did you mean "Job/y"?',
    },
    {
      name: "not for a manifest with mistakes",
      files: {
        "a.yaml": job("  process: A\n  dependsOn: [Job/y]", "name: x, folder: F"),
        "b.yaml": job("  x: 1", "name: y, folder: F"),
      },
      expected: ["b.yaml:4:1 MF015", "b.yaml:5:3 MF010"],
    },
  ],
  MF021: [
    {
      name: "of two, once",
      files: {
        "a.yaml": job("  process: A\n  dependsOn: [Job/z, Job/y]", "name: x, folder: F"),
        "b.yaml": job("  process: A\n  dependsOn: [Job/x@f]", "name: y, folder: F"),
        "c.yaml": job("  process: A", "name: z, folder: F"),
      },
      expected: ["a.yaml:6:22 MF021"],
      message: "dependencies form a cycle: Job/x → Job/y → Job/x",
    },
    { name: "of one", files: job("  process: A\n  dependsOn: [Job/m]"), expected: ["m.yaml:6:15 MF021"] },
  ],
  MF022: [
    { name: "no folder", files: job("  process: A", "name: x"), expected: ["m.yaml:3:1 MF022"] },
    { name: "a folder of slashes", files: job("  process: A", "name: x, folder: /"), expected: ["m.yaml:3:30 MF022"] },
  ],
  MF023: [{ name: "an empty folder", files: { "readme.md": "" }, expected: ["nowhere MF023 (warning)"] }],
  MF024: [
    {
      name: "a due date",
      files: items("    - reference: a\n      dueDate: 2026-12-01T08:00:00"),
      expected: ["m.yaml:8:16 MF024"],
      message: 'items[0].dueDate has no zone: "2026-12-01T08:00:00"',
    },
    { name: "a day", files: job("  process: A\n  startUntil: 2026-12-01"), expected: ["m.yaml:6:15 MF024"] },
  ],
  MF025: [
    {
      name: "30 February",
      files: job("  process: A\n  startUntil: 2026-02-30T00:00:00Z"),
      expected: ["m.yaml:6:15 MF025"],
    },
    { name: "a word", files: items("    []", "  seedUntil: always\n"), expected: ["m.yaml:6:14 MF025"] },
  ],
  MF030: [
    {
      name: "a variable that nobody gives",
      files: job('  process: "${var:a}"'),
      expected: ["m.yaml:5:12 MF030"],
      message: "variable a is not set (process)",
    },
  ],
  MF031: [
    {
      name: "a secret that nobody gives",
      files: job('  process: A\n  inputArguments: { a: ["${secret:NOPE}"] }'),
      expected: ["m.yaml:6:25 MF031"],
      message: "secret NOPE is not set (inputArguments.a[0])",
      hint: "set NOPE, or NOPE_FILE to a file that holds it",
    },
  ],
  MF032: [
    {
      name: "a secret in a name that plans show, set or not",
      files: job('  process: "${secret:NOPE}"'),
      expected: ["m.yaml:5:12 MF032"],
      message: "${secret:NOPE} is not allowed here: what stands here is shown in plans (process)",
      hint: "secrets may stand in the content of queue items and in inputArguments; use ${env:NOPE} if it is no secret",
    },
    {
      name: "a secret as a reference",
      files: items('    - { reference: "${secret:NOPE}" }'),
      expected: ["m.yaml:7:20 MF032"],
    },
  ],
  MF033: [
    {
      name: "nine defaults",
      files: job(`  process: "${"${env:NOPE:-".repeat(9)}${"}".repeat(9)}"`),
      expected: ["m.yaml:5:12 MF033"],
    },
  ],
  MF035: [
    {
      name: "a mapping that hashes as a secret would",
      files: job("  process: A\n  inputArguments: { a: [{ $secret: x }], b: { $secret: 1 }, c: { $secret: x, d: 1 } }"),
      expected: ["m.yaml:6:25 MF035"],
      message: "inputArguments.a[0] is written as plans write a secret",
    },
  ],
  MF040: [
    {
      name: "over all documents of a file, at the list that goes beyond",
      files: [...spread(20_000, "a"), ...spread(1, "b")].join("---\n"),
      expected: ["m.yaml:20013:3 MF040"],
      message: "the file holds more than 20,000 queue items",
      hint: "put the items into a CSV or NDJSON file and name it in spec.source, or spread them over several files",
    },
    { name: "not up to 20,000", files: spread(20_000, "a").join(""), expected: [] },
  ],
  MF041: [
    {
      name: "an identifier",
      files: items("    - reference: 007"),
      expected: ["m.yaml:7:18 MF041"],
      message: "the number begins with a zero, which would be lost",
      hint: "put it in quotes if it is an identifier, else write it without the zero",
    },
    {
      name: "among input arguments, where Orchestrator itself alters such integers",
      files: job("  process: A\n  inputArguments: { list: [1, { n: -007 }], other: +01 }"),
      expected: ["m.yaml:6:36 MF041", "m.yaml:6:52 MF041"],
    },
    ...["00", "-012", "+01", "01.5", "08"].map((number) => ({
      name: number,
      files: items(`    - { reference: a, content: { N: ${number} } }`),
      expected: ["m.yaml:7:37 MF041"],
    })),
    {
      name: "not what YAML 1.2 and everybody else read alike",
      files: items(
        '    - { reference: a, content: { A: 0, B: -0, C: 0.5, D: 0x1F, E: 0o7, F: 0e1, G: "007", H: 0_7 } }',
      ),
      expected: [],
    },
  ],
  MF049: [
    {
      name: "half a surrogate pair in a reference, a key and a text, each at its place",
      files: items('    - { reference: "A\\ud800", content: { "K\\udc00": 1, T: "\\udc00\\ud800" } }'),
      expected: ["m.yaml:7:20 MF049", "m.yaml:7:42 MF049", "m.yaml:7:59 MF049"],
      message: "half a character (a lone surrogate) cannot be sent",
      hint: "write both halves, such as \\ud83d\\ude00, or leave it out",
    },
    {
      name: "among input arguments at any depth, and in names",
      files: job('  process: "A\\udfff"\n  inputArguments: { a: [{ "\\ud800": { b: "x\\uDBFF" } }] }'),
      expected: ["m.yaml:5:12 MF049", "m.yaml:6:27 MF049", "m.yaml:6:42 MF049"],
    },
    {
      name: "in rows of NDJSON",
      files: {
        "m.yaml": source("file: a.ndjson"),
        "a.ndjson":
          '{"Reference":"B\\ud800"}\n{"Reference":"C","K\\uDC00":1}\n{"reference":"D","content":{"T":"\\ud83d\\\\ude00"}}\n',
      },
      expected: ["a.ndjson:1:16 MF049", "a.ndjson:2:20 MF049", "a.ndjson:3:34 MF049"],
      message: "half a character (a lone surrogate) cannot be sent",
    },
    {
      name: "in rows of JSON",
      files: { "m.yaml": source("file: a.json"), "a.json": '[{"Reference":"B\\udc00\\ud800"}]' },
      expected: ["a.json:1:17 MF049"],
    },
    {
      name: "not both halves, nor a backslash before a u",
      files: {
        "m.yaml": manifest("QueueItems", '  queue: "\\ud83d\\ude00"\n  source: { file: a.ndjson }'),
        "a.ndjson": '{"Reference":"B\\ud83d\\uDE00","T":"\\\\ud800","U":"😀","V":"\\\\\\ud83d\\ude00"}\n',
      },
      expected: [],
    },
  ],
  MF050: [
    {
      name: "under a key that is sensitive",
      files: items('    - { reference: a, content: { B: "(sensitive)", C: "(sensitive)" } }', "  sensitive: [B]\n"),
      expected: ["m.yaml:8:37 MF050"],
      message: "items[0].content.B is (sensitive), which stands for a value that was not shown",
    },
  ],
  QI001: [{ name: "no reference", files: items("    - content: { A: 1 }"), expected: ["m.yaml:7:7 QI001"] }],
  QI002: [
    { name: "an empty one", files: items('    - reference: ""'), expected: ["m.yaml:7:18 QI002"] },
    { name: "blanks", files: items('    - reference: "  "'), expected: ["m.yaml:7:18 QI002"] },
  ],
  QI003: [
    {
      name: "129 characters",
      files: items(`    - reference: ${"a".repeat(129)}`),
      expected: ["m.yaml:7:18 QI003"],
      message: "items[0].reference has 129 characters, at most 128 are allowed",
    },
    {
      name: "65 characters of two units each",
      files: items(`    - reference: ${"😀".repeat(65)}`),
      expected: ["m.yaml:7:18 QI003"],
    },
    { name: "not 128", files: items(`    - reference: ${"a".repeat(128)}`), expected: [] },
  ],
  QI004: [
    {
      name: "a misspelled reference, once",
      files: items("    - refrence: INV-003"),
      expected: ["m.yaml:7:7 QI004"],
      message: 'unknown key "refrence" in items[0]',
      hint: 'did you mean "reference"?',
    },
  ],
  QI005: [
    {
      name: "a dot",
      files: items("    - reference: a\n      content: { a.b: 1 }"),
      expected: ["m.yaml:8:18 QI005"],
      message: 'content key "a.b" holds "."',
    },
    { name: "no name", files: items('    - reference: a\n      content: { "": 1 }'), expected: ["m.yaml:8:18 QI005"] },
    {
      name: "each key",
      files: items("    - reference: a\n      content: { 'a@b': 1, 'a#b': 1, 'a:b': 1 }"),
      expected: ["m.yaml:8:18 QI005", "m.yaml:8:28 QI005", "m.yaml:8:38 QI005"],
    },
  ],
  QI006: [
    {
      name: "a mapping",
      files: items("    - reference: a\n      content: { A: { b: 1 } }"),
      expected: ["m.yaml:8:21 QI006"],
    },
    {
      name: "a list",
      files: items("    - reference: a\n      content:\n        A:\n          - 1"),
      expected: ["m.yaml:10:11 QI006"],
    },
  ],
  QI007: [
    {
      name: "in another case, over files and folders spelled differently",
      files: {
        "april.yaml": items("    - reference: INV-001\n    - reference: INV-002"),
        "march.yaml": manifest(
          "QueueItems",
          "  queue: docqueue\n  items:\n    - reference: inv-001",
          "name: other, folder: finance",
        ),
      },
      expected: ["march.yaml:7:7 QI007"],
      message: "reference inv-001 occurs twice in queue docqueue",
      remark: "first at april.yaml:7; the server ignores case and trailing blanks",
    },
    {
      name: "of equal content",
      files: items("    - content: { A: 1, B: 2 }\n    - content: { B: 2, A: 1 }", "  references: fromContent\n"),
      expected: ["m.yaml:9:7 QI007"],
    },
    {
      name: "behind items with mistakes of all sorts",
      files: items(
        "    - reference: a\n    - refrence: b\n    - reference: 5\n    - { reference: c, priority: x }\n    - reference: d\n    - reference: B\n    - reference: C\n    - reference: A",
      ),
      expected: [
        "m.yaml:8:7 QI004",
        "m.yaml:9:18 MF012",
        "m.yaml:10:33 MF013",
        "m.yaml:12:7 QI007",
        "m.yaml:13:7 QI007",
        "m.yaml:14:7 QI007",
      ],
    },
    {
      name: "over items and sources, the items of a manifest first",
      files: {
        "a.yaml": manifest("QueueItems", "  queue: DocQueue\n  source: { file: a.csv }\n  items: [{ reference: X }]"),
        "a.csv": 'Reference,A\n1,"\n"\nx ,\n2,\n',
        "b.yaml": manifest("QueueItems", "  queue: DocQueue\n  source: { file: b.ndjson }", "name: b, folder: Finance"),
        "b.ndjson": '{"Reference":3}\n{"reference":"2","content":{}}\n',
      },
      expected: ["a.csv:4:1 QI007", "b.ndjson:2:14 QI007"],
      message: "reference x  occurs twice in queue DocQueue",
      remark: "first at a.yaml:7; the server ignores case and trailing blanks",
    },
    {
      name: "all of a file that another manifest names for the queue, said once",
      files: {
        "a.yaml": source('file: march.csv, reference: "{Reference}"'),
        "b.yaml": manifest(
          "QueueItems",
          '  queue: docqueue\n  source: { file: ./march.csv, reference: "{Reference}" }',
          "name: b, folder: Finance",
        ),
        "march.csv": "Reference\n1\n2\n3\n",
      },
      expected: ["b.yaml:6:19 QI007"],
      message: "march.csv is already the source of QueueItems/m for queue docqueue",
      hint: "merge the two manifests, or give this one another file or a source.reference of its own",
    },
    {
      name: "not a file whose references differ, by their template or by their queue",
      files: {
        "a.yaml": source('file: march.csv, reference: "A-{Reference}"'),
        "b.yaml": manifest(
          "QueueItems",
          '  queue: DocQueue\n  source: { file: march.csv, reference: "B-{Reference}" }',
          "name: b, folder: Finance",
        ),
        "c.yaml": manifest(
          "QueueItems",
          '  queue: Other\n  source: { file: march.csv, reference: "A-{Reference}" }',
          "name: c, folder: Finance",
        ),
        "march.csv": "Reference\n1\n2\n3\n",
      },
      expected: [],
    },
    {
      name: "not in two queues",
      files: {
        "a.yaml": items("    - reference: a"),
        "b.yaml": manifest("QueueItems", "  queue: Other\n  items: [{ reference: a }]", "name: b, folder: Finance"),
      },
      expected: [],
    },
  ],
  QI008: [
    {
      name: "256,001 characters",
      files: items(`    - reference: a\n      content: { A: ${"x".repeat(256_001 - '{"A":""}'.length)} }`),
      expected: ["m.yaml:8:7 QI008"],
      message: "items[0].content has 256001 characters as JSON, at most 256000 are allowed",
    },
    {
      name: "not 256,000",
      files: items(`    - reference: a\n      content: { A: ${"x".repeat(256_000 - '{"A":""}'.length)} }`),
      expected: [],
    },
  ],
  QI009: [
    {
      name: "one begins with the other, in another case",
      files: {
        "a.yaml": items("    []", "  prune: { referencePrefix: INV- }\n"),
        "b.yaml": manifest(
          "QueueItems",
          "  queue: DocQueue\n  items: []\n  prune: { referencePrefix: inv-2026 }",
          "name: b, folder: Finance",
        ),
      },
      expected: ["b.yaml:7:29 QI009"],
      message: "prune prefix inv-2026 overlaps with INV- of QueueItems/m",
      remark: "the other is at a.yaml:6",
    },
    {
      name: "not in another queue",
      files: {
        "a.yaml": items("    []", "  prune: { referencePrefix: INV- }\n"),
        "b.yaml": manifest(
          "QueueItems",
          "  queue: Other\n  items: []\n  prune: { referencePrefix: INV- }",
          "name: b, folder: Finance",
        ),
      },
      expected: [],
    },
  ],
  QI010: [
    {
      name: "surrogates as bytes (CESU-8), which are no UTF-8",
      files: {
        "m.yaml": source("file: a.csv"),
        "a.csv": Buffer.concat([Buffer.from("Reference\nA"), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from("\n")]),
      },
      expected: ["a.csv:2:2 QI010"],
    },
    {
      name: "a NUL character in its name",
      files: { "m.yaml": source('file: "a\\0b.csv"') },
      expected: ["m.yaml:6:19 QI010"],
      message: "source.file holds a NUL character, which no path has",
      hint: "remove it",
    },
    {
      name: "no such file",
      files: source("file: no.csv"),
      expected: ["m.yaml:6:19 QI010"],
      message: "no.csv does not exist",
    },
    {
      name: "an ending that nothing goes with",
      files: { "m.yaml": source("file: a.xlsx"), "a.xlsx": "" },
      expected: ["m.yaml:6:19 QI010"],
      hint: "known are .csv, .ndjson, .jsonl and .json",
    },
    { name: "a folder", files: { "m.yaml": source("file: a.csv"), "a.csv/b": "" }, expected: ["m.yaml:6:19 QI010"] },
    {
      name: "not UTF-8",
      files: { "m.yaml": source("file: a.csv"), "a.csv": Buffer.from("Reference\r\na\r\rM\u00fcller", "latin1") },
      expected: ["a.csv:4:2 QI010"],
      message: "a.csv is not UTF-8 text",
    },
    {
      name: "UTF-16",
      files: { "m.yaml": source("file: a.csv"), "a.csv": Buffer.from("\uFEFFReference\n1", "utf16le") },
      expected: ["a.csv:1:1 QI010"],
      hint: "save it as UTF-8, not as Unicode text (UTF-16)",
    },
  ],
  QI011: [
    {
      name: "beside the manifest's folder",
      files: { "sub/m.yaml": source("file: ../a.csv"), "a.csv": "Reference\n1" },
      expected: ["sub/m.yaml:6:19 QI011"],
      message: "a.csv is neither below the manifest's folder nor in the project",
    },
  ],
  QI012: [
    {
      name: "each template, even if there is no file",
      files: source('file: no.csv, reference: "{a", dueDate: "a}", priority: "{}"'),
      expected: ["m.yaml:6:19 QI010", "m.yaml:6:38 QI012", "m.yaml:6:53 QI012", "m.yaml:6:69 QI012"],
      message: "source.reference is no template: { is not closed",
      hint: "write {{ for a literal {",
    },
  ],
  QI013: [
    {
      name: "in a template and in the mapping, each at its place",
      files: {
        "m.yaml": source('file: a.csv, reference: "{Refrence}", content: { A: { column: amnt } }'),
        "a.csv": "Reference,amount\n1,2",
      },
      expected: ["m.yaml:6:37 QI013", "m.yaml:6:75 QI013"],
      message: 'a.csv has no column "Refrence"',
      hint: 'did you mean "Reference"?',
    },
    {
      name: "another delimiter",
      files: { "m.yaml": source('file: a.csv, reference: "{id}"'), "a.csv": "number;id\n1;2" },
      expected: ["m.yaml:6:37 QI013"],
      hint: 'the header is one column: set delimiter: ";"',
    },
    {
      name: "that no row of NDJSON has, which then is not the rows' fault",
      files: { "m.yaml": source('file: a.ndjson, reference: "{idd}"'), "a.ndjson": '{"id":1}\n{"id":2}\n' },
      expected: ["m.yaml:6:40 QI013"],
      hint: 'did you mean "id"?',
    },
    {
      name: "not one that some rows of NDJSON have",
      files: {
        "m.yaml": source('file: a.ndjson, reference: "{id}", content: { A: { column: a } }'),
        "a.ndjson": '{"id":1}\n{"id":2,"a":3}\n',
      },
      expected: [],
    },
  ],
  QI014: [
    {
      name: "a header twice, and __proto__",
      files: { "m.yaml": source("file: a.csv"), "a.csv": '\r\nReference,"A",__proto__,A\n1,2,3,4' },
      expected: ["a.csv:2:15 QI014", "a.csv:2:25 QI014"],
    },
    {
      name: "nothing at all",
      files: { "m.yaml": source("file: a.csv"), "a.csv": "\n" },
      expected: ["a.csv:1:1 QI014"],
    },
    {
      name: "only blanks",
      files: { "m.yaml": source("file: a.csv"), "a.csv": " , \n1,2" },
      expected: ["a.csv:1:1 QI014", "m.yaml:6:3 QI001"],
    },
    {
      name: "not columns without one",
      files: { "m.yaml": source("file: a.csv"), "a.csv": "Reference,,\n1,2,3" },
      expected: [],
    },
  ],
  QI015: [
    {
      name: "too few, and too many, behind a cell of several lines",
      files: { "m.yaml": source("file: a.csv"), "a.csv": 'Reference,A\r\n1,"x\r\ny"\r\n2\r\n3,4,5\r\n' },
      expected: ["a.csv:4:1 QI015", "a.csv:5:1 QI015"],
      message: "the row has 1 cell, the header 2",
    },
  ],
  QI016: [
    {
      name: "a number, a whole number, a boolean, a date and a priority",
      files: {
        "m.yaml": source(
          'file: a.csv, timeZone: UTC, reference: "{r}", priority: "{p}", content: { N: { column: n, type: number }, I: { column: i, type: integer }, B: { column: b, type: boolean }, D: { column: d, type: date } }',
        ),
        "a.csv":
          'r,p,n,i,b,d\n1,high,1.5,3,TRUE,2026-01-01\n"2\n",urgent,"1,5",1.5,yes,1.1.2026\n3,,007,,,2026-02-30\n',
      },
      expected: [
        "a.csv:4:3 QI016",
        "a.csv:4:10 QI016",
        "a.csv:4:16 QI016",
        "a.csv:4:20 QI016",
        "a.csv:4:24 QI016",
        "a.csv:5:4 QI016",
        "a.csv:5:10 QI016",
      ],
      message: 'column "p" is no priority: "urgent"',
    },
    {
      name: "a time that the clock never shows",
      files: {
        "m.yaml": source("file: a.csv, timeZone: Europe/Bucharest"),
        "a.csv": "Reference,Deadline\n1,2026-03-29 03:30\n",
      },
      expected: ["a.csv:2:3 QI016"],
      message: 'column "Deadline" does not exist in Europe/Bucharest: "2026-03-29 03:30"',
    },
  ],
  QI017: [
    {
      name: "in CSV",
      files: {
        "m.yaml": source('file: a.csv, reference: "{r}", content: { N: { column: n, type: integer } }'),
        "a.csv": "r,n\n1,9007199254740993\n",
      },
      expected: ["a.csv:2:3 QI017"],
      hint: "read it as text, if it is an identifier: type: text",
    },
    {
      name: "in NDJSON, wherever a number is taken as one",
      files: {
        "m.yaml": source("file: a.ndjson"),
        "a.ndjson":
          '{"Reference":"a","N":12345678901234567890}\n{"reference":"b","content":{"N":1e400}}\n{"Reference":12345678901234567890}\n',
      },
      expected: ["a.ndjson:1:22 QI017", "a.ndjson:2:33 QI017"],
      message: '"N" loses digits as a number: "12345678901234567890"',
    },
  ],
  QI018: [
    {
      name: "said once for the source, and for the rows",
      files: {
        "m.yaml": source("file: a.csv"),
        "a.csv": "Reference,Deadline,Postpone\n1,2026-01-01,\n2,,2026 01 02 10:00\n3,2026-01-01T00:00:00+02:00,\n",
      },
      expected: ["a.csv:2:3 QI018", "a.csv:3:4 QI018", "m.yaml:6:3 QI018"],
      message: 'column "Deadline" has no zone: "2026-01-01"',
    },
    {
      name: "no such zone",
      files: { "m.yaml": source("file: a.csv, timeZone: Europe/Bukarest"), "a.csv": "Reference\n1\n" },
      expected: ["m.yaml:6:36 QI018"],
      hint: 'did you mean "Europe/Bucharest"?',
    },
  ],
  QI019: [
    {
      name: "a quote that is never closed, where it opens",
      files: { "m.yaml": source("file: a.csv"), "a.csv": 'Reference,A\n1,2\n3,"4\n5,6\n' },
      expected: ["a.csv:3:3 QI019"],
      message: "the quote that opens here is not closed",
    },
    {
      name: "a quote inside a cell",
      files: { "m.yaml": source("file: a.csv"), "a.csv": 'Reference,A\n1,5" pipe\n' },
      expected: ["a.csv:2:4 QI019"],
    },
    {
      name: "text behind a quoted cell, after the bad rows before it",
      files: { "m.yaml": source("file: a.csv"), "a.csv": 'Reference,A\n,x\n1,"say "yes""\n' },
      expected: ["a.csv:2:1 QI001", "a.csv:3:9 QI019"],
    },
  ],
  QI020: [
    {
      name: "no JSON, and no mapping",
      files: { "m.yaml": source("file: a.ndjson"), "a.ndjson": '{"Reference": tru}\n\n[1]\r\n{"Reference":"a"}' },
      expected: ["a.ndjson:1:15 QI020", "a.ndjson:3:1 QI020"],
      message: "the row is no valid JSON",
    },
    {
      name: "elements of a list, wherever they stand",
      files: { "m.yaml": source("file: a.json"), "a.json": '[{"Reference":"a"}, 1,\n  {"Reference":"b",},\n]' },
      expected: ["a.json:1:21 QI020", "a.json:2:20 QI020", "a.json:3:1 QI020"],
    },
    {
      name: "a mapping instead of a list",
      files: { "m.yaml": source("file: a.json"), "a.json": ' {"Reference":"a"}' },
      expected: ["a.json:1:2 QI020"],
      hint: "a .json file is one list of mappings; one mapping a line belongs into a file that ends in .ndjson",
    },
    {
      name: "a list that is cut off",
      files: { "m.yaml": source("file: a.json"), "a.json": '[{"Reference":"a"},\n {"Refer' },
      expected: ["a.json:2:2 QI020"],
    },
    {
      name: "two lists",
      files: { "m.yaml": source("file: a.json"), "a.json": '[{"Reference":"a"}]\n[]' },
      expected: ["a.json:2:1 QI020"],
    },
  ],
  QI021: [
    {
      name: "twice, and __proto__",
      files: {
        "m.yaml": source("file: a.ndjson"),
        "a.ndjson":
          '{"Reference":"a","A":1,"\\u0041":2}\n{"Reference":"b","__proto__":{}}\n{"reference":"c","content":{"A":1,"A":1}}\n',
      },
      expected: ["a.ndjson:1:24 QI021", "a.ndjson:2:18 QI021", "a.ndjson:3:35 QI021"],
      message: 'key "A" occurs twice',
    },
  ],
  QI022: [
    {
      name: "in NDJSON, and the next row is read",
      files: {
        "m.yaml": source("file: a.ndjson"),
        "a.ndjson": `{"Reference":"${"x".repeat(5 * 1024 * 1024)}"}\n{"Reference":""}\n`,
      },
      expected: ["a.ndjson:1:1 QI022", "a.ndjson:2:14 QI001"],
    },
    {
      name: "in JSON",
      files: { "m.yaml": source("file: a.json"), "a.json": `[{"Reference":"${"x".repeat(5 * 1024 * 1024)}"},\n{}]` },
      expected: ["a.json:1:2 QI022", "a.json:2:1 QI001"],
    },
    {
      name: "in CSV",
      files: { "m.yaml": source("file: a.csv"), "a.csv": `Reference,A\n1,${"x".repeat(5 * 1024 * 1024 + 1)}\n` },
      expected: ["a.csv:2:1 QI022"],
    },
  ],
  QI023: [
    {
      name: "the 51st and those behind it",
      files: { "m.yaml": source("file: a.csv"), "a.csv": `Reference,A\n${"x\n".repeat(1250)}` },
      expected: [...Array.from({ length: 50 }, (_, index) => `a.csv:${index + 2}:1 QI015`), "a.csv:52:1 QI023"],
      message: "and 1,200 more rows of a.csv are invalid",
    },
    {
      name: "not the 50th",
      files: { "m.yaml": source("file: a.csv"), "a.csv": `Reference,A\n${"x\n".repeat(50)}` },
      expected: Array.from({ length: 50 }, (_, index) => `a.csv:${index + 2}:1 QI015`),
    },
  ],
  JB001: [
    {
      name: "10,001 characters",
      files: job(`  process: A\n  inputArguments: { a: ${"x".repeat(10_001 - '{"a":""}'.length)} }`),
      expected: ["m.yaml:6:3 JB001"],
      message: "inputArguments have 10001 characters as JSON, at most 10000 are allowed",
    },
    {
      name: "not 10,000",
      files: job(`  process: A\n  inputArguments: { a: ${"x".repeat(10_000 - '{"a":""}'.length)} }`),
      expected: [],
    },
  ],
  JB002: [
    {
      name: "in another case",
      files: { "a.yaml": job("  process: Import"), "b.yaml": manifest("StoppedJobs", "  select: { process: import }") },
      expected: ["a.yaml:5:12 JB002"],
      message: "StoppedJobs/m stops every job of process Import",
      remark: "stopped at b.yaml:5",
    },
    ...["createdBefore: 2026-11-01T00:00:00Z", "runningFor: 2h", "ids: [1]", "reference: x"].map((limit): Case => ({
      name: `not with ${limit}`,
      files: {
        "a.yaml": job("  process: Import"),
        "b.yaml": manifest("StoppedJobs", `  select: { process: Import, ${limit} }`),
      },
      expected: [],
    })),
    {
      name: "not for a job that is never started",
      files: {
        "a.yaml": job("  process: Import\n  run: never"),
        "b.yaml": manifest("StoppedJobs", "  select: { process: Import }"),
      },
      expected: [],
    },
    {
      name: "not in another folder",
      files: {
        "a.yaml": job("  process: Import", "name: m, folder: Other"),
        "b.yaml": manifest("StoppedJobs", "  select: { process: Import }"),
      },
      expected: [],
    },
  ],
  JB003: [{ name: "25 days", files: job("  process: A\n  wait: { timeout: 25d }"), expected: ["m.yaml:6:20 JB003"] }],
  JB004: [
    {
      name: "a kill without a stop",
      files: job("  process: A\n  killAfter: 5m"),
      expected: ["m.yaml:6:14 JB004"],
    },
    {
      name: "no whole seconds",
      files: job("  process: A\n  stopAfter: 1500ms"),
      expected: ["m.yaml:6:14 JB004"],
    },
  ],
  JB005: [
    {
      name: "a name with =",
      files: job('  process: A\n  environmentVariables: { "A=B": x }'),
      expected: ["m.yaml:6:27 JB005"],
    },
  ],
  SJ001: [
    {
      name: "a thousand years",
      files: manifest("StoppedJobs", "  select: { process: A, runningFor: 365000d }"),
      expected: ["m.yaml:5:37 SJ001"],
    },
  ],
  SJ002: [
    {
      name: "kills what it has killed",
      files: manifest("StoppedJobs", "  select: { process: A }\n  strategy: Kill\n  escalateAfter: 5m"),
      expected: ["m.yaml:7:18 SJ002"],
    },
    {
      name: "25 days",
      files: manifest("StoppedJobs", "  select: { process: A }\n  escalateAfter: 25d"),
      expected: ["m.yaml:6:18 SJ002"],
    },
  ],
  RV001: [{ name: "nothing", files: manifest("Review", "  queue: Q"), expected: ["m.yaml:4:1 RV001"] }],
  RV002: [
    {
      name: "both",
      files: manifest("Review", "  queue: Q\n  reviewers: [ana]\n  unassign: true"),
      expected: ["m.yaml:7:3 RV002"],
    },
  ],
};

describe.each(Object.entries(cases))("%s", (code, table) => {
  it.each(table)("$name", { timeout: 60_000 }, async ({ files, expected, ...words }) => {
    const loaded = await load(typeof files === "string" ? { "m.yaml": files } : files);
    expect(places(loaded)).toEqual(expected);
    const first: Readonly<Record<string, unknown>> = {
      ...loaded.diagnostics.find((diagnostic) => diagnostic.code === code),
    };
    const { name: _name, ...wanted } = words;
    expect(first).toMatchObject(wanted);
  });
});

it("has a case for every code of manifests", () => {
  const elsewhere = new Set(["MF001", "MF002", "MF034", "MF042"]); // see load.test.ts, config/variables.test.ts
  for (const code of ["MF043", "MF044", "MF045", "MF046", "MF048"]) elsewhere.add(code); // see overlay.test.ts
  for (const code of ["MF047", "MF051"]) elsewhere.add(code); // see select.test.ts, shards.test.ts
  const codes = Object.keys(diagnosticCodes).filter((code) => !/^(CF|PL)/.test(code) && !elsewhere.has(code));
  expect(Object.keys(cases)).toEqual(codes);
});
