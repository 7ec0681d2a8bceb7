import { PlanRefusedError, UsageError } from "../../core/errors.ts";
import { leaseView } from "../../views/human/lease.ts";
import { leaseJson } from "../../views/json/lease.ts";
import { jsonText } from "../../views/json/text.ts";
import { findLease, type FoundLease } from "../../workflow/unlock.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { look, readTarget, type Look } from "../look.ts";
import type { LookOptions } from "../options.ts";
import { styleOf } from "../screen.ts";

export interface UnlockOptions extends LookOptions {
  readonly autoApprove?: boolean;
  readonly output: "human" | "json";
}

/** Shows who holds the target's lease and, asked, ends it: one of the few commands that write outside a plan. */
export async function unlock(_words: readonly string[], options: UnlockOptions, io: Io): Promise<ExitCode> {
  const { target } = await readTarget(options, io);
  const { lease, timing } = target;
  if (lease === undefined) {
    throw new UsageError(`target ${target.name} has no lease`, { hint: "see docs/lease.md for what one is good for" });
  }
  // A display that redraws would stand where the question is asked.
  await look(target, { ...options, quiet: true }, io, async ({ reader, signal }: Look) => {
    const found = await findLease(lease, reader, timing.settle, signal);
    // As JSON it is one document, so whoever is asked reads the rest on stderr.
    const people = options.output === "human" ? io.stdout : io.stderr;
    if (options.output === "human" || io.hasTerminal)
      people.write(leaseView(found.status, styleOf(people, io, options)));
    let ended = false;
    try {
      ended = await endIfAsked(found, options, io, signal);
    } finally {
      if (options.output === "json") io.stdout.write(jsonText(leaseJson(found.status, ended)));
    }
    if (ended) people.write("\nThe lease was ended. An apply that still held it stops when it would renew it.\n");
  });
  return exitCodes.done;
}

/** False where there is nothing to end. */
async function endIfAsked(found: FoundLease, options: UnlockOptions, io: Io, signal: AbortSignal): Promise<boolean> {
  if (found.status.state === "free") return false;
  await approve(options, io, signal);
  await found.end(signal);
  return true;
}

async function approve(options: UnlockOptions, io: Io, signal: AbortSignal): Promise<void> {
  if (options.autoApprove === true) return;
  if (!io.hasTerminal) {
    throw new UsageError("there is no terminal to ask at: the lease stays", {
      hint: "make sure that its apply does not run any more, then: orch-sync unlock --auto-approve",
    });
  }
  const question = "\nThis writes to the tenant outside of any plan. End the lease? Type yes to end it: ";
  const approved = await io.confirm(question, signal);
  signal.throwIfAborted();
  if (!approved) throw new PlanRefusedError("declined: the lease stays");
}
