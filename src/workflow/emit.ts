import type { Clock } from "../core/clock.ts";
import type { Event, EventBody } from "../core/events.ts";
import type { OrchestratorClient } from "../orchestrator/http/client.ts";

/** Tells whoever watches what happens. The workflow emits and never prints. */
export type Emit = (event: EventBody) => void;

/** Tells of every wait of a client for as long as the handle is kept. */
export function emitWaits(client: Pick<OrchestratorClient, "onWait">, emit: Emit): Disposable {
  return client.onWait((waiting) => emit(waiting === undefined ? { type: "waited" } : { type: "waiting", ...waiting }));
}

/**
 * Stamps the time on each event and hands it on. A receiver that throws gets nothing more: showing must never end what
 * is shown, writes are on their way.
 */
export function stamped(clock: Clock, receive: (event: Event) => void): Emit {
  let listening = true;
  // A batch ends in a thousand outcomes within a few milliseconds.
  let last = { time: Number.NaN, text: "" };
  return (body) => {
    if (!listening) return;
    try {
      const now = clock.now();
      if (now.getTime() !== last.time) last = { time: now.getTime(), text: now.toISOString() };
      receive({ at: last.text, ...body });
    } catch {
      listening = false;
    }
  };
}
