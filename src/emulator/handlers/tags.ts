import { array, object, text, type Bound, type Reader } from "../http/body.ts";
import { atMost, required } from "./limits.ts";

const fields = { Name: text, DisplayName: text, Value: text, DisplayValue: text };
type Tag = Bound<typeof fields>;

/** Labels and properties that queues, processes and assets carry (TagDto). */
export const tagsBody: Reader<readonly Tag[]> = array(object(fields));

/** Tags as they are stored and answered. */
export function tagsText(tags: readonly Tag[] = []): string {
  const full = tags.map((tag) => {
    const name = required("Name", tag.Name, 256);
    const value = atMost("Value", tag.Value, 256) ?? null;
    const displayName = atMost("DisplayName", tag.DisplayName, 256) ?? name;
    const displayValue = atMost("DisplayValue", tag.DisplayValue, 256) ?? value;
    return { Name: name, DisplayName: displayName, Value: value, DisplayValue: displayValue };
  });
  return JSON.stringify(full);
}
