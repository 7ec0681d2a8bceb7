import { portalPage, unauthorized, type FullReply } from "../http/replies.ts";
import { errorReply } from "./bodies.ts";
import type { Fault } from "./rule.ts";

/** What a fault has to work with: one call, and the server's ways to handle it and to answer. */
export interface Stage {
  /** The emulator's time in milliseconds. */
  now(): number;
  /** Does something after a time by the emulator's clock. */
  after(milliseconds: number, work: () => void): void;
  /** Handles the call; of a bulk call, these rows only. */
  handle(rows?: number): FullReply;
  send(reply: FullReply): void;
  /** Sends an answer that is not the server's own. */
  replace(reply: FullReply): void;
  /** Sends the first half of the answer and ends the connection. */
  cut(reply: FullReply): void;
  /** Ends the connection. */
  close(): void;
  /** Does something when the client has given up. */
  onGone(work: () => void): void;
  /** Nothing more becomes of the call. */
  end(): void;
}

/** Lets a fault happen to a call. Everything that waits does so on the stage, so that a clock can move it on. */
export function play(fault: Fault, stage: Stage): void {
  if (fault.delay > 0) stage.after(fault.delay, () => act(fault, stage));
  else act(fault, stage);
}

function act(fault: Fault, stage: Stage): void {
  const reply = handled(fault, stage);
  answer(fault, reply, stage);
  const { handling } = fault;
  if (handling.kind !== "late") {
    if (fault.answer === "never") stage.onGone(() => stage.end());
    else stage.end();
    return;
  }
  const handleLate = (): void =>
    stage.after(handling.wait, () => {
      stage.handle();
      stage.end();
    });
  if (fault.answer === "never") stage.onGone(handleLate);
  else handleLate();
}

/** The server's answer, where it comes before the client's fate. */
function handled({ handling }: Fault, stage: Stage): FullReply | undefined {
  switch (handling.kind) {
    case "once":
      return stage.handle();
    case "twice":
      stage.handle();
      return stage.handle();
    case "part":
      return stage.handle(handling.rows);
    case "no":
    case "late":
      return undefined;
  }
}

function answer(fault: Fault, reply: FullReply | undefined, stage: Stage): void {
  switch (fault.answer) {
    case undefined:
      if (reply) stage.send(reply);
      return;
    case "never":
      return;
    case "close":
      stage.close();
      return;
    case "cut":
      if (reply) stage.cut(reply);
      return;
    case "html":
      stage.replace(portalPage);
      return;
    case "unauthorized":
      stage.send(unauthorized);
      return;
    default:
      stage.replace(errorReply(fault.answer, stage.now()));
  }
}
