import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (file) => readFileSync(`${root}${file}`, "utf8");

/** Pages of recipes, each with the files that it shows: a fence below `<!-- file: PATH -->` holds that file. */
export function recipePages() {
  const pages = globSync("docs/recipes/*.md", { cwd: root });
  return Object.fromEntries(pages.map((page) => [page.replaceAll("\\", "/"), quoted(read(page))]));
}

function quoted(page) {
  return page.replaceAll(
    /^(<!-- file: (\S+) -->\n\n```\w+\n)[\s\S]*?^```$/gm,
    (_all, opening, file) => `${opening}${read(file)}\`\`\``,
  );
}
