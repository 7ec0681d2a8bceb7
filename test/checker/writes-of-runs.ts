import type { Json, SentCall } from "./evidence.ts";

/** A write that an apply sent, taken apart. */
export interface Write {
  readonly call: SentCall;
  readonly what: "add" | "update" | "delete" | "start" | "stop" | "review";
  /** References, run keys, or ids as text. */
  readonly about: readonly string[];
  /** The queue's name, for adds. */
  readonly queue?: string;
  /** With a status below 300, whatever the client heard of it. */
  readonly isHandled: boolean;
  /** Whoever sent it cannot know what came of it. */
  readonly isOpen: boolean;
}

const shapes: readonly {
  readonly path: RegExp;
  readonly take: (body: Json, match: RegExpExecArray) => Pick<Write, "what" | "about" | "queue">;
}[] = [
  {
    path: /\.AddQueueItem$/,
    take: ({ itemData }) => {
      const { Reference, Name } = itemData as Json;
      return { what: "add", about: [String(Reference)], queue: String(Name) };
    },
  },
  {
    path: /\.BulkAddQueueItems$/,
    take: ({ queueItems, queueName }) => {
      const about = (queueItems as Json[]).map(({ Reference }) => String(Reference));
      return { what: "add", about, queue: String(queueName) };
    },
  },
  { path: /\/QueueItems\((\d+)\)$/, take: (_, [, id = ""]) => ({ what: "update", about: [id] }) },
  { path: /\.DeleteBulk$/, take: (body) => ({ what: "delete", about: idsIn(body) }) },
  {
    path: /\.StartJobs$/,
    take: ({ startInfo }) => ({ what: "start", about: [String((startInfo as Json)["Reference"])] }),
  },
  { path: /\.StopJobs$/, take: ({ jobIds }) => ({ what: "stop", about: (jobIds as number[]).map(String) }) },
  {
    path: /\.(?:SetItemReviewer|UnsetItemReviewer|SetItemReviewStatus)$/,
    take: (body) => ({ what: "review", about: idsIn(body) }),
  },
];

/** The writes of orch-sync, in the order of their arrival. A write of an unknown shape is an error of the checker. */
export function writesOf(calls: readonly SentCall[]): Write[] {
  return calls.flatMap((call) => {
    if (!call.by.startsWith("apply") || call.method === "GET" || call.path.endsWith("/connect/token")) return [];
    for (const { path, take } of shapes) {
      const match = path.exec(call.path);
      if (match === null) continue;
      if ((call.body ?? "").includes('"lease/')) return []; // the lease is kept apart, in a queue of its own
      const handled = call.fault?.handled ?? [call.status];
      const isHandled = handled.some((status) => status > 0 && status < 300);
      return [{ call, ...take(JSON.parse(call.body ?? "{}") as Json, match), isHandled, isOpen: isOpen(call) }];
    }
    throw new Error(`the checker does not know ${call.method} ${call.path}`);
  });
}

/** By the first section of the table's page: timeout, reset, cut body, 3xx, 408, 5xx, a page where JSON is due. */
function isOpen({ heard, status, fault }: SentCall): boolean {
  if (!heard || status === 0 || status >= 500 || status === 408 || (status >= 300 && status < 400)) return true;
  return fault !== null && status < 300; // a page, or an answer for another handling
}

function idsIn({ queueItems }: Json): string[] {
  return (queueItems as Json[]).map(({ Id }) => String(Id));
}
