import { cleanLine } from "../../core/text.ts";
import { amount } from "../human/words.ts";
import type { Finding } from "./findings.ts";

/** How a CI system that reads commands from the log is told of a finding: one line, whatever is in the finding. */
export type FindingCommand = (finding: Finding) => string;

/**
 * GitHub Actions, "Workflow commands": `::error file=…,line=…,col=…,title=…::message`. The runner decodes `%25`, `%0D`
 * and `%0A` everywhere, `%3A` and `%2C` in properties.
 */
export const githubCommand: FindingCommand = ({ severity, code, message, source }) => {
  const place = source === undefined ? {} : { file: source.file, line: source.line, col: source.column };
  const properties = Object.entries({ ...place, title: `orch-sync ${code}` }).map(
    ([property, value]) => `${property}=${encoded(String(value), githubProperty)}`,
  );
  return `::${severity} ${properties.join(",")}::${encoded(message, githubData)}`;
};

/**
 * Azure Pipelines, "Logging commands": `##vso[task.logissue type=…;sourcepath=…;]message`. The agent decodes `%AZP25`,
 * `%0D` and `%0A` everywhere, `%3B` and `%5D` in properties.
 */
export const azureCommand: FindingCommand = ({ severity, code, message, source }) => {
  const place =
    source === undefined ? {} : { sourcepath: source.file, linenumber: source.line, columnnumber: source.column };
  const properties = Object.entries({ type: severity, ...place, code }).map(
    ([property, value]) => `${property}=${encoded(String(value), azureProperty)};`,
  );
  return `##vso[task.logissue ${properties.join("")}]${encoded(message, azureData)}`;
};

/** Azure Pipelines: the file becomes a part of the run's summary. */
export function azureSummaryCommand(file: string): string {
  return `##vso[task.uploadsummary]${encoded(file, azureData)}`;
}

const githubData: Readonly<Record<string, string>> = { "%": "%25", "\r": "%0D", "\n": "%0A" };
const githubProperty = { ...githubData, ":": "%3A", ",": "%2C" };
const azureData: Readonly<Record<string, string>> = { "%": "%AZP25", "\r": "%0D", "\n": "%0A" };
const azureProperty = { ...azureData, ";": "%3B", "]": "%5D" };

function encoded(text: string, codes: Readonly<Record<string, string>>): string {
  return cleanLine(text).replace(/[%\r\n:,;\]]/g, (character) => codes[character] ?? character);
}

/** GitHub Actions takes ten errors and ten warnings of a step; more would hide which are missing. */
const mostCommands = 10;

/** A line for each finding, errors and warnings cut at ten each with a line that says how many more there are. */
export function findingCommands(findings: readonly Finding[], command: FindingCommand): string {
  const shown = [...firstOf(findings, "error"), ...firstOf(findings, "warning")];
  return shown.map((finding) => `${command(finding)}\n`).join("");
}

function firstOf(findings: readonly Finding[], severity: Finding["severity"]): Finding[] {
  const all = findings.filter((finding) => finding.severity === severity);
  if (all.length <= mostCommands) return all;
  const first = all.slice(0, mostCommands - 1);
  const message = `${amount(all.length - first.length)} more ${severity}s: see the log`;
  return [...first, { severity, code: "more", message }];
}
