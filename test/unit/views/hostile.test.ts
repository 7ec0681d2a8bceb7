import { setImmediate as turn } from "node:timers/promises";
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { EventBody } from "../../../src/core/events.ts";
import { errorView } from "../../../src/views/human/error.ts";
import { planView } from "../../../src/views/human/plan.ts";
import { reportView } from "../../../src/views/human/report.ts";
import { planJson } from "../../../src/views/json/plan.ts";
import { reportJson } from "../../../src/views/json/report.ts";
import { jsonText } from "../../../src/views/json/text.ts";
import { validationJson } from "../../../src/views/json/validation.ts";
import { eventLines } from "../../../src/views/progress/event-lines.ts";
import { terminalProgress } from "../../../src/views/progress/load-terminal.ts";
import { logProgress } from "../../../src/views/progress/log.ts";
import { canary } from "../../support/markup.ts";
import { everyView, expectClean } from "./every-view.ts";
import { everywhere } from "./everywhere.ts";

/** What a hostile tenant or manifest may hold, in any place. */
const evil = [
  canary,
  "` ``` ```` ~~~ @octocat #1 GH-1 a@b.example www.x.example https://x.example/ <b>x</b> <!-- </details></summary>",
  " | a | b | ![x](//y) [x](javascript:y) **b** _i_ ]]> &amp; &#60; \" ' \uFFFE \uFFFF # h --- %0A::error::x ;]",
  "\n```\n\n# heading\n\n---\n\n    code\n\n| a |\n| - |\n",
  "::set-env name=PATH::/tmp",
  "\u001b[2J\u001b]0;owned\u0007",
  "\r\n::error file=x::y",
  " ##vso[task.setvariable variable=x]y ##[command]",
  "\u202Egpj.exe\u202C\u2066\u2069\u200E\u200F\u061C",
  "zero\u200Bwidth\uFEFF\u2028\u2029",
  "\uD800 lone, tag \u{E0041}, C1 \u009B31m \u0085",
  " ",
  "::stop-commands::x ".repeat(530),
].join("");

const { key, fault, outcomeBase, plan, report, diagnostics } = everywhere(evil);
const { outcomes } = report;

const events: readonly EventBody[] = [
  { type: "apply-started", planId: evil, pending: 1 },
  { type: "reading", key, title: evil },
  { type: "resource-waiting", key, on: [key] },
  { type: "outcome", outcome: { ...outcomeBase, status: "skipped", note: evil } },
  { type: "resource-started", key, text: evil, total: 1 },
  { type: "progress", key, text: evil, done: 1, total: 1 },
  { type: "step", key, text: evil },
  { type: "settling", key, call: `POST ${evil}`, until: evil },
  { type: "interrupted", text: evil },
  { type: "halted", key, text: evil },
  { type: "resource-ended", key, text: evil, counts: report.counts, left: 0, durationMs: 1, calls: 1 },
];

const escape = "\u001b";
const showCursor = `${escape}[?25h`;
/** What listr2 itself writes: the cursor, synchronized output, lines cleared. */
const ours = new RegExp(String.raw`${escape}\[(?:\?25[hl]|\?2026[hl]|\d*[ABGK])`, "g");

const screen = { color: false, width: 80 };

describe("a hostile tenant", () => {
  it.each(Object.entries(everyView))("is nothing but text in the view: %s", (_name, { draw, judge }) => {
    const text = draw({ plan, report, diagnostics });
    expect(text).toContain(canary);
    expectClean(text);
    judge(text);
  });

  it("stays within the lines of an error", () => {
    const text = errorView({ message: evil, hint: evil, fault, cause: new Error(`${evil}2`) }, screen);
    expectClean(text);
    expect(text).toContain(canary);
  });

  it("stays within the lines of screens that have colours", () => {
    const colored = { ...screen, color: true, verbose: true };
    for (const text of [planView(plan, colored), reportView(report, colored)]) {
      expectClean(stripVTControlCharacters(text));
      expect(text).not.toBe(stripVTControlCharacters(text));
    }
  });

  it.each([
    ["plan", planJson(plan)],
    ["report", reportJson(report)],
    ["validation", validationJson({ diagnostics, files: 1, manifests: 1, selected: 1, sources: 0, rows: 0 })],
  ])("stays within the strings of the %s's JSON, and is exact there", (_name, document) => {
    const text = jsonText(document);
    expectClean(text);
    expect(JSON.parse(text)).toEqual(document);
    expect(text).toContain(String.raw`\u001b[2J`);
  });

  it("stays within the strings of events, and is exact there", () => {
    let text = "";
    const lines = eventLines((some) => (text += some), {
      now: () => 0,
      schedule: () => () => undefined,
      toolVersion: evil,
    });
    for (const event of events) lines.show({ at: evil, ...event });
    lines.end(report);
    expectClean(text);
    const written = text.trimEnd().split("\n");
    expect(written).toHaveLength(events.length + outcomes.length + 2);
    for (const line of written) expect(line).toContain(String.raw`\u001b[2J`);
    expect(JSON.parse(written.at(-1) ?? "")).toMatchObject({ type: "report", report: { planId: plan.id } });
  });

  it("stays within the lines of a log", () => {
    const lines: string[] = [];
    const beats: (() => void)[] = [];
    const progress = logProgress((text) => lines.push(text), {
      now: () => 0,
      schedule: (_milliseconds, callback) => {
        beats.push(callback);
        return () => undefined;
      },
      resources: [key],
    });
    for (const event of events) {
      progress.show({ at: evil, ...event });
      beats.at(-1)?.();
    }
    for (const line of lines) {
      expectClean(line);
      expect(line.indexOf("\n")).toBe(line.length - 1);
    }
    expectClean(lines.join(""));
  });

  it.each([1, 400])("stays within the lines of a terminal, with %i resources", async (count) => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    const frames: (() => void)[] = [];
    const progress = await terminalProgress(stream as unknown as NodeJS.WriteStream, {
      now: () => 0,
      schedule: (_milliseconds, callback) => {
        frames.push(callback);
        return () => undefined;
      },
      color: false,
      resources: Array.from({ length: count }, (_, index) => (index === 0 ? key : { ...key, name: `n${index}` })),
    });
    while (frames.length === 0) await turn();
    for (const event of events) {
      progress.show({ at: "2026-11-21T10:31:02Z", ...event });
      frames.at(-1)?.();
    }
    await progress.stop();
    const text = String(stream.read());
    expect(text).toContain(showCursor);
    expectClean(text.replace(ours, ""));
  });
});
