import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startEmulator } from "../../src/emulator/index.ts";
import { judgeWrites, type PlanDocument } from "../checker/writes.ts";
import { exampleCopy, orchSync, root, temporaryFolder } from "../support/cli.ts";
import { inProcess } from "../support/in-process.ts";

type Json = Readonly<Record<string, unknown>>;
const read = (path: string): string => readFileSync(join(root, path), "utf8");
/** The documented writes that succeed: the one that fails is no wish of anybody's. */
const documented = (
  JSON.parse(read("test/fixtures/documented-requests.json")) as readonly {
    readonly name: string;
    readonly method: string;
    readonly path: string;
    readonly requestBody: Json;
  }[]
).filter(({ method, name }) => method === "POST" && name !== "bulk-add-queue-items-failing");

/** Members by path: `startInfo.RobotIds`; arrays of primitives and empty ones count as values. */
function members(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, member]) => members(member, path === "" ? name : `${path}.${name}`));
}

/** Rows of the README's table of differences: `request | member | page | sent`. */
function differences(): string[] {
  return read("examples/documented/README.md")
    .split("\n")
    .filter((line) => /^\| `[a-z-]+` +\|/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, 5)
        .map((cell) => cell.trim().replaceAll("`", ""))
        .join(" | "),
    );
}

const hash = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const same = (a: unknown, b: unknown): boolean =>
  a === b ||
  (typeof a === "string" && typeof b === "string" && /^\d{4}-.*Z$/.test(a) && Date.parse(a) === Date.parse(b));
const shown = (value: unknown): string =>
  value === undefined
    ? ""
    : typeof value === "string" && hash.test(value)
      ? "(UUID)"
      : JSON.stringify(value).replaceAll('"', "");

describe("the documented requests as manifests", () => {
  it("reach the server with the documented values; what differs is the README's list", async () => {
    await using emulator = await startEmulator({ tenant: "documented" });
    const folder = exampleCopy("documented");
    const options = {
      cwd: temporaryFolder(),
      env: { ORCH_SYNC_URL: emulator.url, ORCH_SYNC_TOKEN: emulator.token, ORCH_SYNC_FOLDER: "Default" },
    };
    const manifests = join(folder, "manifests");

    const planned = await inProcess(["plan", manifests, "-o", "json", "--force", "maxStops"], options);
    expect(planned).toMatchObject({ code: 0, stderr: "" });
    const before = emulator.requests().length;
    expect((await orchSync(["apply", manifests, "--auto-approve", "--force", "maxStops"], options)).code).toBe(0);
    const sent = emulator.requests().slice(before);
    expect(judgeWrites(JSON.parse(planned.stdout) as PlanDocument, sent)).toEqual([]);

    const found = documented.flatMap(({ name, path, requestBody: body }) => {
      const wanted = new Map(members(body));
      // Two starts go to one path: the release tells them apart.
      const request = sent.find(
        (each) =>
          each.path === path &&
          (!body["startInfo"] || each.body?.includes(String((body["startInfo"] as Json)["ReleaseKey"]))),
      );
      const real = new Map(members(JSON.parse(request?.body ?? "{}")));
      return [...new Set([...wanted.keys(), ...real.keys()])]
        .filter((member) => !same(wanted.get(member), real.get(member)))
        .map((member) => `${name} | ${member} | ${shown(wanted.get(member))} | ${shown(real.get(member))}`);
    });
    expect(found.toSorted()).toEqual(differences().toSorted());

    const again = await inProcess(["plan", manifests, "--detailed-exitcode"], options);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("Nothing to do")]);
  });

  it("run on the example's own embedded target, too", async () => {
    const cwd = exampleCopy("documented");
    expect((await inProcess(["validate"], { cwd })).code).toBe(0);
    expect((await inProcess(["apply", "--auto-approve"], { cwd })).code).toBe(0);
    expect((await inProcess(["plan", "--detailed-exitcode"], { cwd })).code).toBe(0);
  });
});
