import { execFileSync, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sentEffects } from "../checker/writes.ts";
import { exampleCopy, orchSync, temporaryFolder } from "../support/cli.ts";
import { manifests, tenant, workplace, writeFiles } from "../support/server.ts";
import { inProcess } from "../support/in-process.ts";

const queues = [{ name: "DocQueue", folder: "Finance", uniqueReferences: true }];
const march = manifests.items("{ queue: DocQueue, source: { file: march.csv, timeZone: Europe/Bucharest } }");

describe("the example with data files", () => {
  it("is valid, is applied, and then has nothing to do", async () => {
    const cwd = exampleCopy("bulk-csv");
    expect(await inProcess(["validate"], { cwd })).toMatchObject({
      code: 0,
      stderr: "",
      stdout: "3 manifests in 3 files are valid, 7 rows in 3 sources.\n",
    });
    const planned = await inProcess(["plan"], { cwd });
    expect(planned.stdout).toContain("+ INV-0001        High, due 2027-03-31 14:00Z");
    expect(planned.stdout).toContain("Plan: 7 to create.");
    const applied = await inProcess(["apply", "--auto-approve"], { cwd });
    expect(applied.stdout).toContain("Applied 7, already done 0, failed 0");
    const again = await inProcess(["plan", "--detailed-exitcode"], { cwd });
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing to do: 7 entries in line.") });
  });

  it("keeps its values exact", async () => {
    const { stdout } = await inProcess(["plan", "-o", "json"], { cwd: exampleCopy("bulk-csv") });
    const changes = (JSON.parse(stdout) as { resources: { changes: { after: object }[] }[] }).resources.flatMap(
      (resource) => resource.changes,
    );
    expect(changes.map(({ after }) => after)).toMatchObject([
      {
        content: {
          Supplier: "Müller & Söhne GmbH",
          Note: "",
          Amount: 1200.5,
          Lines: 3,
          Urgent: true,
          Received: "2027-02-28T22:00:00Z",
        },
      },
      { content: { Supplier: "O'Brian Ltd", Note: "Two lines:\r\nsecond one", Urgent: false, Received: null } },
      { content: { Supplier: 'Țiriac; "Auto" SRL', Note: "a ; in a cell", Received: "2027-03-02T06:15:00Z" } },
      { content: { Customer: "Zoë", Amount: 12.5, Checked: true } },
      { content: { Customer: "O'Brian", Amount: 80, Checked: false } },
      { content: { Customer: "Zoë's Café", Amount: "0042", DueDate: "in March" } },
      { content: { Customer: 'Großhandel "Nord"', Amount: "17.00", DueDate: "" } },
    ]);
    expect(stdout).not.toContain("ana@corp.example");
  });
});

describe("rows that are wrong", () => {
  it("are all told with file, line and column, and nothing is called", async () => {
    const csv = 'Reference,Deadline,A\r\n1,2027-01-01,"x\r\ny"\r\n2,tomorrow,\r\n1 ,,\r\n,,\r\n';
    const files = { "manifests/a.yaml": march, "manifests/march.csv": csv };
    const { inProcess: run, emulator } = await workplace({ tenant: tenant({ queues }), files });
    for (const command of [["validate"], ["plan"], ["apply", "--auto-approve"]]) {
      const { code, stdout, stderr } = await run(command);
      expect(code).toBe(3);
      expect(stdout + stderr).toBe(
        [
          'manifests/march.csv:4:3 error QI016: column "Deadline" is no date: "tomorrow"',
          "  4 │ 2,tomorrow,",
          "    │   ^^^^^^^^",
          "  write 2026-12-01, 2026-12-01 08:00 or 2026-12-01T08:00:00Z, or +2d (s, m, h or d, up to +36500d)",
          "",
          "manifests/march.csv:5:1 error QI007: reference 1  occurs twice in queue DocQueue",
          "  5 │ 1 ,,",
          "    │ ^^ first at manifests/march.csv:2; the server ignores case and trailing blanks",
          "",
          "manifests/march.csv:6:1 error QI001: the row has no reference",
          "  6 │ ,,",
          "    │ ^",
          "  fill the cell, or set references: fromContent",
          "",
          "3 errors in 1 of 2 files. Nothing was called.        orch-sync explain QI001",
          "",
        ].join("\n"),
      );
    }
    expect(emulator.requests()).toEqual([]);
  });

  it("are shown up to the 50th and counted from there on", async () => {
    const cwd = temporaryFolder();
    writeFiles(cwd, { "a.yaml": march, "march.csv": `Reference,A\n${"x\n".repeat(10_000)}` });
    const { code, stdout } = await inProcess(["validate", "a.yaml"], { cwd });
    expect(code).toBe(3);
    expect(stdout.match(/QI015/g)).toHaveLength(50);
    expect(stdout).toContain("march.csv:52:1 error QI023: and 9,950 more rows of march.csv are invalid\n");
    expect(stdout).toContain("\n10,000 errors in 1 of 2 files. Nothing was called.        orch-sync explain QI023\n");
    const json = JSON.parse((await inProcess(["validate", "a.yaml", "-o", "json"], { cwd })).stdout) as object;
    expect(json).toMatchObject({ valid: false, files: 1, manifests: 1, sources: 1, rows: 10_000, errors: 10_000 });
  });
});

