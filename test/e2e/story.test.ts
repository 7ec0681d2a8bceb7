import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { exampleCopy, orchSync, type CliResult } from "../support/cli.ts";
import { inProcess } from "../support/in-process.ts";
import { manifests } from "../support/server.ts";

type Row = Readonly<Record<string, unknown>>;
const place = "Finance/Invoices";

/** What a robot, or a person in the web page, says to the server. */
async function post(emulator: Emulator, path: string, body: object): Promise<Row> {
  const response = await fetch(`${emulator.url}/odata/${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${emulator.token}`,
      "content-type": "application/json",
      "X-UIPATH-FolderPath": place,
    },
    body: JSON.stringify(body),
  });
  expect(response.status).toBeLessThan(300);
  return JSON.parse((await response.text()) || "{}") as Row;
}

/** A robot takes the next item of the queue and ends it. */
async function work(emulator: Emulator, transactionResult: object): Promise<string> {
  const transactionData = { Name: "InvoiceQueue", RobotIdentifier: "InvoiceBot" };
  const item = await post(emulator, "Queues/UiPathODataSvc.StartTransaction", { transactionData });
  await post(emulator, `Queues(${String(item["Id"])})/UiPathODataSvc.SetTransactionResult`, { transactionResult });
  return String(item["Reference"]);
}

const failure = (Type: string): object => ({ IsSuccessful: false, ProcessingException: { Type, Reason: "no price" } });

it("the story of a queue, from its seed to another tenant", { timeout: 120_000 }, async () => {
  const folder = exampleCopy("quickstart");
  await using emulator = await startEmulator({ tenant: join(folder, "tenant.yaml") });
  const env = (server: Emulator): Record<string, string> => ({
    ORCH_SYNC_URL: server.url,
    ORCH_SYNC_TOKEN: server.token,
    ORCH_SYNC_FOLDER: place,
  });
  const cwd = join(folder, "manifests");
  writeFileSync(join(folder, "orch-sync.yaml"), "apiVersion: orch-sync/v1\nkind: Config\ntargets: {}\n");
  const run = (args: readonly string[], server: Emulator = emulator): Promise<CliResult> =>
    inProcess(args, { cwd, env: env(server) });
  const listed = async (args: readonly string[], server?: Emulator): Promise<Row[]> => {
    const { code, stdout } = await run([...args, "-o", "ndjson"], server);
    expect(code).toBe(0);
    return stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Row]));
  };
  const force = ["--auto-approve", "--force", "maxDeletes", "--force", "maxStops"];

  // Seeded, started, waited for.
  expect((await orchSync(["apply", ".", ...force], { cwd, env: env(emulator) })).code).toBe(0);
  const [job] = await listed(["jobs", "--process", "InvoiceSmokeTest"]);
  expect(job).toMatchObject({ state: "Successful" });
  expect((await run(["wait", "--job", String(job?.["reference"])])).code).toBe(0);

  // Robots fail some items: a business exception stays, an application exception is tried once more.
  const failed = await work(emulator, failure("BusinessException"));
  const again = await work(emulator, failure("ApplicationException"));
  const done = await work(emulator, { IsSuccessful: true });
  expect((await run(["wait", "--queue-item", failed, "--queue", "InvoiceQueue"])).code).toBe(5);
  const waiting = await listed(["items", "--queue", "InvoiceQueue", "--status", "New"]);
  expect(waiting.map(({ reference }) => reference)).toContain(again);
  expect(waiting.map(({ reference }) => reference)).not.toContain(done);

  // Somebody reviews what failed.
  const review = manifests.review("{ queue: InvoiceQueue, reviewers: [ana], reviewStatus: InReview }");
  writeFileSync(join(cwd, "of-queue.yaml"), review);
  expect((await run(["apply", "of-queue.yaml", "--auto-approve"])).code).toBe(0);
  const [item] = await listed(["items", "--queue", "InvoiceQueue", "--review-status", "InReview"]);
  expect(item).toMatchObject({ reference: failed, reviewer: "ana", error: "no price" });
  const id = String(item?.["id"]);
  expect((await run(["comments", id, "--add", "the price is there now", "--auto-approve"])).code).toBe(0);

  // And has it tried again.
  const { RowVersion } = (await (
    await fetch(`${emulator.url}/odata/QueueItems(${id})`, {
      headers: { authorization: `Bearer ${emulator.token}`, "X-UIPATH-FolderPath": place },
    })
  ).json()) as { readonly RowVersion: string };
  const queueItems = [{ Id: Number(id), RowVersion }];
  await post(emulator, "QueueItems/UiPathODataSvc.SetItemReviewStatus", { queueItems, status: "Retried" });
  const events = await listed(["history", id]);
  expect(events.map(({ reviewStatus }) => reviewStatus)).toContain("Retried");
  expect(new Set(events.map(({ item: attempt }) => attempt)).size).toBe(2);

  // The numbers, and the rest for another tenant.
  const status = await run(["status", "-o", "json", "--queue", "InvoiceQueue"]);
  expect((JSON.parse(status.stdout) as { readonly queues: readonly Row[] }).queues).toMatchObject([{ successful: 1 }]);
  const left = await listed(["items", "--queue", "InvoiceQueue", "--status", "New"]);
  expect(left.map(({ reference }) => reference)).toEqual(expect.arrayContaining([failed, again]));
  const exported = await run(["export", "QueueItems", "Job"]);
  expect(exported.code).toBe(0);
  writeFileSync(join(folder, "export.yaml"), exported.stdout);
  expect((await run(["plan", "../export.yaml", "--detailed-exitcode"])).code).toBe(0);

  const empty = readFileSync(join(folder, "tenant.yaml"), "utf8").replace(/^ {2}items:[^]*?(?=^ {2}jobs:)/m, "");
  writeFileSync(join(folder, "empty.yaml"), empty);
  await using other = await startEmulator({ tenant: join(folder, "empty.yaml") });
  expect((await run(["apply", "../export.yaml", "--auto-approve"], other)).code).toBe(0);
  const there = await listed(["items", "--queue", "InvoiceQueue"], other);
  const references = (rows: readonly Row[]): Set<unknown> => new Set(rows.map(({ reference }) => reference));
  expect(references(there)).toEqual(references(left));
  expect((await run(["plan", "../export.yaml", "--detailed-exitcode"], other)).code).toBe(0);
});
