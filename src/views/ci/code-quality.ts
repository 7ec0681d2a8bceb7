import { createHash } from "node:crypto";
import type { JsonValue } from "../../core/json.ts";
import { jsonText } from "../json/text.ts";
import type { Finding } from "./findings.ts";

/**
 * Findings as GitLab's Code Quality report, which it shows in merge requests. A fingerprint tells GitLab that two
 * pipelines found the same thing: it is made of code, file and message, so that a moved line stays the same finding.
 * What has no place is left out: GitLab shows nothing without one.
 */
export function codeQuality(findings: readonly Finding[]): string {
  const seen = new Map<string, number>();
  const entries = findings.flatMap(({ severity, code, message, source }): JsonValue[] => {
    if (source === undefined) return [];
    const same = JSON.stringify([code, source.file, message]);
    const times = (seen.get(same) ?? 0) + 1;
    seen.set(same, times);
    return [
      {
        description: message,
        check_name: code,
        fingerprint: createHash("sha256").update(`${same} ${times}`).digest("hex"),
        severity: severity === "error" ? "major" : "minor",
        location: { path: source.file, lines: { begin: source.line } },
      },
    ];
  });
  return jsonText(entries);
}
