import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startEmulator, TenantFileError, type TenantSpec } from "../../../src/emulator/index.ts";
import { routes } from "../../../src/emulator/routes.ts";
import type { TenantJob } from "../../../src/emulator/tenant/types.ts";
import { sender, start, tenant } from "./tenant.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tenant-"));
  file = join(folder, "tenant.yaml");
});

afterEach(() => rmSync(folder, { recursive: true }));

const head = ["apiVersion: orch-sync/v1", "kind: Tenant", "metadata: { name: t }", "spec:", "  folders: [{ path: A }]"];

async function problemsOf(...lines: readonly string[]): Promise<TenantFileError["problems"]> {
  writeFileSync(file, [...head, ...lines].join("\n"));
  const error: unknown = await startEmulator({ tenant: file }).then(
    (emulator) => emulator.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TenantFileError);
  return (error as TenantFileError).problems;
}

describe("a tenant file that is wrong says what and where", () => {
  test.each([
    ["an unknown field", ["  queues: [{ name: Q, unique: true }]"], "unknown field 'unique'", 6, 23],
    ["a wrong value", ["  jobs:", "    - process: P", "      state: Done"], "must be one of Pending, Running", 8, 14],
    ["a missing field", ["  queues: [{ folder: A }]"], "must have required property 'name'", 6, 12],
    ["broken YAML", ["  queues: [{ name: Q"], "Flow map", 6, 21],
    ["an unknown name", ["  queues: [{ name: Q, folder: B }]"], "there is no folder 'B'", 6, 31],
    ["the same name twice", ["  queues: [{ name: Q }, { name: q }]"], "another one has the same name", 6, 25],
    [
      "the same Id twice",
      ["  users: [{ userName: a, id: 1 }, { userName: b, id: 1 }]"],
      "another one has the same",
      6,
      35,
    ],
    ["no JSON Schema", ["  queues: [{ name: Q, jsonSchema: { type: 5 } }]"], "is no JSON Schema", 6, 35],
    [
      "no such day",
      ["  queues: [{ name: Q }]", "  items: [{ queue: Q, created: 2026-02-30T00:00:00Z }]"],
      "is no time",
      7,
      32,
    ],
    [
      "one key for a series",
      ["  queues: [{ name: Q }]", "  items: [{ queue: Q, count: 2, rowVersion: AAAAAAAAAAE= }]"],
      "a series",
      7,
      11,
    ],
  ])("%s", async (_name, lines, text, line, column) => {
    const message = expect.stringContaining(text) as string;
    expect((await problemsOf(...lines))[0]).toMatchObject({ message, line, column });
  });

  test("all of what its schema refuses at once, with file, line and column in the message", async () => {
    const problems = await problemsOf("  queues: [{ name: Q, a: 1, b: 2 }]");
    expect(problems).toHaveLength(2);
    await expect(startEmulator({ tenant: file })).rejects.toThrow(`${file}:6:23: spec.queues.0.a: unknown field 'a'`);
  });

  test("a file that is not there", async () => {
    await expect(startEmulator({ tenant: join(folder, "none.yaml") })).rejects.toThrow("cannot be read");
  });
});

