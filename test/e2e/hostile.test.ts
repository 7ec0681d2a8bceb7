import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectInertHtml, expectInertMarkdown, readXml } from "../support/markup.ts";
import { manifests, tenant, workplace, type Workplace } from "../support/server.ts";

/** What a name or a text of a tenant may hold: colours, CI commands, a direction change, far too much. */
const evil =
  "\u001b[31mred\u001b]0;title\u0007 \r\n::set-env name=PATH::x\n##vso[task.setvariable]x ##[error]y \u202Egnp.exe\u2066 \u009b31m \u0000";
/** The same within the 50 characters of a queue's name. */
const short = "\u001b[31m\u202E::x ##vso[a] \u0007";
const long = `${evil}${"x".repeat(10_000)}`;

async function hostileWorkplace(): Promise<Workplace> {
  const name = (text: string): string => `${text} ${short}`;
  const quoted = JSON.stringify(name("Q"));
  return workplace({
    tenant: tenant({
      folders: [
        { path: "Finance", type: "modern" },
        { path: `Finance/${evil.replaceAll("/", " ")}`, type: "modern" },
      ],
      queues: [
        {
          name: name("Q"),
          folder: "Finance",
          uniqueReferences: true,
          jsonSchema: { $schema: `draft ${long}`, type: "object", required: ["ok"], title: long },
        },
      ],
      users: [{ userName: name("ana"), reviewer: true, folders: ["Finance"] }],
      processes: [
        { name: name("P"), folder: "Finance", run: { pending: "1ms", duration: "1ms", state: "Faulted", info: long } },
        { name: name("Stop"), folder: "Finance", run: { duration: "1d" } },
      ],
      items: [
        { queue: name("Q"), folder: "Finance", reference: evil.slice(0, 90), content: { ok: long, Email: long } },
        {
          queue: name("Q"),
          folder: "Finance",
          reference: "failed",
          status: "Failed",
          exception: { type: "BusinessException", reason: long },
        },
      ],
      jobs: [{ process: name("Stop"), folder: "Finance", state: "Running" }],
    }),
    target: "guards: { maxStops: 5 }, timing: { settle: 100ms, poll: 20ms }",
    files: {
      "manifests/a.yaml": manifests.items(`{ queue: ${quoted}, items: [
        { reference: ${JSON.stringify(evil.slice(0, 90))}, content: { ok: ${JSON.stringify(evil)} } },
        { reference: new, content: { bad: 1 } }] }`),
      "manifests/b.yaml": manifests.job(`{ process: ${JSON.stringify(name("P"))}, startUntil: 2099-01-01T00:00:00Z }`),
      "manifests/c.yaml": manifests.stopped(`{ select: { process: ${JSON.stringify(name("Stop"))} } }`),
      "manifests/d.yaml": manifests.review(
        `{ queue: ${quoted}, reviewers: [${JSON.stringify(name("ana"))}], reviewStatus: InReview }`,
      ),
    },
  });
}

/** No control but line breaks, nothing that turns or hides text, no line that a CI system would obey. */
function unclean(text: string): string[] {
  const characters = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
  return text.split("\n").filter((line) => characters.test(line) || /^\s*::/.test(line) || /##vso\[|##\[/.test(line));
}

describe("a tenant full of escape sequences, CI commands and direction marks", () => {
  it("leaves plan, apply and their json clean, on stdout and stderr", async () => {
    const { folder, inProcess: run } = await hostileWorkplace();
    const results = [
      await run(["plan", "--verbose"]),
      await run(["plan", "-o", "json"]),
      await run(["apply", "--auto-approve", "--verbose", "--report", "r.xml"]),
      await run(["apply", "--auto-approve", "-o", "json"]),
      await run(["plan", "--verbose"]),
      await run(["plan", "-o", "markdown"]),
      await run(["plan", "-o", "html", "--verbose"]),
      await run(["apply", "--auto-approve", "-o", "markdown"]),
    ];
    expect(results.map(({ code }) => code)).toEqual([0, 0, 5, 5, 0, 0, 0, 5]);
    expectInertMarkdown(results[5]?.stdout ?? "");
    expectInertHtml(results[6]?.stdout ?? "");
    expectInertMarkdown(results[7]?.stdout ?? "");
    expect(readXml(readFileSync(join(folder, "r.xml"), "utf8")).attributes["failures"]).not.toBe("0");
    for (const { stdout, stderr } of results) expect([...unclean(stdout), ...unclean(stderr)]).toEqual([]);
    expect(results[0]?.stdout).toContain("\\u001b[31mred");
    // Shortened: no line of a screen carries the 10,000 characters.
    expect(results[2]?.stdout.split("\n").filter((line) => line.length > 2000)).toEqual([]);
  });

  it("leaves a saved plan clean, in every format of show, and what an apply finds wrong with it", async () => {
    const { folder, inProcess: run } = await hostileWorkplace();
    await run(["plan", "--out", "p.plan"]);
    const results = [
      await run(["show", "p.plan", "--verbose", "--report", "r.json"]),
      await run(["show", "p.plan", "-o", "ndjson"]),
      await run(["show", "p.plan", "-o", "markdown"]),
      await run(["show", "p.plan", "-o", "html", "--verbose"]),
    ];
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const saved = readFileSync(join(folder, "p.plan"), "utf8");
    expect(results[1]?.stdout).toBe(saved);
    expectInertMarkdown(results[2]?.stdout ?? "");
    expectInertHtml(results[3]?.stdout ?? "");
    for (const { stdout, stderr } of results) expect([...unclean(stdout), ...unclean(stderr)]).toEqual([]);
    expect(unclean(readFileSync(join(folder, "r.json"), "utf8"))).toEqual([]);
    // Any byte of it may be of somebody else's making: what refuses it repeats nothing of it as it is.
    writeFileSync(join(folder, "p.plan"), saved.replace("orch-sync/plan/v1", "orch-sync/plan/v1\u202E::x"));
    const refused = await run(["apply", "--plan", "p.plan", "--auto-approve"]);
    expect([refused.code, ...unclean(refused.stdout + refused.stderr)]).toEqual([4]);
  });

  it("leaves blocked lines, errors and diagnostics clean", async () => {
    const { run } = await hostileWorkplace();
    const input = manifests.items(
      `{ queue: ${JSON.stringify(`Q ${evil}!`)}, ${JSON.stringify(evil)}: 1, items: [{ reference: ${JSON.stringify(long)} }] }`,
    );
    const invalid = await run(["plan", "-"], { input });
    const blocked = await run(["plan", "-"], {
      input: manifests.items(`{ queue: ${JSON.stringify(`Q ${evil}!`)}, items: [] }`),
    });
    const unknown = await run(["plan", "--target", evil.replaceAll("\u0000", "")]);
    expect([invalid.code, blocked.code, unknown.code]).toEqual([3, 4, 64]);
    for (const { stdout, stderr } of [invalid, blocked, unknown])
      expect([...unclean(stdout), ...unclean(stderr)]).toEqual([]);
  });
});
