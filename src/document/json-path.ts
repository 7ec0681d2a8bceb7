import { formatPath, type Path } from "../core/locate.ts";

/** The steps of a JSON pointer; indexes are numbers, and so are keys made of digits: positions find both. */
export function fromPointer(pointer: string): Path {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^(0|[1-9]\d{0,8})$/.test(step) ? Number(step) : step));
}

/** How messages call a place: paths begin at `spec`, whose name everybody knows. */
export function placeName(path: Path): string {
  if (path.length === 0) return "the document";
  return formatPath(path[0] === "spec" && path.length > 1 ? path.slice(1) : path);
}

/** True when a path is the pattern, in which `*` stands for any step. */
export function matchesPath(path: Path, pattern: Path): boolean {
  return path.length === pattern.length && pattern.every((step, index) => step === "*" || step === path[index]);
}

/** Equal for equal paths, whatever gave them: in some an index is a number, in others a key made of digits. */
export function pathKey(path: Path): string {
  return JSON.stringify(path.map(String));
}
