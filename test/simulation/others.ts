import type { Wanted } from "../checker/evidence.ts";
import type { Random } from "./random.ts";
import type { Machine, World } from "./machine.ts";
import { queues } from "./manifests.ts";

/** A robot or a person, with a machine of their own and a token that may do everything. */
export interface Other {
  readonly machine: Machine;
  readonly world: World;
  readonly random: Random;
  readonly wanted: Wanted;
  /** Items that they meant to change. */
  readonly touched: Set<number>;
}

/** What they put into whatever they add or edit: the checker tells by it whose it is. */
const byHand = { By: "hand" };

type Row = Readonly<Record<string, unknown>>;

/** Takes items and ends them, well or badly. */
export async function robot(other: Other, times: number): Promise<void> {
  const { random, world, touched } = other;
  for (let n = 0; n < times; n++) {
    await world.time.sleep(random.int(0, 120_000));
    const queue = random.pick(["Unique", "Retrying", "Plain"]);
    const taken = await call(other, "POST", "/odata/Queues/UiPathODataSvc.StartTransaction", {
      transactionData: { Name: queue, RobotIdentifier: "bot" },
    });
    if (typeof taken?.["Id"] !== "number") continue;
    touched.add(taken["Id"]);
    await world.time.sleep(random.int(100, 90_000));
    const bad = { Reason: "No price.", Type: random.pick(["ApplicationException", "BusinessException"]) };
    const transactionResult = random.chance(0.6)
      ? { IsSuccessful: true }
      : { IsSuccessful: false, ProcessingException: bad };
    await call(other, "POST", `/odata/Queues(${taken["Id"]})/UiPathODataSvc.SetTransactionResult`, {
      transactionResult,
    });
  }
}

/** Edits or deletes what is New, by hand, or adds what manifests name as well. */
export async function person(other: Other, times: number): Promise<void> {
  const { random, world, touched, wanted } = other;
  const letters = wanted.items.find(({ unique }) => !unique);
  for (let n = 0; n < times; n++) {
    await world.time.sleep(random.int(0, random.pick([2000, 200_000])));
    if (letters !== undefined && random.chance(0.5)) {
      const Reference = random.pick(letters.references);
      const itemData = { Name: letters.queue, Reference, Priority: "Normal", SpecificContent: byHand };
      await call(other, "POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", { itemData });
      continue;
    }
    const list = await call(other, "GET", "/odata/QueueItems?$filter=Status eq 'New'&$orderby=Id&$top=100");
    const rows = (Array.isArray(list?.["value"]) ? list["value"] : []) as Row[];
    if (rows.length === 0) continue;
    const row = random.pick(rows);
    const id = Number(row["Id"]);
    touched.add(id);
    if (random.chance(0.4)) {
      const queueItems = [{ Id: id, RowVersion: row["RowVersion"] }];
      await call(other, "POST", "/odata/QueueItems/UiPathODataSvc.DeleteBulk", { queueItems });
    } else {
      const queue = Object.entries(queues).find(([, each]) => each.id === row["QueueDefinitionId"])?.[0];
      const { Reference, Priority, DueDate, DeferDate } = row;
      const same = { ...(DueDate === null ? {} : { DueDate }), ...(DeferDate === null ? {} : { DeferDate }) };
      const SpecificContent = { Amount: random.int(100, 200), ...byHand };
      await call(other, "PUT", `/odata/QueueItems(${id})`, {
        Name: queue,
        Reference,
        Priority,
        ...same,
        SpecificContent,
      });
    }
  }
}

/** What goes wrong for them is nobody's trouble. */
async function call({ machine, world }: Other, method: string, path: string, body?: object): Promise<Row | undefined> {
  const { url, token } = world.emulator;
  try {
    const response = await machine.fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "x-uipath-folderpath": "Finance",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([]),
    });
    return response.status >= 400 || response.status === 204 ? undefined : ((await response.json()) as Row);
  } catch {
    return undefined;
  }
}
