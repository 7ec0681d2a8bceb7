/** Whether a path is meant: by a glob (`*` is anything but a slash, `**` anything) or by a regular expression. */
export function pathTest(pattern: string | { readonly regex: string }): (path: string) => boolean {
  const expression = typeof pattern === "string" ? globExpression(pattern) : new RegExp(pattern.regex, "i");
  return (path) => expression.test(path);
}

/** A glob without a slash at its start is about the end of the path: `*.StartJobs`. */
function globExpression(glob: string): RegExp {
  const start = glob.startsWith("/") ? "" : "(?:.*/)?";
  const body = glob
    .split(/(\*\*|\*)/)
    .map((piece) => wildcards[piece] ?? RegExp.escape(piece))
    .join("");
  return new RegExp(`^${start}${body}$`, "i");
}

const wildcards: Readonly<Record<string, string>> = { "**": ".*", "*": "[^/]*" };