describe("what a tenant file makes", () => {
  const withSpec = (spec: Partial<TenantSpec>): { tenant: typeof tenant } => ({
    tenant: {
      ...tenant,
      spec: { clock: { start: "2026-01-01T00:00:00Z", mode: "manual" }, folders: [{ path: "A" }], ...spec },
    },
  });

  test("parents of folders, in the right order", async () => {
    await using emulator = await start(
      withSpec({ folders: [{ path: "A/B/C" }, { path: "A", id: 9, description: "top" }] }),
    );
    const { value } = (await sender(emulator, {})("GET", "/odata/Folders?$orderby=FullyQualifiedName")).body;
    expect(value).toMatchObject([
      { FullyQualifiedName: "A", Id: 9, ParentId: null, Description: "top", ProvisionType: "Automatic" },
      { FullyQualifiedName: "A/B", ParentId: 9 },
      { FullyQualifiedName: "A/B/C", DisplayName: "C", ParentKey: value[1]?.["Key"] },
    ]);
  });

  test("classic folders are not nested", async () => {
    await expect(start(withSpec({ folders: [{ path: "A/B", type: "classic" }] }))).rejects.toThrow("not nested");
  });

  test("a series, numbered", async () => {
    const items = [
      { queue: "Q", count: 3, reference: "INV-{n}", content: { Text: "No. {n}", Amount: 5 }, created: "-2h" },
    ];
    await using emulator = await start(withSpec({ queues: [{ name: "Q" }], items }));
    const { value } = (await sender(emulator, {})("GET", "/odata/QueueItems?$orderby=Id")).body;
    expect(value.map((row) => [row["Id"], row["Reference"], row["SpecificContent"]])).toEqual([
      [1, "INV-1", { Text: "No. 1", Amount: 5 }],
      [2, "INV-2", { Text: "No. 2", Amount: 5 }],
      [3, "INV-3", { Text: "No. 3", Amount: 5 }],
    ]);
    expect(new Set(value.map((row) => row["RowVersion"])).size).toBe(3);
    expect(value[0]?.["CreationTime"]).toBe("2025-12-31T22:00:00Z");
  });

  test("Ids and RowVersions that go on from what it says", async () => {
    const items = [{ queue: "Q", id: 50, rowVersion: "AAAAAAAAAQA=" }];
    await using emulator = await start(withSpec({ queues: [{ name: "Q" }], items, next: { item: 100 } }));
    const send = sender(emulator, {});
    const { body } = await send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", { itemData: { Name: "Q" } });
    expect(body).toMatchObject({ Id: 100, RowVersion: "AAAAAAAAAQE=" });
  });

  type Course = readonly (readonly [at: number, state: string])[];
  const courses: readonly (readonly [NonNullable<TenantJob["state"]>, Course])[] = [
    [
      "Pending",
      [
        [0, "Pending"],
        [1000, "Running"],
        [6000, "Successful"],
      ],
    ],
    [
      "Running",
      [
        [0, "Running"],
        [4999, "Running"],
        [5000, "Successful"],
      ],
    ],
    [
      "Stopping",
      [
        [0, "Stopping"],
        [2000, "Stopped"],
        [9000, "Stopped"],
      ],
    ],
    [
      "Suspended",
      [
        [0, "Suspended"],
        [9000, "Suspended"],
        [99_000, "Suspended"],
      ],
    ],
    [
      "Faulted",
      [
        [0, "Faulted"],
        [1000, "Faulted"],
        [9000, "Faulted"],
      ],
    ],
  ];
  test.each(courses)("a %s job that goes on by the rule", async (state, steps) => {
    const jobs = [{ process: "P", state, created: "-1h" }];
    await using emulator = await start(withSpec({ processes: [{ name: "P" }], jobs }));
    let now = 0;
    for (const [at, expected] of steps) {
      emulator.clock.advance(at - now);
      now = at;
      expect((await sender(emulator, {})("GET", "/odata/Jobs(1)")).body["State"]).toBe(expected);
    }
  });

  test("arguments as a release declares them", async () => {
    await using emulator = await start();
    const { body } = await sender(emulator)("GET", "/odata/Releases?$filter=Name eq 'smoke'");
    const release = body.value[0] as { Arguments: { Input: string } };
    expect(JSON.parse(release.Arguments.Input)).toMatchObject([
      { name: "age", type: expect.stringMatching(/^System\.Int32, mscorlib/) as string, required: false },
      { name: "who", type: expect.stringMatching(/^System\.String, /) as string },
    ]);
  });

  test("a queue's trigger shows in its definition", async () => {
    await using emulator = await start();
    const { value } = (await sender(emulator, {})("GET", "/odata/QueueDefinitions?$filter=ProcessScheduleId ne null"))
      .body;
    expect(value).toMatchObject([
      { Name: "Triggered", IsProcessInCurrentFolder: true, ReleaseId: expect.any(Number) as number },
    ]);
  });
});

describe("docs/emulator.md", () => {
  const text = readFileSync(new URL("../../../docs/emulator.md", import.meta.url), "utf8");

  test("has a tenant file that works", async () => {
    writeFileSync(file, /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? "");
    await using emulator = await startEmulator({ tenant: file });
    const { body } = await sender(emulator, {})(
      "GET",
      "/odata/QueueItems?$count=true&$filter=Reference in ('INV-20','INV-100')",
    );
    expect(body["@odata.count"]).toBe(2);
  });

  test("names every path that is answered", () => {
    const names = Object.keys(routes).map((route) => /\w+(?=\(\w+(?:,\w+)*\)$|$)/.exec(route)?.[0] ?? route);
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });
});
