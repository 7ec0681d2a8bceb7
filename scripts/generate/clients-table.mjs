// The table of docs/other-clients.md, which `npm run compare:clients` measures, in the other pages that show it.
import { readFile } from "node:fs/promises";

/** What stands between the marks of a page is made; the rest of it is written by hand. */
const begin = "<!-- table of other-clients.md: begin, made by `npm run generate` -->\n";
const end = "<!-- table of other-clients.md: end -->";

/** A page's text with the table of today between its marks. */
export async function withClientsTable(pageFile, clientsFile) {
  const page = await readFile(pageFile, "utf8");
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${pageFile} has lost the marks of the table`);
  const lines = (await readFile(clientsFile, "utf8")).split("\n");
  const table = lines.filter((line) => line.startsWith("|"));
  return `${page.slice(0, before)}${begin}\n${table.join("\n")}\n\n${page.slice(after)}`;
}
