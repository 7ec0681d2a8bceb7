import { OrchSyncError } from "../../core/errors.ts";
import { fold } from "../../core/fold.ts";
import type { PlanFolder } from "../../core/plan.ts";
import type { JsonWithSecrets } from "../../core/secret.ts";
import type { QueueStatus } from "../../core/tenant-status.ts";
import type { LiveQueue } from "../../kinds/queue-items/live.ts";
import { contentKeyFlaw } from "../../kinds/queue-items/normalize.ts";
import type { WaitingItem } from "../../orchestrator/index.ts";
import { manifest, type ExportContext, type RowsFile } from "./context.ts";
import { knownContent, type KnownContent } from "./secrets.ts";

/** More items than these go into a file of their own, where there can be one. */
const longList = 1000;
/** Items that a YAML file may have. */
const longest = 20_000;

type Entry = Readonly<Record<string, JsonWithSecrets>>;

/** What of a queue is left out, and why. */
interface Left {
  unnamed: number;
  twice: number;
  contents: number;
}

/**
 * The items of a queue that wait, as a manifest that plans to nothing here and adds them elsewhere. Only what is New and
 * has a reference can be told from anything else.
 */
export async function exportItems(
  folder: PlanFolder,
  queue: LiveQueue,
  status: QueueStatus | undefined,
  context: ExportContext,
): Promise<void> {
  const { sink } = context;
  const known = knownContent(context.known, queue.name);
  const left: Left = { unnamed: 0, twice: 0, contents: 0 };
  const name = context.nameOf("QueueItems", folder, queue.name);
  const file = `queue-items-${name}`;
  const entries: Entry[] = [];
  using stack = new DisposableStack();
  let rows: RowsFile | undefined;
  const open = (): RowsFile | undefined => {
    rows = sink.rows?.(file);
    if (rows === undefined) return undefined;
    stack.use(rows);
    rows.write(lines(entries.splice(0), known));
    return rows;
  };
  if (known.sensitive.size > 0) open();
  let written = 0;
  for await (const page of waiting(folder, queue, context, left)) {
    const found = page.map((item) => entryOf(item, known, left));
    written += found.length;
    if (rows === undefined) entries.push(...found);
    else rows.write(lines(found, known));
    if (rows === undefined && entries.length > longList) open();
    if (entries.length > longest) throw tooMany(queue);
  }
  rows?.finish();
  tell(queue, written, left, status, known, rows !== undefined, context);
  if (written === 0) return;
  const spec = {
    queue: queue.name,
    ...(queue.enforceUniqueReference ? {} : { seedUntil: "never" }),
    ...(known.sensitive.size === 0 ? {} : { sensitive: [...known.sensitive] }),
    ...(rows === undefined ? { items: entries } : { source: { file: rows.name } }),
  };
  sink.document(manifest("QueueItems", name, folder, spec), file);
}

/** An item that can be told from others. */
type Named = WaitingItem & { readonly reference: string };

/** Page by page, each in one piece: with a hundred thousand items whatever is done for each of them counts. */
async function* waiting(
  folder: PlanFolder,
  queue: LiveQueue,
  { reader, signal }: ExportContext,
  left: Left,
): AsyncGenerator<readonly Named[], void, undefined> {
  const seen = new Set<string>();
  const isUsed = (item: WaitingItem): item is Named => {
    const { reference } = item;
    if (reference === null || reference.trim() === "") {
      left.unnamed++;
      return false;
    }
    // Where the server allows no reference twice there is nothing to remember.
    if (queue.enforceUniqueReference) return true;
    const folded = fold(reference);
    if (seen.has(folded)) {
      left.twice++;
      return false;
    }
    seen.add(folded);
    return true;
  };
  for await (const page of reader.items.waiting({ folder: folder.id, queue: queue.id }, signal)) {
    yield page.filter(isUsed);
  }
}

function entryOf(item: Named, known: KnownContent, left: Left): Entry {
  const { reference, priority, deferDate, dueDate, riskSlaDate, content } = item;
  const usable = content !== undefined && Object.keys(content).every((key) => contentKeyFlaw(key) === undefined);
  if (!usable) left.contents++;
  return {
    reference,
    ...(priority === undefined ? {} : { priority }),
    ...dates({ deferDate, dueDate, riskSlaDate }),
    ...(usable ? { content: shown(content, reference, known) } : {}),
  };
}

function shown(content: Entry, reference: string, { secretKeys, secretOf }: KnownContent): Entry {
  if (secretKeys.size === 0) return content;
  return Object.fromEntries(
    Object.entries(content).map(([key, value]) => [key, secretKeys.has(key) ? secretOf(reference, key) : value]),
  );
}

function dates(given: Readonly<Record<string, string | null | undefined>>): Entry {
  const known: Record<string, string> = {};
  for (const [name, date] of Object.entries(given)) if (date !== null && date !== undefined) known[name] = date;
  return known;
}

/** Rows take no references to secrets: those keys are left out. */
function lines(entries: readonly Entry[], { secretKeys }: KnownContent): string {
  const texts = entries.map((entry) => {
    const { content = {}, ...rest } = entry;
    return `${JSON.stringify({ ...rest, content: withoutSecrets(content as Entry, secretKeys) })}\n`;
  });
  return texts.join("");
}

function withoutSecrets(content: Entry, secretKeys: ReadonlySet<string>): Entry {
  if (secretKeys.size === 0) return content;
  return Object.fromEntries(Object.entries(content).filter(([key]) => !secretKeys.has(key)));
}

function tell(
  queue: LiveQueue,
  written: number,
  { unnamed, twice, contents }: Left,
  status: QueueStatus | undefined,
  { secretKeys, sensitive }: KnownContent,
  inRows: boolean,
  { sink }: ExportContext,
): void {
  const about = `queue ${queue.name}`;
  const others =
    status === undefined
      ? 0
      : status.inProgress + status.successful + status.businessExceptions + status.applicationExceptions;
  const leftOut = [
    others > 0 ? `${others} in progress or ended` : "",
    unnamed > 0 ? `${unnamed} without a reference` : "",
    twice > 0 ? `${twice} under a reference that another one has` : "",
  ].filter((text) => text !== "");
  if (written > 0 || leftOut.length > 0) {
    sink.note(
      `${about}: ${written} waiting ${written === 1 ? "item" : "items"}${leftOut.length === 0 ? "" : `, left out ${leftOut.join(", ")}`}`,
    );
  }
  if (contents > 0) sink.note(`${about}: the content of ${contents} items cannot be written in a manifest`);
  if (written === 0) return;
  if (inRows && secretKeys.size > 0)
    sink.note(`${about}: left out of its rows, as secrets: ${[...secretKeys].join(", ")}`);
  if (!inRows && sensitive.size > 0) {
    sink.note(`${about}: (sensitive) stands for ${[...sensitive].join(", ")}; --out DIR writes them to files of yours`);
  }
  const trigger = queue.triggerProcess;
  if ((status?.inProgress ?? 0) > 0 || trigger !== undefined) {
    const who = trigger === undefined ? "robots work on it" : `it starts ${trigger}`;
    sink.note(`warning: ${about} has consumers (${who}): what is added elsewhere is processed here, too`);
  }
}

function tooMany(queue: LiveQueue): OrchSyncError {
  return new OrchSyncError(`queue ${queue.name} has more than ${longest} waiting items`, {
    hint: "--out DIR writes them to a file beside the manifest",
  });
}
