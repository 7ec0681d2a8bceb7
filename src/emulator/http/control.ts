import { ApiError } from "../errors.ts";
import { formatInstant, millisecondsOf, parseInstant } from "../instant.ts";
import { withoutBody } from "../log.ts";
import type { Reply } from "./route.ts";
import type { Parts, Received } from "./server.ts";

/** The calls under `/__emulator/`: not Orchestrator's, for tests and for looking inside. */
export function answerControl(parts: Parts, { method, path, query, body }: Received): Reply {
  switch (`${method} ${path.slice("/__emulator/".length)}`) {
    case "GET health":
      return { status: 200, body: { status: "ok" } };
    case "GET requests": {
      const all = parts.log.all();
      const isFull = new URLSearchParams(query).get("bodies") === "true";
      return { status: 200, body: { value: isFull ? all : all.map(withoutBody) } };
    }
    case "GET clock":
      return clockReply(parts);
    case "POST clock":
      moveClock(parts, body);
      return clockReply(parts);
    case "POST reset":
      parts.reset();
      return { status: 204 };
    default:
      throw new ApiError(404, 0, `There is no ${method} ${path}.`);
  }
}

function clockReply({ clock }: Parts): Reply {
  return { status: 200, body: { now: formatInstant(clock.now()), mode: clock.mode } };
}

/** `{"advance": milliseconds}` or `{"to": "2026-01-01T00:00:00Z"}`. */
function moveClock({ clock }: Parts, body: string): void {
  const step = stepOf(parse(body), clock.milliseconds());
  if (step === undefined) {
    throw new ApiError(400, 0, 'The clock takes {"advance": milliseconds} or {"to": "an instant"}.');
  }
  try {
    clock.advance(step);
  } catch (error) {
    throw error instanceof RangeError ? new ApiError(400, 0, error.message) : error;
  }
}

function stepOf(request: ClockRequest, now: number): number | undefined {
  const { advance, to } = request;
  if (typeof advance === "number" && to === undefined) return advance;
  const instant = typeof to === "string" && advance === undefined ? parseInstant(to) : undefined;
  return instant === undefined ? undefined : millisecondsOf(instant) - now;
}

interface ClockRequest {
  readonly advance?: unknown;
  readonly to?: unknown;
}

function parse(body: string): ClockRequest {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
