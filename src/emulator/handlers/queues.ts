import { notFound, Refusal } from "../errors.ts";
import { dto, flag, guid, instant, integer, text, type Bound, type Reader } from "../http/body.ts";
import { action, guidParameter, query, textParameter, type Call, type Reply, type Routes } from "../http/route.ts";
import { queueDefinition } from "../model/entities.ts";
import { readOne } from "../odata/read.ts";
import { inFolder } from "../store/folders.ts";
import { releaseIn } from "../store/releases.ts";
import { foldersOf } from "../store/links.ts";
import * as store from "../store/queues.ts";
import { byKey, one } from "./answers.ts";
import { schemaFault } from "./json-schema.ts";
import { atMost, between, required, sameId } from "./limits.ts";
import { sharing } from "./sharing.ts";
import { tagsBody, tagsText } from "./tags.ts";
import { folderIn } from "./where.ts";

/** Members of a queue definition (QueueDefinitionDto). */
export const queueFields = {
  Key: guid,
  Name: text,
  Description: text,
  MaxNumberOfRetries: integer,
  AcceptAutomaticallyRetry: flag,
  RetryAbandonedItems: flag,
  EnforceUniqueReference: flag,
  Encrypted: flag,
  SpecificDataJsonSchema: text,
  OutputDataJsonSchema: text,
  AnalyticsDataJsonSchema: text,
  CreationTime: instant,
  ProcessScheduleId: integer,
  SlaInMinutes: integer,
  RiskSlaInMinutes: integer,
  ReleaseId: integer,
  IsProcessInCurrentFolder: flag,
  FoldersCount: integer,
  OrganizationUnitId: integer,
  OrganizationUnitFullyQualifiedName: text,
  Tags: tagsBody,
  Id: integer,
};

export type QueueBody = Bound<typeof queueFields>;
const queueBody: Reader<QueueBody> = dto("QueueDefinitionDto", queueFields);
const write = { folder: "write", options: "none" } as const;
const body = { parameter: "queueDefinitionDto", body: queueBody }; // field reports name the parameter
const maxInteger = 2_147_483_647;

/** Queue definitions: made, replaced, removed, linked into folders. */
export const queueRoutes: Routes = {
  // 201 in every version: a POST to an entity set.
  "POST QueueDefinitions": action({ ...write, ...body }, (call, given) =>
    answerQueue(call, createQueue(call, given), 201),
  ),
  "PUT QueueDefinitions(key)": action({ ...write, ...body }, (call, given) => {
    replaceQueue(call, given);
    return { status: 200 };
  }),
  "DELETE QueueDefinitions(key)": query(write, (call) => {
    checkThere(call);
    call.db.transaction(() => store.removeQueue(call.db, call.key));
    return { status: 204 };
  }),
  "GET QueueDefinitions/UiPath.Server.Configuration.OData.GetByKey(identifier)": query(
    { folder: "read", options: "entity", versions: [20, Infinity] },
    (call) => {
      const { sql, values } = inFolder(call);
      const scope = { sql: `t0.key = ? AND ${sql}`, values: [guidParameter(call, "identifier"), ...values] };
      return one(call, queueDefinition, "QueueDefinitions", scope, "QueueDefinition");
    },
  ),
  "GET QueueDefinitions(key)/UiPathODataSvc.GetJsonSchemaDefinition(jsonSchemaType)": query(
    { folder: "read", options: "none" },
    jsonSchema,
  ),
  ...sharing({
    set: "QueueDefinitions",
    read: "GetFoldersForQueue",
    ids: "QueueIds",
    table: "queue_folders",
    name: "QueueDefinition",
    isNameTaken: (db, id, folderId) => {
      const name = db.get("SELECT name FROM queues WHERE id = ?", id)?.["name"];
      return store.isQueueNameTaken(db, String(name), [folderId], id);
    },
  }),
};

/** Adds a queue to the folder of the call. */
export function createQueue(call: Call, given: QueueBody): number {
  const folder = folderIn(call);
  const definition = definitionOf(call, given);
  return call.db.transaction(() => {
    checkName(call, definition.name, [folder.id]);
    return store.addQueue(call.db, folder.id, definition, call.now);
  });
}

export function answerQueue(call: Call, id: number, status: number): Reply {
  return one(call, queueDefinition, "QueueDefinitions", byKey({ ...call, key: id }), "QueueDefinition", status);
}

