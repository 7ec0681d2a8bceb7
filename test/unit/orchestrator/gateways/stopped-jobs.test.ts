import { describe, expect, test } from "vitest";
import type { Change } from "../../../../src/core/change.ts";
import { gateways } from "../../../../src/orchestrator/index.ts";
import type { Operation } from "../../../../src/orchestrator/gateways/port.ts";
import { applyRun, folder, planned, readerFor, refused, serve, signal, type Reaction, type Seen } from "../support.ts";

const stop = (id: number): Change => ({
  key: { kind: "StoppedJobs", folder: folder.path, name: "r", entry: String(id) },
  label: `job ${id}`,
  summary: "",
  action: "stop",
  before: { id, process: "Old", state: "Running", creationTime: "2026-11-01T00:00:00Z" },
  precondition: { type: "fingerprint", id, fingerprint: "k" },
});

/** Jobs in these states; `answer` says what a stop of these ids comes to, and may change the states. */
function jobs(states: Record<number, string>, answer: (ids: readonly number[]) => Reaction): (call: Seen) => Reaction {
  return ({ method, path, body, query }) => {
    if (method === "POST") return answer((body as { jobIds: number[] }).jobIds);
    const rows = Object.entries(states).map(([id, State]) => ({ Id: Number(id), State, Key: "k" }));
    const id = /\((\d+)\)/.exec(path)?.[1];
    if (id === undefined) return { json: { value: (query["$filter"] ?? "").includes("Id gt") ? [] : rows } };
    const row = rows.find(({ Id }) => Id === Number(id));
    return row === undefined ? refused(404, 1002) : { json: row };
  };
}

function operations(url: string, changes: readonly Change[]): readonly Operation[] {
  const resource = planned("StoppedJobs", { strategy: "SoftStop" }, changes);
  return gateways.StoppedJobs.operations(resource, applyRun(readerFor(url)));
}
async function send(url: string, changes: readonly Change[]): Promise<string[]> {
  const [operation] = operations(url, changes);
  const answer = await operation?.send(changes, signal);
  if (answer?.ending !== "answered") return [answer?.ending ?? "none"];
  return [...answer.endings].map(([{ key }, { status, note }]) => `${key.entry} ${status}: ${note}`);
}
const posts = (seen: readonly Seen[]): unknown[] =>
  seen.filter(({ method }) => method === "POST").map(({ body }) => body);

test("candidates are filtered by what servers take, and by ids one by one", async () => {
  const folders = { value: [{ Id: 5, Key: folder.key, FullyQualifiedName: folder.path, ProvisionType: "Automatic" }] };
  await using server = await serve(({ path }) => {
    if (path === "/odata/Folders") return { json: folders };
    if (path === "/odata/Releases")
      return { json: { value: [{ Id: 1, Key: "k", Name: "O'Old", ProcessVersion: "1" }] } };
    return path === "/odata/Jobs" ? { json: { value: [] } } : refused(404, 1002);
  });
  const read = async (select: object) => {
    const source = { file: "m.yaml", line: 1, column: 1 };
    const key = { kind: "StoppedJobs", folder: folder.path, name: "r" } as const;
    const spec = { select: { states: ["Pending", "Running"], ...select }, strategy: "Kill" };
    return gateways.StoppedJobs.read({ key, labels: {}, dependsOn: [], spec, source }, readerFor(server.url), signal);
  };
  await read({ process: "o'old", createdBefore: "2026-11-01T00:00:00Z" });
  expect(server.seen.at(-1)?.query["$filter"]).toBe(
    "(ReleaseName eq 'O''Old' and CreationTime lt 2026-11-01T00:00:00.000Z and (State eq 'Pending' or State eq 'Running'))",
  );
  await read({ reference: "r@once" });
  expect(server.seen.at(-1)?.query["$filter"]).toBe(
    "(State eq 'Pending' or State eq 'Running')", // no source runs a filter by Reference
  );
  expect(await read({ ids: [7] })).toEqual({ jobs: [] });
  expect(server.seen.at(-1)?.path).toBe("/odata/Jobs(7)");
  expect(await read({ process: "Olt" })).toMatchObject({ process: { missing: "Olt" } });
});

