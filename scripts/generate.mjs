// Writes what is made of other files: the schema of any manifest, types and validators from schemas/, pages in docs/, files within pages.
// `--check` writes nothing and fails when something is stale. Needs Node 24, which strips types of what it imports.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "oxfmt";
import { ratioChart } from "../bench/suite/chart.ts";
import { performancePage } from "../bench/suite/page.ts";
import { cliPage } from "./generate/cli-page.mjs";
import { withClientsTable } from "./generate/clients-table.mjs";
import { errorsPage } from "./generate/errors-page.mjs";
import { configPage, manifestsPage } from "./generate/fields-pages.mjs";
import { manifestSchema } from "./generate/manifest-schema.mjs";
import { recipePages } from "./generate/quotes.mjs";
import { typesOf, typesFiles } from "./generate/types.mjs";
import { validatorFiles, validatorsOf } from "./generate/validators.mjs";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const style = JSON.parse(await readFile(path(".oxfmtrc.json"), "utf8"));

/** As `npm run check:format` wants it. */
async function formatted(file, text) {
  const { code, errors } = await format(file, text, { printWidth: style.printWidth });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  return code;
}

const measured = JSON.parse(await readFile(path("bench/results.json"), "utf8"));
const made = {
  "schemas/manifest.schema.json": manifestSchema(),
  "docs/errors.md": errorsPage(),
  "docs/manifests.md": manifestsPage(),
  "docs/config.md": configPage(),
  "docs/cli.md": cliPage(),
  ...recipePages(),
  "docs/performance.md": performancePage(measured),
};
for (const page of ["docs/exactly-once.md", "docs/why-not-a-script.md"])
  made[page] = await withClientsTable(path(page), path("docs/other-clients.md"));
const outputs = { "docs/performance/ratios.svg": ratioChart(measured) };
for (const [file, text] of Object.entries(made)) outputs[file] = await formatted(file, text);
for (const [name, file] of Object.entries(typesFiles)) outputs[file] = await typesOf(name);
for (const [name, file] of Object.entries(validatorFiles)) outputs[file] = validatorsOf(name);

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
