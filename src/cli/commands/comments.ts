import { PlanRefusedError, UsageError } from "../../core/errors.ts";
import { cleanLine } from "../../core/text.ts";
import { errorView } from "../../views/human/error.ts";
import { commentList } from "../../views/listing/columns.ts";
import { addComment, hasComment, readComments } from "../../workflow/comments.ts";
import { findItem, type FoundItem } from "../../workflow/find-item.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { writeList, type ListOptions } from "../list-output.ts";
import { look, readTarget, type Look } from "../look.ts";
import { styleOf } from "../screen.ts";

export interface CommentsOptions extends ListOptions {
  readonly queue?: string;
  readonly add?: string;
  readonly autoApprove?: boolean;
}

/** The longest comment that the server takes (OpenAPI 16.0, QueueItemCommentDto). */
const longest = 512;

/** What was written about a queue item, the oldest first; with --add one comment more. */
export async function comments([item = ""]: readonly string[], options: CommentsOptions, io: Io): Promise<ExitCode> {
  check(options, io);
  const { target } = await readTarget(options, io);
  const { queue, add } = options;
  // A prompt and a line that moves do not go together.
  const quiet = add === undefined ? options : { ...options, quiet: true };
  const { listing, exitCode } = await look(target, quiet, io, async (session) => {
    const { reader, folder, signal } = session;
    const found = await findItem({ reader, folder, item, queue, signal });
    const code = add === undefined ? exitCodes.done : await write(found, add, session, options, io);
    return { listing: code === exitCodes.done ? await readComments(reader, found, signal) : undefined, exitCode: code };
  });
  if (listing !== undefined) writeList(commentList, listing, options, io);
  return exitCode;
}

function check({ add, autoApprove }: CommentsOptions, io: Io): void {
  if (add === undefined) return;
  if (add.trim() === "") throw new UsageError("the comment is empty");
  if (add.length > longest) {
    throw new UsageError(`the comment has ${add.length} characters, at most ${longest} are allowed`);
  }
  if (autoApprove === true || io.hasTerminal) return;
  throw new UsageError("there is no terminal to ask at", { hint: "--auto-approve adds the comment without asking" });
}

/** A write outside a plan: says so, asks, and looks before and after. */
async function write(
  found: FoundItem,
  text: string,
  { reader, target, signal }: Look,
  options: CommentsOptions,
  io: Io,
): Promise<ExitCode> {
  const { item } = found;
  const where = `item ${item.reference ?? "without a reference"} (${item.id}) of queue ${item.queue}`;
  if (await hasComment(reader, found, text, signal)) {
    io.stderr.write(`${cleanLine(`the comment hangs on ${where} already`)}\n`);
    return exitCodes.done;
  }
  io.stderr.write(`${cleanLine(`This writes to ${target.name}, outside any plan: a comment on ${where}`)}\n`);
  if (options.autoApprove !== true && !(await io.confirm("Add it? Type yes to add: ", signal))) {
    throw new PlanRefusedError("declined: nothing was written");
  }
  const { clock } = io;
  const unknown = await addComment({ reader, found, text, clock, timing: target.timing, signal });
  if (unknown === undefined) return exitCodes.done;
  const hint = "the same command looks first, and adds it only if it is not there";
  const { message, fault } = unknown;
  io.stderr.write(
    errorView(
      { message: `nobody knows whether it was added: ${message}`, hint, fault },
      styleOf(io.stderr, io, options),
    ),
  );
  return exitCodes.incomplete;
}
