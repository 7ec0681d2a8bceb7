import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { invoices, sender, start, tenant } from "./tenant.ts";

let folder: string;
let data: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-"));
  data = join(folder, "tenant.db");
});

afterEach(() => rmSync(folder, { recursive: true }));

const module = fileURLToPath(new URL("../../../src/emulator/index.ts", import.meta.url));
const bulkPath = "/odata/Queues/UiPathODataSvc.BulkAddQueueItems";
const startPath = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs";
const headers = { authorization: "Bearer t", "content-type": "application/json", ...invoices };
const rowsInBatch = 25;

/** An emulator in a process of its own, on the data file. */
async function spawnEmulator(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const options = JSON.stringify({ tenant, data, token: "t", edition: "2023.4" });
  const script = `
    import { startEmulator } from ${JSON.stringify(module)};
    console.log((await startEmulator(${options})).url);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, url };
}

/** What a writer has sent, and whether it was acknowledged. */
interface Write {
  readonly kind: "batch" | "start";
  readonly name: string;
  acknowledged: boolean;
}

/** Writes one thing after the other until the server is gone. */
async function write(url: string, writer: string, writes: Write[], acknowledged: () => void): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const kind = turn % 3 === 2 ? "start" : "batch";
    const one: Write = { kind, name: `${writer}-${turn}`, acknowledged: false };
    writes.push(one);
    try {
      const response = await fetch(url + (kind === "batch" ? bulkPath : startPath), {
        method: "POST",
        headers,
        body: JSON.stringify(kind === "batch" ? batch(one.name) : jobs(one.name)),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      one.acknowledged = true; // by its head: the rest of the answer may be cut off
      acknowledged();
      await response.text();
    } catch (error) {
      if (error instanceof TypeError) return;
      throw error;
    }
  }
}

function batch(name: string): object {
  const queueItems = Array.from({ length: rowsInBatch }, (_, row) => ({ Reference: `${name}/${row}` }));
  return { queueName: "Unique", commitType: "AllOrNothing", queueItems };
}

function jobs(name: string): object {
  const ReleaseKey = "11111111-1111-4111-8111-111111111111";
  return { startInfo: { ReleaseKey, Strategy: "ModernJobsCount", JobsCount: 3, Reference: name } };
}

test("kill -9 at any moment loses no acknowledged write and leaves nothing half-written", async () => {
  const writes: Write[] = [];
  for (const [round, enough] of [1, 8, 20].entries()) {
    const { child, url } = await spawnEmulator();
    onTestFinished(() => void child.kill("SIGKILL")); // a failure must not leave it behind
    const exited = once(child, "exit");
    await expect(start({ data })).rejects.toThrow("is in use by another orch-sync");
    let left = enough;
    // Some milliseconds after that: at any point of the work that goes on.
    const kill = (): NodeJS.Timeout => setTimeout(() => child.kill("SIGKILL"), Math.random() * 15);
    const acknowledged = (): void => void ((left -= 1) === 0 && kill());
    await Promise.all(["a", "b", "c", "d"].map(async (name) => write(url, `${round}${name}`, writes, acknowledged)));
    await exited;
  }
  expect(writes.filter(({ acknowledged }) => acknowledged).length).toBeGreaterThan(28);

  const file = new DatabaseSync(data);
  expect(file.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  expect(file.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
  const items = counts(
    file,
    "SELECT substr(reference, 1, instr(reference, '/') - 1) AS name, count(*) AS n FROM items WHERE queue_id = 32 GROUP BY 1",
  );
  const started = counts(
    file,
    "SELECT reference AS name, count(*) AS n FROM jobs WHERE reference IS NOT NULL GROUP BY 1",
  );
  const eventless = file
    .prepare(
      "SELECT count(*) AS n FROM items i WHERE queue_id = 32 AND (SELECT count(*) FROM item_events e WHERE e.item_id = i.id) <> 1",
    )
    .get();
  expect(eventless).toEqual({ n: 0 });
  file.close();

  const wrong = writes.filter(({ kind, name, acknowledged }) => {
    const found = (kind === "batch" ? items : started).get(name) ?? 0;
    const whole = kind === "batch" ? rowsInBatch : 3;
    return found !== whole && (acknowledged || found !== 0);
  });
  expect(wrong).toEqual([]);

  await using again = await start({ data });
  const { body } = await sender(again)("POST", bulkPath, batch("after"));
  expect(body).toMatchObject({ Success: true });
}, 30_000);

function counts(file: DatabaseSync, sql: string): ReadonlyMap<unknown, number> {
  return new Map(
    file
      .prepare(sql)
      .all()
      .map((row) => [row["name"], Number(row["n"])]),
  );
}
