import type { Event } from "../../core/events.ts";
import { keyIdentity, type ResourceKey } from "../../core/resource.ts";
import { settling } from "./words.ts";

/** What is under way for one resource: the words of the last event, and since when. */
export interface Activity {
  readonly key: ResourceKey;
  /** In milliseconds since 1970. */
  readonly since: number;
  /** Raw: whoever shows it cleans it. */
  readonly text: string;
}

/** What is under way at any moment of a run. */
export class Activities {
  readonly #active = new Map<string, Activity>();

  take(event: Event): void {
    if (event.type === "resource-ended") this.#active.delete(keyIdentity(event.key));
    const text = textOf(event);
    if (text === undefined || !("key" in event)) return;
    const { at, key } = event;
    const identity = keyIdentity(key);
    this.#active.set(identity, { key, since: this.#active.get(identity)?.since ?? Date.parse(at), text });
  }

  get all(): readonly Activity[] {
    return [...this.#active.values()];
  }
}

function textOf(event: Event): string | undefined {
  if (event.type === "settling") return settling(event);
  return event.type === "resource-started" || event.type === "progress" || event.type === "step"
    ? event.text
    : undefined;
}
