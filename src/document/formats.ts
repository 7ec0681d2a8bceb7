import { fullFormats } from "ajv-formats/dist/formats.js";
import { readInstant } from "../core/read-instant.ts";
import { isRelative } from "../core/relative-time.ts";

/** What `format` may say in schemas/. */
export const formats: {
  readonly uuid: typeof fullFormats.uuid;
  readonly [name: string]: typeof fullFormats.uuid | ((text: string) => boolean);
} = {
  uuid: fullFormats.uuid,
  "date-time": isInstant,
  "instant-or-relative": (text: string) => isRelative(text) || isInstant(text),
  "instant-or-never": (text: string) => text === "never" || isInstant(text),
};

function isInstant(text: string): boolean {
  return readInstant(text).type === "instant";
}
