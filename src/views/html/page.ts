import { createHash } from "node:crypto";
import { breakCiCommands } from "../../core/text.ts";
import { Html, markup } from "./markup.ts";
import { style } from "./style.ts";

/** The one style that the page may have, by its hash (CSP Level 3, 2.3.1); scripts, images and requests it has none. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A whole page in one file: nothing is loaded, nothing runs, no link leads out of it. */
export function pageOf(title: string, body: Html): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${body}
</body>
</html>
`;
  return breakCiCommands(page.text);
}
