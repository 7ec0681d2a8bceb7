import { notFound, Refusal } from "../errors.ts";
import { instant, integer, object, text, type Bound } from "../http/body.ts";
import { action, query, type Call, type Reply, type Routes } from "../http/route.ts";
import { queueItemComment } from "../model/entities.ts";
import { findItem } from "../store/items.ts";
import { authorOf, one } from "./answers.ts";
import { required, sameId } from "./limits.ts";
import { folderIn } from "./where.ts";

const fields = {
  Text: text,
  QueueItemId: integer,
  CreationTime: instant, // overridden by the server's time (contract)
  UserId: integer,
  UserName: text,
  Id: integer,
};
type CommentBody = Bound<typeof fields>;
const comment = { parameter: "queueItemCommentDto", body: object(fields) };
const write = { folder: "write", options: "none" } as const;

/** Comments on queue items: written, changed, removed. */
export const commentRoutes: Routes = {
  "POST QueueItemComments": action({ ...write, ...comment }, add),
  "PUT QueueItemComments(key)": action({ ...write, ...comment }, (call, body) => {
    const { id, itemId } = commentOf(call);
    sameId(body.Id, id);
    if (body.QueueItemId !== undefined && body.QueueItemId !== itemId) {
      throw new Refusal("InvalidArgument", "A comment stays with its item.");
    }
    call.db.update("item_comments", id, { text: required("Text", body.Text, 512) });
    return { status: 200 };
  }),
  "DELETE QueueItemComments(key)": query(write, (call) => {
    call.db.run("DELETE FROM item_comments WHERE id = ?", commentOf(call).id);
    return { status: 204 };
  }),
};

function add(call: Call, body: CommentBody): Reply {
  const content = required("Text", body.Text, 512);
  const item = findItem(call.db, body.QueueItemId ?? 0, folderIn(call).id);
  if (!item) throw notFound("QueueItem");
  const id = call.db.insert("item_comments", {
    item_id: item.id,
    text: content,
    created: call.now,
    user_id: authorOf(call).userId,
  });
  const scope = { sql: "t0.id = ?", values: [id] };
  return one(call, queueItemComment, "QueueItemComments", scope, "QueueItemComment", 201);
}

/** The comment of the path, if its item is in the call's folder. */
function commentOf(call: Call): { readonly id: number; readonly itemId: number } {
  const row = call.db.get("SELECT id, item_id FROM item_comments WHERE id = ?", call.key);
  if (!row || !findItem(call.db, Number(row["item_id"]), folderIn(call).id)) throw notFound("QueueItemComment");
  return { id: Number(row["id"]), itemId: Number(row["item_id"]) };
}
