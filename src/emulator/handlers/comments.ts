import { notFound, Refusal } from "../errors.ts";
import { instant, integer, object, text } from "../http/body.ts";
import { action, type Route } from "../http/route.ts";
import { queueItemComment } from "../model/entities.ts";
import { findItem } from "../store/items.ts";
import { authorOf, one } from "./answers.ts";

const comment = object({
  Text: text,
  QueueItemId: integer,
  CreationTime: instant, // overridden by the server's time (contract)
  UserId: integer,
  UserName: text,
  Id: integer,
});

export const commentRoutes: Readonly<Record<string, Route>> = {
  "POST QueueItemComments": action(
    { folder: "write", options: "none", parameter: "queueItemCommentDto", body: comment },
    (call, body) => {
      if (body.Text === undefined || body.Text === "")
        throw new Refusal("InvalidArgument", "The Text field is required.");
      if (body.Text.length > 512) {
        throw new Refusal("InvalidArgument", "The field Text must be a string with a maximum length of 512.");
      }
      const item = findItem(call.db, body.QueueItemId ?? 0, call.folder?.id);
      if (!item) throw notFound("QueueItem");
      const id = call.db.insert("item_comments", {
        item_id: item.id,
        text: body.Text,
        created: call.now,
        user_id: authorOf(call).userId,
      });
      const scope = { sql: "t0.id = ?", values: [id] };
      return one(call, queueItemComment, "QueueItemComments", scope, "QueueItemComment", 201);
    },
  ),
};
