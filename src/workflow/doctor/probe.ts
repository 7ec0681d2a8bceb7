import type { CheckUp, Finding, ProbeAnswer, ProbeQuestion } from "../../core/check-up.ts";
import { ApiError } from "../../core/errors.ts";
import type { PlanFolder } from "../../core/plan.ts";
import {
  itemWitness,
  jobWitnesses,
  probeJobs,
  probePage,
  probeReferenceIn,
  probeStartsWith,
  type Found,
  type Witness,
} from "../../orchestrator/probe/filters.ts";
import type { QueuePlace } from "../../orchestrator/read/queue-items.ts";
import { attempt, fine, problem, problemOf, type Examined } from "./examined.ts";
import { withProbeItem } from "./probe-item.ts";

/** Queues that are looked at for an item to ask about: each costs a list call. */
const mostQueues = 5;

/** Asks what no document tells; only with a queue that is named for it something is written, there. */
export async function probe(
  examined: Examined,
  queue: string | undefined,
): Promise<{ readonly finding: Finding; readonly probe?: CheckUp["probe"] }> {
  const { reader, known, signal } = examined;
  const [folder] = known.folders ?? [];
  if (folder === undefined) throw new RangeError("folders are looked at before");
  const asked = await attempt(() => askAll(folder, queue, examined), signal);
  if (asked instanceof ApiError) return { finding: problemOf(asked, "try again") };
  const { answers, trouble } = asked;
  const found = answers.filter(({ answer }) => answer !== undefined).length;
  const text = `${found} of ${answers.length} questions are answered`;
  return {
    finding: trouble ?? fine(text),
    probe: { apiVersion: reader.client.apiVersion ?? reader.capabilities.version, answers },
  };
}

async function askAll(
  folder: PlanFolder,
  queue: string | undefined,
  examined: Examined,
): Promise<{ readonly answers: readonly ProbeAnswer[]; readonly trouble?: Finding | undefined }> {
  if (queue === undefined) {
    const items = await askItems(await findItem(folder, examined), examined);
    const rest = answered("rowVersionConflict", { text: "not asked: it takes a write, see --probe-queue" });
    return { answers: [...items, ...(await askJobs(folder, examined)), rest] };
  }
  let items: readonly ProbeAnswer[] = [];
  const { conflict, trouble } = await withProbeItem(folder, queue, examined, async (place, witness) => {
    items = await askItems({ place, witness }, examined);
  });
  if (items.length === 0) items = await askItems(undefined, examined);
  const answers = [...items, ...(await askJobs(folder, examined)), answered("rowVersionConflict", conflict)];
  const isOpen = conflict.answer === "none";
  return { answers, trouble: trouble ?? (isOpen ? unprotected : undefined) };
}

const unprotected = problem(
  "refused",
  "the server carries out a write with an old RowVersion: what somebody else has changed meanwhile is written over",
  "do not prune and do not use a lease there; tell whoever runs the server",
);

function answered(question: ProbeQuestion, { text, answer: given }: Found<boolean | number | string>): ProbeAnswer {
  return { question, text, ...(given === undefined ? {} : { answer: given }) };
}

interface ItemPlace {
  readonly place: QueuePlace;
  readonly witness: Witness;
}

/** An item that is there, to ask about it. */
async function findItem(folder: PlanFolder, { reader, signal }: Examined): Promise<ItemPlace | undefined> {
  const queues = await reader.queues(folder, signal);
  for (const { id } of queues.slice(0, mostQueues)) {
    const place = { folder: folder.id, queue: id };
    const witness = await itemWitness(reader.client, place, signal);
    if (witness !== undefined) return { place, witness };
  }
  return undefined;
}

async function askItems(at: ItemPlace | undefined, { reader, signal }: Examined): Promise<ProbeAnswer[]> {
  if (at === undefined) {
    const none = { text: "no item with a reference is there to ask about" };
    return (["referenceIn", "startsWith", "queueItemsPage"] as const).map((question) => answered(question, none));
  }
  const { place, witness } = at;
  const { client } = reader;
  return [
    answered("referenceIn", await probeReferenceIn(client, place, witness, signal)),
    answered("startsWith", await probeStartsWith(client, place, witness, signal)),
    answered("queueItemsPage", await probePage(client, place, signal)),
  ];
}

async function askJobs(folder: PlanFolder, { reader, signal }: Examined): Promise<ProbeAnswer[]> {
  const { client } = reader;
  const { reference, batchKey } = await jobWitnesses(client, folder, signal);
  const ask = async (
    column: "Reference" | "BatchExecutionKey",
    witness: Witness | undefined,
  ): Promise<Found<boolean>> =>
    witness === undefined
      ? { text: `none of the newest jobs of ${folder.path} has one` }
      : probeJobs(client, folder, column, witness, signal);
  return [
    answered("jobReference", await ask("Reference", reference)),
    answered("jobBatchKey", await ask("BatchExecutionKey", batchKey)),
  ];
}