describe("stopping jobs", () => {
  test("the answer is empty, so the states are read back by id", async () => {
    const states = { 1: "Running", 2: "Running", 3: "Successful" };
    await using server = await serve(
      jobs(states, () => {
        Object.assign(states, { 1: "Stopping", 2: "Terminating" });
        return { text: "" };
      }),
    );
    expect(await send(server.url, [stop(1), stop(2), stop(3), stop(4)])).toEqual([
      "1 applied: is Stopping",
      "2 applied: is Terminating",
      "3 already-done: ended by itself: Successful",
      "4 already-done: the job is gone",
    ]);
    expect(posts(server.seen)).toEqual([{ jobIds: [1, 2, 3, 4], strategy: "SoftStop" }]);
    expect(server.seen.slice(1).map(({ path }) => path)).toEqual([1, 2, 3, 4].map((id) => `/odata/Jobs(${id})`));
  });

  test("a refused batch is read again and the rest is sent one by one", async () => {
    const states: Record<number, string> = { 1: "Running", 2: "Successful", 3: "Running" };
    await using server = await serve(
      jobs(states, (ids) => {
        if (ids.length > 1 || ids[0] === 3) return refused(409, 1009, "JobCannotBeCancelled");
        for (const id of ids) states[id] = "Stopping";
        return { status: 204 };
      }),
    );
    expect(await send(server.url, [stop(1), stop(2), stop(3)])).toEqual([
      "2 already-done: ended by itself: Successful",
      "1 applied: is Stopping",
      "3 failed: refused by the server",
    ]);
    expect(posts(server.seen)).toMatchObject([{ jobIds: [1, 2, 3] }, { jobIds: [1] }, { jobIds: [3] }]);
  });

  test("a job that goes on is told twice, then it is a failure", async () => {
    await using server = await serve(jobs({ 1: "Running" }, () => ({ text: "" })));
    expect(await send(server.url, [stop(1)])).toEqual(["1 failed: the server took the stop, and the job goes on"]);
    expect(posts(server.seen)).toHaveLength(2);
  });

  test.each<[string, Reaction, string]>([
    ["a stop that the server took", { text: "" }, "1 applied: the server took the stop; its effect could not be read"],
    ["a stop that it refused", refused(409, 1009, "JobCannotBeCancelled"), "1 failed: refused by the server"],
  ])("%s is no open write when its effect cannot be read (chaos landing/492)", async (_, reaction, told) => {
    await using server = await serve(({ method }) => (method === "POST" ? reaction : { status: 401 }));
    expect(await send(server.url, [stop(1)])).toEqual([told]);
    expect(posts(server.seen).length).toBeLessThan(3);
  });

  test.each<[string, Reaction, string]>([
    ["403", { status: 403 }, "refused"],
    ["503", { status: 503 }, "open"],
  ])("%s", async (_, reaction, ending) => {
    await using server = await serve(jobs({ 1: "Running" }, () => reaction));
    expect(await send(server.url, [stop(1)])).toEqual([ending]);
  });

  test("a stop whose answer was lost is found by the job's state", async () => {
    await using server = await serve(jobs({ 1: "Stopping", 2: "Running" }, () => ({ status: 503 })));
    const changes = [stop(1), stop(2)];
    const [operation] = operations(server.url, changes);
    expect(operation?.repeat).toBe("free");
    const found = await operation?.find(changes, signal);
    expect([...(found ?? [])].map(([{ key }, { status }]) => [key.entry, status])).toEqual([["1", "applied"]]);
  });

  test("many go in batches, and their states are read in lists", async () => {
    const changes = Array.from({ length: 120 }, (_, index) => stop(index + 1));
    const states = Object.fromEntries(changes.map((_, index) => [index + 1, "Stopping"]));
    await using server = await serve(jobs(states, () => ({ text: "" })));
    expect(operations(server.url, changes).map((each) => each.changes.length)).toEqual([100, 20]);
    const result = await send(server.url, changes);
    expect(new Set(result.map((text) => text.replace(/^\d+ /, "")))).toEqual(new Set(["applied: is Stopping"]));
    expect(server.seen.some(({ path }) => path.includes("("))).toBe(false);
  });

  test("the price is the stops and what reads their states before and after", () => {
    const price = (count: number) =>
      gateways.StoppedJobs.price(
        planned(
          "StoppedJobs",
          {},
          Array.from({ length: count }, (_, index) => stop(index)),
        ),
      );
    expect(price(0)).toEqual({ calls: 0, listCalls: 0 });
    expect(price(3)).toEqual({ calls: 7, listCalls: 0 });
    expect(price(120)).toEqual({ calls: 8, listCalls: 6 });
  });
});
