import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../support/cli.ts";
import { desk } from "../../support/desk.ts";
import { manifests } from "../../support/server.ts";

interface Documented {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}
const documented = JSON.parse(
  readFileSync(join(root, "test/fixtures/documented-requests.json"), "utf8"),
) as readonly Documented[];

/** Rows of the page: the request's name, what the page of the API guide shows, what issues it. */
const rows = readFileSync(join(root, "docs/requests.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| `[a-z-]+` +\|/.test(line))
  .map((line) => {
    const [name = "", request = "", by = ""] = line
      .split("|")
      .slice(1, 4)
      .map((cell) => cell.trim());
    return { name: name.slice(1, -1), request: request.slice(1, -1), by };
  });
const reads = rows.filter(({ request }) => request.startsWith("/"));
const writes = rows.filter(({ request }) => request.startsWith("POST"));

/** A command line as a shell splits it. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

interface Query {
  readonly path: string;
  readonly filter: ReadonlySet<string>;
  readonly expand: readonly string[];
  readonly top: string | undefined;
  readonly orderBy: string | undefined;
}

/** A request in parts; a state is named whether it is written so or by its number. */
function parse(path: string, query: string): Query {
  const options = new Map(
    query.split("&").map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return [decodeURIComponent(name), decodeURIComponent(value.join("="))];
    }),
  );
  const filter = (options.get("$filter") ?? "")
    .replace(/^\((.*)\)$/, "$1")
    .replace("State eq '4'", "State eq 'Faulted'");
  return {
    path,
    filter: new Set(filter === "" ? [] : filter.split(" and ")),
    expand: options.get("$expand")?.split(",") ?? [],
    top: options.get("$top"),
    orderBy: options.get("$orderby"),
  };
}

describe("docs/requests.md", () => {
  it("lists all 19 requests, as they are documented", () => {
    const listed = rows.map(({ name, request }) => `${name} ${request.replace("POST ", "")}`);
    const known = documented.map(({ name, path }) => `${name} ${decodeURIComponent(path)}`);
    expect(new Set(listed)).toEqual(new Set(known));
    expect([reads.length, writes.length]).toEqual([12, 7]);
  });

  it.each(reads)("$name is issued by $by", async ({ request, by }) => {
    const { run, emulator } = await desk({ tenant: "documented", place: "Default" });
    const [, ...args] = words(by.slice(1, -1));
    expect((await run(args)).code).toBe(0);
    const [path = "", query = ""] = request.split("?");
    const wanted = parse(path, query);
    const sent = emulator
      .requests()
      .filter((each) => each.method === "GET" && each.path === path)
      .map((each) => parse(each.path, each.query));
    expect(sent).toHaveLength(1);
    const [own] = sent;
    expect([...(own?.filter ?? [])].toSorted()).toEqual([...wanted.filter].toSorted());
    expect(own).toMatchObject({
      expand: expect.arrayContaining([...wanted.expand]),
      ...(wanted.orderBy === undefined ? {} : { orderBy: wanted.orderBy }),
      ...(args.includes("--limit") ? { top: wanted.top } : {}),
    });
  });

  it.each(writes.filter(({ by }) => by.startsWith("[")))("$name is issued by its manifest", async ({ request, by }) => {
    const file = /\(\.\.\/(.*)\)/.exec(by)?.[1] ?? "";
    const { run, emulator, folder } = await desk({ tenant: "documented", place: "Default" });
    cpSync(join(root, file), join(folder, "a.yaml"));
    expect((await run(["apply", "a.yaml", "--auto-approve"])).code).toBe(0);
    const sent = emulator.requests().filter(({ method }) => method !== "GET");
    expect(sent.map(({ method, path, status }) => [`${method} ${path}`, Math.floor(status / 100)])).toEqual([
      [request, 2],
    ]);
  });

  it("a bulk add without references is refused before anything is called", async () => {
    const { run, emulator } = await desk({
      tenant: "documented",
      place: "Default",
      files: {
        "a.yaml": manifests.items("{ queue: DocTest, commit: AllOrNothing, items: [{ content: { Name: a } }] }"),
      },
    });
    expect((await run(["apply", "a.yaml", "--auto-approve"])).code).toBe(3);
    expect(emulator.requests()).toEqual([]);
    expect(writes.find(({ name }) => name === "bulk-add-queue-items-failing")?.by).toMatch(/^none: /);
  });
});
