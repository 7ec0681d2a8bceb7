import type { Answer, Send } from "./tenant.ts";

/** What a robot and those who feed it say to the emulator. */
export interface Robot {
  add(queue: string, data?: object): Promise<Answer>;
  take(queue: string, data?: object): Promise<Answer>;
  end(id: unknown, transactionResult: object): Promise<Answer>;
  progress(id: unknown, progress: string): Promise<Answer>;
  item(id: unknown): Promise<Answer["body"]>;
  /** The rows of a queue, oldest first, as one member each. */
  column(queueId: number, member: string): Promise<readonly unknown[]>;
}

export const hour = 3_600_000;
export const day = 24 * hour;
export const success = { IsSuccessful: true } as const;
export const applicationException = {
  IsSuccessful: false,
  ProcessingException: { Type: "ApplicationException", Reason: "timeout" },
} as const;
export const businessException = {
  IsSuccessful: false,
  ProcessingException: { Type: "BusinessException", Reason: "no price" },
} as const;

export function robot(send: Send): Robot {
  return {
    add: async (Name, data = {}) =>
      send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", { itemData: { Name, ...data } }),
    take: async (Name, data = {}) =>
      send("POST", "/odata/Queues/UiPathODataSvc.StartTransaction", {
        transactionData: { Name, RobotIdentifier: "bot-1", ...data },
      }),
    end: async (id, transactionResult) =>
      send("POST", `/odata/Queues(${String(id)})/UiPathODataSvc.SetTransactionResult`, { transactionResult }),
    progress: async (id, progress) =>
      send("POST", `/odata/QueueItems(${String(id)})/UiPathODataSvc.SetTransactionProgress`, { progress }),
    item: async (id) => (await send("GET", `/odata/QueueItems(${String(id)})`)).body,
    column: async (queueId, member) => {
      const { body } = await send("GET", `/odata/QueueItems?$filter=QueueDefinitionId eq ${queueId}&$orderby=Id`);
      return body.value.map((row) => row[member]);
    },
  };
}
