import type { DurableFolder } from "../../src/core/durable.ts";
import type { ApplyReport } from "../../src/core/report.ts";
import { gateways } from "../../src/orchestrator/gateways/registry.ts";
import type { Operation } from "../../src/orchestrator/gateways/port.ts";

type Fetch = typeof globalThis.fetch;

/**
 * A fault built into orch-sync, from outside: around one of its ports, never in its code. It shows that the checker can
 * fail.
 */
export interface Sabotage {
  readonly fetch?: (fetch: Fetch) => Fetch;
  readonly folder?: (folder: DurableFolder) => DurableFolder;
  readonly report?: (report: ApplyReport) => ApplyReport;
  readonly operation?: (operation: Operation) => Operation;
}

export const sabotages: Readonly<Record<string, Sabotage>> = {
  /** What every HTTP library does: a call that failed is sent again. */
  "blind-repeat": {
    fetch: (fetch) => async (input, init) => {
      const request = new Request(input, init);
      const isWrite = request.method !== "GET";
      const second = isWrite ? request.clone() : request;
      try {
        const response = await fetch(request);
        return isWrite && response.status >= 500 ? await fetch(second) : response;
      } catch (error) {
        if (!isWrite || request.signal.aborted) throw error;
        return fetch(second);
      }
    },
  },
  /** What was lost is sent again once settle has passed, without a look. */
  "no-read-back": { operation: ({ check: _check, ...operation }) => ({ ...operation, find: async () => new Map() }) },
  /** What failed, and what nobody knows, is said to be done. */
  "false-report": {
    report: (report) => {
      const outcomes = report.outcomes.map((outcome) =>
        outcome.status === "unknown" || outcome.status === "failed"
          ? { ...outcome, status: "applied" as const }
          : outcome,
      );
      const { unknown, failed, applied } = report.counts;
      return {
        ...report,
        outcomes,
        counts: { ...report.counts, unknown: 0, failed: 0, applied: applied + unknown + failed },
      };
    },
  },
  /** The disk says that it has written, and has not. */
  "no-journal-sync": { folder: (folder) => withFiles(folder, (file) => ({ ...file, sync: async () => undefined })) },
  /** Each line is written when the next one comes. */
  "journal-after-send": {
    folder: (folder) =>
      withFiles(folder, (file) => {
        let waiting = "";
        return {
          append: async (text) => {
            const before = waiting;
            waiting = text;
            if (before !== "") await file.append(before);
          },
          sync: () => file.sync(),
          close: async () => {
            if (waiting !== "") await file.append(waiting);
            await file.close();
          },
        };
      }),
  },
};

type File = Awaited<ReturnType<DurableFolder["open"]>>;

function withFiles(folder: DurableFolder, change: (file: File) => File): DurableFolder {
  return {
    ...folder,
    create: async (name) => change(await folder.create(name)),
    open: async (name) => change(await folder.open(name)),
  };
}

/** Puts the fault's operations in place of orch-sync's own, for as long as it is kept. */
export function sabotaged({ operation }: Sabotage): Disposable {
  const own = { ...gateways };
  if (operation !== undefined) {
    for (const [kind, gateway] of Object.entries(own)) {
      Object.assign(gateways, {
        [kind]: {
          ...gateway,
          operations: (...values: Parameters<typeof gateway.operations>) =>
            gateway.operations(...values).map(operation),
        },
      });
    }
  }
  return { [Symbol.dispose]: () => void Object.assign(gateways, own) };
}