/** A full replace: what is left out is empty afterwards (field reports). */
export function replaceQueue(call: Call, given: QueueBody): void {
  checkThere(call);
  sameId(given.Id, call.key);
  const definition = definitionOf(call, given);
  const before = store.creationOf(call.db, call.key);
  for (const [name, isSame] of [
    ["EnforceUniqueReference", definition.uniqueReferences === before.uniqueReferences],
    ["Encrypted", definition.encrypted === before.encrypted],
  ] as const) {
    if (isSame) continue;
    const refusal = "QueueDefinitionParametersCannotChange"; // forum 800153: chosen at creation
    throw new Refusal(refusal, `${refusal}: ${name} cannot be changed after the queue has been created.`);
  }
  call.db.transaction(() => {
    checkName(call, definition.name, foldersOf(call.db, "queue_folders", call.key), call.key);
    store.changeQueue(call.db, call.key, definition);
  });
}

function definitionOf(call: Call, given: QueueBody): store.QueueDefinition {
  const slaMinutes = between("SlaInMinutes", given.SlaInMinutes, 0, maxInteger);
  const releaseId = given.ReleaseId ?? null;
  if (releaseId !== null && !releaseIn(call.db, releaseId, folderIn(call).id)) throw notFound("Release");
  if (slaMinutes > 0 && releaseId === null) {
    const message = "SlaEnableQueueDefinitionFailure: an SLA needs the process that keeps it.";
    throw new Refusal("SlaEnableQueueDefinitionFailure", message);
  }
  return {
    name: required("Name", given.Name, 50), // limits: OpenAPI 20.0; the older documents have none
    description: atMost("Description", given.Description, 250) ?? null,
    maxRetries: between("MaxNumberOfRetries", given.MaxNumberOfRetries, 0, 50),
    autoRetry: given.AcceptAutomaticallyRetry ?? false,
    retryAbandoned: given.RetryAbandonedItems ?? false,
    uniqueReferences: given.EnforceUniqueReference ?? false,
    encrypted: given.Encrypted ?? false,
    contentSchema: schema("SpecificDataJsonSchema", given.SpecificDataJsonSchema),
    outputSchema: schema("OutputDataJsonSchema", given.OutputDataJsonSchema),
    analyticsSchema: schema("AnalyticsDataJsonSchema", given.AnalyticsDataJsonSchema),
    slaMinutes,
    riskSlaMinutes: between("RiskSlaInMinutes", given.RiskSlaInMinutes, 0, maxInteger),
    releaseId,
    tags: tagsText(given.Tags),
  };
}

function schema(name: string, given: string | undefined): string | null {
  if (given === undefined || given.trim() === "") return null;
  const fault = given.trim().startsWith("{") ? schemaFault(given) : "an object is expected";
  if (fault === undefined) return given;
  throw new Refusal(
    "InvalidQueueSchemaDefinition",
    `InvalidQueueSchemaDefinition: ${name} is no JSON schema: ${fault}`,
  );
}

function checkName(call: Call, name: string, folderIds: readonly number[], except?: number): void {
  if (!store.isQueueNameTaken(call.db, name, folderIds, except)) return;
  throw new Refusal("NameAlreadyUsed", `The queue name '${name}' is already used.`);
}

function checkThere(call: Call): void {
  if (!readOne(call.db, queueDefinition, byKey(call), { select: ["Id"], expand: [] }))
    throw notFound("QueueDefinition");
}

const schemaTypes = {
  SpecificData: "SpecificDataJsonSchema",
  OutputData: "OutputDataJsonSchema",
  AnalyticsData: "AnalyticsDataJsonSchema",
} as const;

/** The schema itself, as a file (contract: "as a .json file"). */
function jsonSchema(call: Call): Reply {
  const type = textParameter(call, "jsonSchemaType");
  if (!Object.hasOwn(schemaTypes, type)) {
    throw new Refusal("InvalidQueueSchemaType", `InvalidQueueSchemaType: '${type}'`);
  }
  const property = schemaTypes[type as keyof typeof schemaTypes];
  const queue = readOne(call.db, queueDefinition, byKey(call), { select: [property], expand: [] });
  if (!queue) throw notFound("QueueDefinition");
  const stored = queue[property];
  if (typeof stored === "string") return { status: 200, body: JSON.parse(stored) };
  throw new Refusal("QueueSchemaDefinitionNotFound", `QueueSchemaDefinitionNotFound: the queue has no ${property}.`);
}
