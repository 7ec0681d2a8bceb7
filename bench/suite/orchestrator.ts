import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { EmulatorOptions, LoggedRequest, TenantDocument, TenantSpec } from "../../src/emulator/index.ts";

export const folder = "Bench";

/** A tenant with one folder, and what a scenario adds to it. Lists have no quota: it would hide everything else. */
export function tenant(spec: Partial<TenantSpec>): TenantDocument {
  return {
    apiVersion: "orch-sync/v1",
    kind: "Tenant",
    metadata: { name: "bench" },
    spec: { edition: "2023.4", folders: [{ path: folder, type: "modern" }], listCallsPerMinute: null, ...spec },
  };
}

/** An embedded Orchestrator in a process of its own: its time and memory are not the client's. */
export class Orchestrator implements AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, { url, token }: { readonly url: string; readonly token: string }) {
    this.#child = child;
    this.url = url;
    this.token = token;
  }

  static async start(options: EmulatorOptions): Promise<Orchestrator> {
    const child = fork(new URL("server.ts", import.meta.url), [JSON.stringify(options)]);
    return new Orchestrator(child, await answerOf<{ url: string; token: string }>(child));
  }

  /** What clients need to know: `orch-sync` reads it from its environment. */
  get environment(): Readonly<Record<string, string>> {
    return { ORCH_SYNC_URL: this.url, ORCH_SYNC_TOKEN: this.token, ORCH_SYNC_FOLDER: folder };
  }

  /** The last ten thousand calls. */
  async requests(): Promise<readonly LoggedRequest[]> {
    const answer = answerOf<readonly LoggedRequest[]>(this.#child);
    this.#child.send("requests");
    return answer;
  }

  /** Adds items in large batches: a scenario's live state. */
  async seed(queue: string, count: number, item: (n: number) => Readonly<Record<string, unknown>>): Promise<void> {
    const batch = 5000;
    for (let from = 0; from < count; from += batch) {
      const queueItems = Array.from({ length: Math.min(batch, count - from) }, (_, index) => item(from + index));
      const response = await fetch(`${this.url}/odata/Queues/UiPathODataSvc.BulkAddQueueItems`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${this.token}`,
          "content-type": "application/json",
          "x-uipath-folderpath": folder,
        },
        body: JSON.stringify({ queueName: queue, commitType: "ProcessAllIndependently", queueItems }),
      });
      if (!response.ok) throw new Error(`items were not added: ${response.status} ${await response.text()}`);
      await response.arrayBuffer();
    }
  }

  /** How many items are in a queue. */
  async count(queue: string): Promise<number> {
    const query = `$filter=QueueDefinition/Name eq '${queue}'&$top=1&$count=true`;
    const response = await fetch(`${this.url}/odata/QueueItems?${query}`, {
      headers: { authorization: `Bearer ${this.token}`, "x-uipath-folderpath": folder },
    });
    const answer = (await response.json()) as { readonly "@odata.count"?: number };
    return answer["@odata.count"] ?? Number.NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exit = once(this.#child, "exit");
    this.#child.send("stop");
    await exit;
  }
}

/** What the process says next. @throws Error when it ends instead. */
async function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the Orchestrator ended with ${code}`));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message as T);
    });
  });
}
