import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import { countOutcomes, type Outcome } from "../../../src/core/outcome.ts";
import { summarize, type PlannedResource } from "../../../src/core/plan.ts";
import type { ApplyReport } from "../../../src/core/report.ts";
import { markdownCode, markdownFence, markupText } from "../../../src/core/text.ts";
import { byteLimit } from "../../../src/views/markdown/limit.ts";
import { planMarkdown } from "../../../src/views/markdown/plan.ts";
import { canary, expectInertMarkdown, readXml } from "../../support/markup.ts";
import { everyView, expectClean } from "../../unit/views/every-view.ts";
import { createOf } from "../../unit/views/reports.ts";
import { planOf, resource } from "../../unit/views/sample.ts";
import { marked } from "marked";

/** What means something to a terminal, a CI system, Markdown, HTML or XML, and what is near it. */
const characters = "`~*_[]()<>&\"'|#!-+:;.@%\\/=\n\r\t\u0000\u001b\u0085\u2028\u202E\u200B\uFEFF\uFFFE\uD800aü日";
const words = ["```", "~~~~", "::error::", "##vso[", "##[", "]]>", "<!--", "-->", "</code>", "</summary>", "<details>"];
const markdown = ["\n\n", "    ", "| a |\n| - |", "\n# h", "\n- i", "\n> q", "![i](u)", "[l](u)", "&lt;", "%0A", "🚀"];
const links = ["http://x.example", "www.x.example", "a@b.example", "@team", "#12"];
const pieces = [...characters.split(""), ...words, ...markdown, ...links];
const foreign = fc
  .array(fc.constantFrom(...pieces), { maxLength: 12 })
  .chain((parts) => fc.nat(parts.length).map((at) => [...parts.slice(0, at), canary, ...parts.slice(at)].join("")));

/** What a view once got wrong: a word as wide as a line, behind blanks of its own. */
const seen: [string[]][] = [[["    CANARYa@b.example</code>\u2028http://x.example\uFEFFwww.x.example\uFFFE"]]];

/** Every place of a plan, a report and a diagnostic, with the texts taken in turn. */
function shownOf(texts: readonly string[]): Parameters<NonNullable<(typeof everyView)[string]>["draw"]>[0] {
  let taken = 0;
  const next = (): string => texts[taken++ % texts.length] ?? canary;
  const key = { kind: "QueueItems", folder: next(), name: next() } as const;
  const source = { file: next(), line: 1, column: 1, text: next() };
  const base = { key: { ...key, entry: next() }, label: next(), summary: next(), source, warnings: [next()] };
  const reason = { code: "not-named", text: next() } as const;
  const precondition = { type: "absent" } as const;
  const fields = [
    { path: `content.${next()}`, before: next(), after: next() },
    { path: next(), before: next(), after: { [next()]: next() } },
  ];
  const changes: readonly Change[] = [
    { ...base, action: "create", after: { content: { [next()]: next() } }, precondition, reason },
    { ...base, action: "update", before: {}, after: {}, fields, precondition, reason },
    { ...base, action: "start", run: "again", after: {}, fields, precondition, reason, label: "" },
    { ...base, action: "blocked", reason, hint: next() },
  ];
  const resources: PlannedResource[] = [resource("QueueItems", "x", next(), changes, { key, notes: [next()], source })];
  const diagnostics: readonly Diagnostic[] = [
    { code: "MF006", severity: "warning", message: next(), hint: next(), remark: next(), source, key, count: 3 },
  ];
  const guards = [{ guard: "maxStops", count: 1, limit: 0, message: next(), forced: false }] as const;
  const target = { name: next(), url: next(), apiVersion: 20 };
  const times = { createdAt: next(), toolVersion: next() };
  const plan = planOf(resources, { target, ...times, summary: summarize(resources), diagnostics, guards });
  const fault = { kind: "http", message: next(), call: `POST ${next()}`, errorCode: next(), traceId: next() } as const;
  const ended = { key: base.key, action: "create", label: next(), durationMs: 1, calls: 1, source } as const;
  const outcomes: readonly Outcome[] = [
    { ...ended, status: "failed", note: next(), fault },
    { ...ended, status: "unknown", note: next(), fault, sentAt: next(), notBefore: next() },
    { ...ended, status: "skipped", note: next() },
    { ...ended, status: "applied", note: next(), traceIds: [next()] },
  ];
  const report: ApplyReport = {
    planId: plan.id,
    target,
    startedAt: next(),
    durationMs: 1,
    calls: 1,
    counts: countOutcomes(outcomes),
    resources: [{ key, counts: countOutcomes(outcomes), durationMs: 1, calls: 1 }],
    outcomes,
    waitTimedOut: false,
    timeline: {
      slotMs: 100,
      pauses: [{ reason: "retry", fromMs: 0, toMs: 1, times: 1 }],
      lanes: [{ key, open: [], ends: [], steps: [{ atMs: 1, text: next() }] }],
    },
  };
  return { plan, report, diagnostics };
}

