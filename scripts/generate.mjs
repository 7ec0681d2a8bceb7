// Writes what is made of other files: types from schemas/, docs/errors.md from the table of codes.
// `--check` writes nothing and fails when something is stale. Needs Node 24, which strips types of what it imports.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";
import { diagnosticCodes } from "../src/core/diagnostic-codes.ts";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

/** Each schema with the file of types that is made of it. */
const types = {
  "queue-items": "src/kinds/generated/queue-items.ts",
  job: "src/kinds/generated/job.ts",
  "stopped-jobs": "src/kinds/generated/stopped-jobs.ts",
  review: "src/kinds/generated/review.ts",
  config: "src/config/generated/config.ts",
};

async function typesOf(name) {
  const schema = JSON.parse(await readFile(path(`schemas/${name}.schema.json`), "utf8"));
  return compile(withoutCombinations(schema), name, {
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    bannerComment: `// Made of schemas/${name}.schema.json by \`npm run generate\`: change the schema, not this file.`,
    style: { printWidth: 120 },
  });
}

/** Without "exactly one of these keys": that would make unions of index signatures, and is checked by the schema anyway. */
function withoutCombinations(schema) {
  return JSON.parse(JSON.stringify(schema), (_name, value) => {
    for (const keyword of ["oneOf", "anyOf"]) {
      const branches = value?.[keyword];
      const onlyKeys = Array.isArray(branches) && branches.every((branch) => Object.keys(branch).join() === "required");
      if (onlyKeys) delete value[keyword];
    }
    return value;
  });
}

function errorsPage() {
  const sections = Object.entries(diagnosticCodes).map(
    ([code, { title, meaning, fix }]) => `## ${code}\n\n**${title}.** ${meaning}\n\n${fix}\n`,
  );
  const intro =
    "Every problem in a manifest or the config has a code that keeps its meaning. " +
    "`MF` codes are about any file, `QI` about queue items, `JB` about jobs, `SJ` about stopped jobs, " +
    "`RV` about reviews, `CF` about the config and `PL` about what only a plan can tell.";
  return [
    "# Error codes\n",
    `${intro} This page is generated from \`src/core/diagnostic-codes.ts\`.\n`,
    ...sections,
  ].join("\n");
}

const outputs = { "docs/errors.md": errorsPage() };
for (const [name, file] of Object.entries(types)) outputs[file] = await typesOf(name);

const check = process.argv.includes("--check");
for (const [file, text] of Object.entries(outputs)) {
  const before = await readFile(path(file), "utf8").catch(() => undefined);
  if (before === text) continue;
  if (check) {
    process.stderr.write(`${file} is stale: run \`npm run generate\`\n`);
    process.exitCode = 1;
  } else {
    await mkdir(dirname(path(file)), { recursive: true });
    await writeFile(path(file), text);
  }
}
