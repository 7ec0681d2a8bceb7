import type { Edition } from "../editions.ts";
import { Refusal } from "../errors.ts";
import { choice, dto, instant, map, text, type Bound, type Reader } from "../http/body.ts";
import { itemPriority } from "../model/enumerations.ts";
import type { ItemData, Queue } from "../store/items.ts";
import { fold } from "../text.ts";
import { compileSchema } from "./json-schema.ts";

const fields = {
  Name: text,
  Priority: choice(itemPriority),
  SpecificContent: map,
  DeferDate: instant,
  DueDate: instant,
  RiskSlaDate: instant,
  Reference: text,
  Progress: text,
  Source: text,
  ParentOperationId: text,
};

export type ItemBody = Bound<typeof fields>;
export const itemBody: Reader<ItemBody> = dto("QueueItemDataDto", fields);

/** Checks an item as sent and gives what is stored. Left out, the priority is High (forum 346130: request and answer). */
export function readItemData(body: ItemBody, edition: Edition): ItemData {
  const reference = body.Reference ?? null;
  checkLength("Reference", body.Reference, 128);
  checkLength("Source", body.Source, 20);
  checkLength("ParentOperationId", body.ParentOperationId, 128);
  if ((body.Progress?.length ?? 0) > edition.maxProgressLength) {
    const message = `Progress is longer than ${edition.maxProgressLength} characters.`;
    throw new Refusal("QueueItemProgressDataSizeExceeded", message);
  }
  const content =
    body.SpecificContent === undefined ? null : readContent(body.SpecificContent, edition.maxContentLength);
  return {
    reference,
    priority: body.Priority ?? 0,
    content,
    deferDate: body.DeferDate ?? null,
    dueDate: body.DueDate ?? null,
    riskSlaDate: body.RiskSlaDate ?? null,
    progress: body.Progress ?? null,
    parentOperationId: body.ParentOperationId ?? null,
  };
}

function checkLength(name: string, value: string | undefined, max: number): void {
  if ((value?.length ?? 0) <= max) return;
  throw new Refusal("InvalidArgument", `The field ${name} must be a string with a maximum length of ${max}.`);
}

/** Content is flat, of primitive values (Transactions requests, 2023.4), its keys without `. # @ :` (field reports). */
export function checkFlat(field: string, content: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(content)) {
    if (/[.#@:]/.test(name)) {
      throw new Refusal("InvalidArgument", `The key '${name}' of ${field} holds one of the characters . # @ :`);
    }
    if (typeof value === "object" && value !== null && !JSON.isRawJSON(value)) {
      throw new Refusal("InvalidArgument", `The value of '${name}' in ${field} must be a primitive value.`);
    }
  }
}

function readContent(content: Readonly<Record<string, unknown>>, maxLength: number): string {
  checkFlat("SpecificContent", content);
  const json = JSON.stringify(content);
  if (json.length > maxLength) {
    throw new Refusal("QueueItemContentSizeExceeded", `SpecificContent is longer than ${maxLength} characters.`);
  }
  return json;
}

/** A unique queue takes no item without a reference; an empty or blank one is none. */
export function requireReference(reference: string | null): string {
  if (reference === null || fold(reference) === "") {
    throw new Refusal(
      "TransactionReferenceRequired",
      "Error creating Transaction. Reference is required for Unique Reference Queues.",
    );
  }
  return reference;
}

/** Holds content against the queue's JSON schema. An item without content counts as one with none of the keys. */
export function checkSchema(queue: Pick<Queue, "jsonSchema">, content: string | null): void {
  if (queue.jsonSchema === undefined) return;
  const validate = compileSchema(queue.jsonSchema);
  const fault = validate(JSON.parse(content ?? "{}"));
  if (fault !== undefined) {
    throw new Refusal("QueueItemSchemaViolationException", `The item violates the schema of the queue: ${fault}.`);
  }
}
