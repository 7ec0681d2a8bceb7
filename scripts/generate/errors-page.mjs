// docs/errors.md, of the table of codes.
import { diagnosticCodes } from "../../src/core/diagnostic-codes.ts";

export function errorsPage() {
  const sections = Object.entries(diagnosticCodes).map(
    ([code, { title, meaning, fix }]) => `## ${code}\n\n**${title}.** ${meaning}\n\n${fix}\n`,
  );
  const intro =
    "Every problem in a manifest or the config has a code that keeps its meaning. " +
    "`MF` codes are about any file, `QI` about queue items, `JB` about jobs, `SJ` about stopped jobs, " +
    "`RV` about reviews, `CF` about the config and `PL` about what only a plan can tell. " +
    "`orch-sync explain CODE` prints one of them.";
  return [
    "# Error codes\n",
    `${intro} This page is generated from \`src/core/diagnostic-codes.ts\`.\n`,
    ...sections,
  ].join("\n");
}
