import type { Clock } from "../core/clock.ts";
import type { Event, EventBody } from "../core/events.ts";

/** Tells whoever watches what happens. The workflow emits and never prints. */
export type Emit = (event: EventBody) => void;

/** Stamps the time on each event and hands it on. */
export function stamped(clock: Clock, receive: (event: Event) => void): Emit {
  return (body) => receive({ at: clock.now().toISOString(), ...body });
}