it("names the row of an item that the server refuses", async () => {
  const files = { "manifests/a.yaml": march, "manifests/march.csv": "Reference,A\nA,1\nB,2\n" };
  const { inProcess: run, emulator } = await workplace({
    tenant: tenant({ queues }),
    files,
    faults: [{ match: { path: "*.BulkAddQueueItems", method: "POST" }, handle: "no", answer: { status: 400 } }],
  });
  const { code, stdout } = await run(["apply", "--auto-approve"]);
  expect(code).toBe(5);
  expect(stdout).toContain("manifests/march.csv:2");
  expect(sentEffects(emulator.requests()).length).toBeGreaterThan(0);
});

it("never deletes what only a source names", async () => {
  const spec = "{ queue: DocQueue, items: [{ reference: INV-1 }], prune: { referencePrefix: INV- } }";
  const seeded = { name: "DocQueue", folder: "Finance", uniqueReferences: true };
  const items = ["INV-1", "INV-2", "INV-3"].map((reference) => ({ queue: "DocQueue", folder: "Finance", reference }));
  const { inProcess: run } = await workplace({
    tenant: tenant({ queues: [seeded], items }),
    files: {
      "manifests/a.yaml": manifests.items(spec),
      "manifests/b.yaml": manifests.items("{ queue: DocQueue, source: { file: b.csv } }", "april"),
      "manifests/b.csv": "Reference\nINV-2\n",
    },
  });
  const { stdout } = await run(["plan", "manifests/a.yaml", "--force", "maxDeletes"]);
  expect(stdout).toContain("- INV-3");
  expect(stdout).not.toContain("INV-2");
});

describe("files outside the project", () => {
  it("are refused, by link too, until --allow-outside", async () => {
    const folder = temporaryFolder();
    const cwd = join(folder, "project");
    mkdirSync(cwd);
    writeFileSync(join(folder, "march.csv"), "Reference\nA\n");
    writeFileSync(join(cwd, "a.yaml"), march);
    symlinkSync("../march.csv", join(cwd, "march.csv"));
    const refused = await inProcess(["validate", "a.yaml"], { cwd });
    expect(refused.code).toBe(3);
    expect(refused.stdout).toContain("QI011: ../march.csv is neither below the manifest's folder nor in the project");
    expect(refused.stdout).toContain("--allow-outside");
    const allowed = await inProcess(["validate", "a.yaml", "--allow-outside"], { cwd });
    expect(allowed).toMatchObject({ code: 0, stdout: "1 manifest in 1 file is valid, 1 row in 1 source.\n" });
  });

  it("are not those beside the config", async () => {
    const files = {
      "manifests/a.yaml": march.replace("march.csv", "../data/march.csv"),
      "data/march.csv": "Reference\nA\n",
    };
    const { inProcess: run } = await workplace({ tenant: tenant({ queues }), files });
    expect(await run(["plan"])).toMatchObject({ code: 0, stdout: expect.stringContaining("Plan: 1 to create.") });
  });
});

it("reads the source of a manifest from stdin in the working folder", async () => {
  const cwd = temporaryFolder();
  writeFiles(cwd, { "march.csv": "Reference\nA\n" });
  expect(await orchSync(["validate", "-"], { cwd, input: march })).toMatchObject({ code: 0 });
});

it("finds a reference again behind 100,000 rows, in little memory", async () => {
  const cwd = temporaryFolder();
  const rows = Array.from({ length: 100_000 }, (_, index) => `R-${index},some text ${index}`).join("\n");
  writeFiles(cwd, { "a.yaml": march, "march.csv": `Reference,A\n${rows}\nr-7,twice\n` });
  let peak = 0;
  const { code, stdout } = await orchSync(["validate", "a.yaml"], {
    cwd,
    onStart: ({ pid }) => {
      const timer = setInterval(() => (peak = Math.max(peak, peakOf(pid))), 20);
      timer.unref();
    },
  });
  expect([code, stdout]).toEqual([3, expect.stringContaining("first at march.csv:9; the server ignores case")]);
  expect(peak).toBeLessThan(256 * 1024);
});

/** Kilobytes; 0 where the system does not tell. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

it("refuses a pipe at once, and does not wait for somebody to write to it", async () => {
  const cwd = temporaryFolder();
  writeFiles(cwd, { "a.yaml": march });
  execFileSync("mkfifo", [join(cwd, "march.csv")]);
  const onStart = (child: ChildProcess): void => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.on("close", () => clearTimeout(timer));
  };
  const { code, stdout } = await orchSync(["validate", "a.yaml"], { cwd, onStart });
  expect(code).toBe(3);
  expect(stdout).toContain("error QI010: march.csv is no regular file");
});

it("sends references to values in cells as the text that they are, and shows them in quotes", async () => {
  const csv = "Reference,Auth\nA,${secret:FOO}\n";
  const files = { "manifests/a.yaml": march, "manifests/march.csv": csv };
  const { inProcess: run } = await workplace({ tenant: tenant({ queues }), files });
  expect((await run(["plan", "--verbose"])).stdout).toContain('Auth  "${secret:FOO}"');
});
