import type { Clock } from "../core/clock.ts";
import type { Event, EventBody } from "../core/events.ts";

/** Tells whoever watches what happens. The workflow emits and never prints. */
export type Emit = (event: EventBody) => void;

/**
 * Stamps the time on each event and hands it on. A receiver that throws gets nothing more: showing must never end what
 * is shown, writes are on their way.
 */
export function stamped(clock: Clock, receive: (event: Event) => void): Emit {
  let listening = true;
  return (body) => {
    if (!listening) return;
    try {
      receive({ at: clock.now().toISOString(), ...body });
    } catch {
      listening = false;
    }
  };
}
