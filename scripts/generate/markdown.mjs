// Words as Markdown.

/** An underline within a word is none. */
const markup = /[\\*<>[\]|]|(?<!\w)_|_(?!\w)/g;

/** Text in which nothing is markup but what stands in backticks. */
export function prose(text) {
  const parts = text.split(/(`[^`]*`)/);
  return parts.map((part) => (part.startsWith("`") ? part : part.replaceAll(markup, String.raw`\$&`))).join("");
}

export function code(text) {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

export function table(head, rows) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
