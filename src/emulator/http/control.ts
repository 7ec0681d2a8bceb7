import { ApiError } from "../errors.ts";
import { answerFaults } from "../faults/control.ts";
import { formatInstant, millisecondsOf, parseInstant } from "../instant.ts";
import { withoutBody } from "../log.ts";
import { pathTest } from "./path-test.ts";
import type { Reply } from "./route.ts";
import type { Parts, Received } from "./server.ts";

/** The calls under `/__emulator/`: not Orchestrator's, for tests and for looking inside. */
export function answerControl(parts: Parts, { method, path, query, body }: Received): Reply {
  const name = path.slice("/__emulator/".length);
  const answered = name === "faults" ? answerFaults(parts.faults, method, body) : undefined;
  if (answered) return answered;
  switch (`${method} ${name}`) {
    case "GET health":
      return { status: 200, body: { status: "ok" } };
    case "GET requests":
      return { status: 200, body: { value: requestsOf(parts, new URLSearchParams(query)) } };
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

/** `?bodies=true` has the bodies too; `?path=` takes a glob, as the rules of faults do. */
function requestsOf({ log }: Parts, query: URLSearchParams): readonly object[] {
  const isMeant = pathTest(query.get("path") ?? "**");
  const meant = log.all().filter(({ path }) => isMeant(path));
  return query.get("bodies") === "true" ? meant : meant.map(withoutBody);
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
