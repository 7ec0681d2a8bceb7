import type { Check, CheckId, CheckUp, ProbeAnswer, ProbeQuestion } from "../../core/check-up.ts";
import type { Tone, ViewOptions } from "../style.ts";
import { screen, type Line } from "./lines.ts";
import { tableLines } from "./table.ts";
import { count, name, sentence } from "./words.ts";

const titles: Readonly<Record<CheckId, string>> = {
  proxy: "proxy",
  name: "host name",
  connection: "connection",
  tls: "TLS",
  token: "token",
  version: "version",
  folder: "folder",
  permissions: "permissions",
  clock: "clock",
  quota: "quota",
  lease: "lease",
  probe: "probe",
};

const tones: Readonly<Record<Check["state"], Tone | undefined>> = { fine: undefined, problem: "bad", skipped: "quiet" };

/** A target, line by line: fine, or what to do. */
export function checkUpView({ target, checks, probe }: CheckUp, options: ViewOptions): string {
  const head: Line = { text: `Target ${name(target.name)}  ${name(target.url)}`, tone: "strong" };
  return screen(
    [head, "", ...checks.flatMap(checkLines), "", { text: summary(checks) }, ...probeLines(probe, options)],
    options,
  );
}

const columns = { state: Math.max(...Object.keys(tones).map(({ length }) => length)), title: longest(titles) };
const hang = " ".repeat(2 + columns.state + 2 + columns.title + 2);

function longest(texts: Readonly<Record<string, string>>): number {
  return Math.max(...Object.values(texts).map(({ length }) => length));
}

function checkLines(check: Check): Line[] {
  const head = `  ${check.state.padEnd(columns.state)}  ${titles[check.id].padEnd(columns.title)}  `;
  const line: Line = { text: head + textOf(check), tone: tones[check.state], hang };
  if (check.state !== "problem") return [line];
  return [
    { ...line, head: `  ${check.state}` },
    { text: `${hang}→ ${sentence(check.hint)}`, hang: `${hang}  ` },
  ];
}

function textOf(check: Check): string {
  const text = check.state === "skipped" ? `because of ${titles[check.after]}` : sentence(check.text);
  return check.kind === undefined ? text : `${check.kind}: ${text}`;
}

/** `9 fine, 1 problem, 3 skipped.` */
function summary(checks: readonly Check[]): string {
  const of = (state: Check["state"]): number => checks.filter((check) => check.state === state).length;
  const skipped = of("skipped") === 0 ? "" : `, ${of("skipped")} skipped`;
  return `${of("fine")} fine, ${count(of("problem"), "problem")}${skipped}.`;
}

const questions: Readonly<Record<ProbeQuestion, string>> = {
  referenceIn: "items: Reference in (…)",
  startsWith: "items: startswith(Reference,…)",
  queueItemsPage: "items: $top beyond the limit",
  jobReference: "jobs: Reference eq …",
  jobBatchKey: "jobs: BatchExecutionKey eq …",
  rowVersionConflict: "an old RowVersion",
};

function probeLines(probe: CheckUp["probe"], options: ViewOptions): Line[] {
  if (probe === undefined) return [];
  const rows = probe.answers.map(({ question, answer, text }) => [
    questions[question],
    answer === undefined ? "?" : typeof answer === "boolean" ? (answer ? "yes" : "no") : name(String(answer)),
    sentence(text),
  ]);
  const found = probe.answers.filter(({ answer }) => answer !== undefined);
  const keep: Line[] = [
    "",
    { text: "To keep the answers, write into the target; they hold for this version of the server alone:", hang: "" },
    "",
    "    capabilities:",
    `      apiVersion: ${probe.apiVersion}`,
    ...found.map(({ question, answer }) => `      ${question}: ${yaml(answer)}`),
  ];
  return ["", { text: "Probe", tone: "strong" }, ...tableLines(rows, options), ...(found.length === 0 ? [] : keep)];
}

/** `"409"` is a text, and a number without quotes. */
function yaml(answer: ProbeAnswer["answer"]): string {
  return typeof answer === "string" ? JSON.stringify(name(answer)) : String(answer);
}
