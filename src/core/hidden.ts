/** True when the list of hidden paths names this path or one above it. */
export function isHidden(path: string, hidden: readonly string[] | undefined): boolean {
  return hidden?.some((each) => path === each || path.startsWith(`${each}.`)) ?? false;
}

/** True when the list names a path below this one. */
export function holdsHidden(path: string, hidden: readonly string[] | undefined): boolean {
  return hidden?.some((each) => each.startsWith(`${path}.`)) ?? false;
}
