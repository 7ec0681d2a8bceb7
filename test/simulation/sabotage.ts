import type { DurableFolder } from "../../src/core/durable.ts";
import type { ApplyReport } from "../../src/core/report.ts";
import { gateways } from "../../src/orchestrator/gateways/registry.ts";
import type { TenantReader } from "../../src/orchestrator/index.ts";
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
  readonly reader?: (reader: TenantReader, own: Own) => TenantReader;
  /** True: writes go out whoever holds the lease. */
  readonly ignoresLease?: boolean;
}

/** What one apply has for itself. */
interface Own {
  /** A reader that has not read anything yet. */
  readonly fresh: () => TenantReader;
  /** Part of the mark on what it adds. */
  readonly applyId: () => string | undefined;
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
  /** Every read-back begins behind what is there by then. */
  "moving-watermark": {
    reader: (reader, { fresh }) => {
      const watermark: TenantReader["items"]["watermark"] = (place, signal) => fresh().items.watermark(place, signal);
      return replacing(reader, { items: replacing(reader.items, { watermark }) });
    },
  },
  /** Whoever sees two copies takes one of them for its own. */
  "delete-without-proof": {
    reader: (reader, { applyId }) => {
      const byIds: TenantReader["items"]["byIds"] = async (place, ids, signal) => {
        const rows = await reader.items.byIds(place, ids, signal);
        const mark = `orch-sync/${applyId() ?? ""}/1`;
        return rows.map((row) => Object.assign({}, row, { ParentOperationId: mark }));
      };
      return replacing(reader, { items: replacing(reader.items, { byIds }) });
    },
  },
  /** A lease is a note on the door. */
  "lease-not-checked": { ignoresLease: true },
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

/** An object with some of its methods replaced; all others stay bound to it. */
function replacing<T extends object>(object: T, methods: Partial<T>): T {
  return new Proxy(object, {
    get(target, name) {
      const value: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

type File = Awaited<ReturnType<DurableFolder["open"]>>;

function withFiles(folder: DurableFolder, change: (file: File) => File): DurableFolder {
  return {
    ...folder,
    create: async (name) => change(await folder.create(name)),
    open: async (name) => change(await folder.open(name)),
  };
}

/** The gateways with the fault in them; orch-sync's own without one. */
export function gatewaysOf({ operation }: Sabotage): typeof gateways {
  if (operation === undefined) return gateways;
  const entries = Object.entries(gateways).map(([kind, gateway]) => {
    const operations = (...values: Parameters<typeof gateway.operations>): readonly Operation[] =>
      gateway.operations(...values).map(operation);
    return [kind, Object.assign({}, gateway, { operations })];
  });
  return Object.fromEntries(entries) as typeof gateways;
}
