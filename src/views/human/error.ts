import type { Fault } from "../../core/fault.ts";
import type { ViewOptions } from "../style.ts";
import { faultText } from "./fault.ts";
import { screen, type Line } from "./lines.ts";
import { name, sentence } from "./words.ts";

/** What a view needs of an error: every `OrchSyncError` fits. */
interface ShownError {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly fault?: Fault;
  readonly cause?: unknown;
}

/** What failed, what the server said, and what to do next. Never a stack trace. */
export function errorView(error: ShownError, options: ViewOptions): string {
  const head = "orch-sync:";
  return screen(
    [
      { text: `${head} ${sentence(error.message)}`, head, tone: "bad", hang: "  " },
      ...(error.fault === undefined ? [] : faultLines(error.fault)),
      ...causes(error).map((text): Line => ({ text: `  ${sentence(text)}`, hang: "    " })),
      ...(error.hint === undefined ? [] : [{ text: `  ${sentence(error.hint)}`, hang: "  " }]),
    ],
    options,
  );
}

function faultLines(fault: Fault): Line[] {
  return [{ text: `  ${name(fault.call)}  ${faultText(fault)}`, hang: "    " }];
}

/** Messages below the error's own, each once: libraries wrap errors and repeat their text. */
function causes(error: ShownError): string[] {
  const deepest = 4;
  let said = `${error.message}\n${error.fault?.message ?? ""}`;
  const found: string[] = [];
  let cause = error.cause;
  for (let depth = 0; depth < deepest && cause instanceof Error; depth++) {
    // What was given up on our side says so above, and in better words.
    if (cause.name !== "AbortError" && cause.message !== "" && !said.includes(cause.message)) {
      found.push(cause.message);
      said += `\n${cause.message}`;
    }
    cause = cause.cause;
  }
  return found;
}