it.each(Object.entries(everyView))(
  "whatever foreign text is, it is nothing but text in the view: %s",
  (_name, view) => {
    fc.assert(
      fc.property(fc.array(foreign, { minLength: 1, maxLength: 6 }), (texts) => {
        const text = view.draw(shownOf(texts));
        expect(view.cuts === true || text.includes(canary)).toBe(true);
        expectClean(text);
        view.judge(text);
      }),
      { numRuns: 60, examples: seen },
    );
  },
);

it("a code span shows the clean text, exactly, and nothing but it", () => {
  fc.assert(
    fc.property(foreign, (text) => {
      const html = marked.parseInline(`a ${markdownCode(text)} b`) as string;
      expect(readXml(`<?xml version="1.0" encoding="UTF-8"?>\n<p>${numeric(html)}</p>`)).toMatchObject({
        text: "a  b",
        children: [{ name: "code", children: [], text: undone(markupText(text)) }],
      });
    }),
  );
});

it("a fence holds its lines, whatever backticks are in them", () => {
  fc.assert(
    fc.property(fc.array(foreign, { minLength: 1, maxLength: 5 }), (lines) => {
      const tokens = marked.lexer(`${markdownFence(lines, "diff")}\n\nafter\n`);
      expect(tokens.map(({ type }) => type)).toEqual(["code", "space", "paragraph"]);
    }),
  );
});

it("Markdown is within its limit, whole, and says how much it leaves out", () => {
  const sizes = fc.array(fc.nat(120), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 3000, max: 12_000 }), foreign, (counts, most, text) => {
      const resources = counts.map((count, at) => {
        const changes = Array.from({ length: count }, (_, index) => createOf(`set-${at}`, `${index} ${text}`));
        return resource("QueueItems", `set-${at}`, "queue Q", changes);
      });
      const drawn = planMarkdown(planOf(resources), { verbose: false, limit: byteLimit(most) });
      expect(Buffer.byteLength(drawn)).toBeLessThanOrEqual(most);
      expectInertMarkdown(drawn);
      const shown = drawn.split("\n").filter((line) => /^\+ \d+ /.test(line)).length;
      const left = countsOf(drawn, /^… ([\d,]+) more entr/gm);
      // Of a resource that is left out, its entries are not counted again.
      fc.pre(!drawn.includes("more resource"));
      expect(shown + left).toBe(counts.reduce((sum, count) => sum + count, 0));
    }),
    { numRuns: 25 },
  );
});

function countsOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((sum, [, count = ""]) => sum + Number(count.replaceAll(",", "")), 0);
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** The named references that marked writes, as numbers. */
function numeric(html: string): string {
  return html.replace(/&([a-z]+);/g, (_all, name: string) => `&#${entities[name]?.charCodeAt(0) ?? 0};`);
}

function undone(text: string): string {
  return text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)));
}
