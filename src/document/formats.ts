import { readInstant } from "../core/read-instant.ts";
import { isRelative } from "../core/relative-time.ts";

/** What `format` may say in schemas/. */
export const formats: Readonly<Record<string, RegExp | ((text: string) => boolean)>> = {
  uuid: /^(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  "date-time": isInstant,
  "instant-or-relative": (text) => isRelative(text) || isInstant(text),
  "instant-or-never": (text) => text === "never" || isInstant(text),
};

function isInstant(text: string): boolean {
  return readInstant(text).type === "instant";
}
