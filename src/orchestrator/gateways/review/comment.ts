import type { Change } from "../../../core/change.ts";
import type { Ending } from "../../../core/outcome.ts";
import { saying, type LiveComment } from "../../../kinds/review/comment.ts";
import type { Before, OrchestratorClient } from "../../http/client.ts";
import type { WriteResult } from "../../http/failure.ts";
import { commentedPerLook } from "../../read/comments.ts";
import { isRow } from "../../read/row.ts";
import { answered, unanswered, unreadable } from "../answers.ts";
import type { Answer, Operation, Sending } from "../port.ts";
import { afterOf, beforeOf, type Reviewing } from "./assign.ts";

const path = "/odata/QueueItemComments";

type Hanging = ReadonlyMap<number, readonly LiveComment[]>;

/**
 * The comments of a resource, one call each: there is none for many. Nothing on the server refuses a second one, so
 * what hangs on the items is read right before, once for as many as one look takes.
 */
export function comments(changes: readonly Change[], reviewing: Reviewing): Operation[] {
  const wanted = changes.filter((change) => afterOf(change).comment !== undefined);
  const groups = Array.from({ length: countLooks(wanted.length) }, (_, index) =>
    wanted.slice(index * commentedPerLook, (index + 1) * commentedPerLook),
  );
  return groups.flatMap((group) => {
    let looking: Promise<Hanging> | undefined;
    const look = (signal: AbortSignal): Promise<Hanging> => {
      looking ??= hangingOn(group, reviewing, signal);
      looking.catch(() => (looking = undefined)); // whoever comes next looks again
      return looking;
    };
    return group.map((change) => oneComment(change, reviewing, look));
  });
}

/** Looks that so many comments take. */
export function countLooks(wanted: number): number {
  return Math.ceil(wanted / commentedPerLook);
}

function oneComment(change: Change, reviewing: Reviewing, look: (signal: AbortSignal) => Promise<Hanging>): Operation {
  const { id } = beforeOf(change);
  const text = afterOf(change).comment ?? "";
  const found = (hanging: Hanging, ending: Ending): ReadonlyMap<Change, Ending> =>
    new Map(saying(text, hanging.get(id)).length > 0 ? [[change, ending]] : []);
  return {
    name: "QueueItemComments",
    changes: [change],
    repeat: "afterSettle",
    divisible: false,
    sideBySide: true,
    check: async (_, signal) => {
      const note = "the comment hangs there already";
      return found(await look(signal), { status: "already-done", ids: [id], note });
    },
    send: async (_, signal, sending) => {
      reviewing.moved.add(id); // no source says whether a comment moves the item's RowVersion
      return post(change, text, reviewing, signal, sending);
    },
    sentBefore: (some) => {
      for (const each of some) reviewing.moved.add(beforeOf(each).id);
    },
    find: async (_, signal) => {
      const hanging = await hangingOn([change], reviewing, signal);
      return found(hanging, { status: "applied", ids: [id], note: "the comment was found when read back" });
    },
  };
}

async function post(
  change: Change,
  text: string,
  { place, reader }: Reviewing,
  signal: AbortSignal,
  sending: Sending | undefined,
): Promise<Answer> {
  const { id } = beforeOf(change);
  const result = await postComment(reader.client, place.folder, id, text, signal, sending?.before);
  if (result.ending !== "answered") return unanswered(result);
  if (!isRow(result.body)) return unreadable(`POST ${path}`, result.status);
  return answered([[change, { status: "applied", ids: [id], note: "commented" }]]);
}

/** Writes one comment, once. */
export function postComment(
  client: OrchestratorClient,
  folder: number,
  id: number,
  text: string,
  signal: AbortSignal,
  before?: Before,
): Promise<WriteResult> {
  return client.write("POST", path, { QueueItemId: id, Text: text }, { folder, signal, before });
}

function hangingOn(changes: readonly Change[], { place, reader }: Reviewing, signal: AbortSignal): Promise<Hanging> {
  const ids = changes.map((change) => beforeOf(change).id);
  return reader.comments.hanging(place.folder, ids, signal);
}
