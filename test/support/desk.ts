import { onTestFinished } from "vitest";
import {
  startEmulator,
  type EditionName,
  type Emulator,
  type FaultRule,
  type TenantDocument,
} from "../../src/emulator/index.ts";
import { temporaryFolder } from "./cli.ts";
import { inProcess, type InProcessResult } from "./in-process.ts";
import { writeFiles } from "./server.ts";

/** A server and a project whose target `test` it is, with commands run in this process. */
export interface Desk {
  readonly folder: string;
  readonly emulator: Emulator;
  readonly run: (args: readonly string[], options?: { readonly terminal?: boolean }) => Promise<InProcessResult>;
}

export async function desk(options: {
  readonly tenant: string | TenantDocument;
  readonly edition?: EditionName;
  readonly faults?: readonly FaultRule[];
  /** @default "real" */
  readonly clock?: "real" | "manual";
  readonly files?: Readonly<Record<string, string>>;
  /** The target's folder; left out: none. */
  readonly place?: string;
  /** Of the config, instead of none. */
  readonly manifests?: string;
}): Promise<Desk> {
  const { tenant, edition, faults, clock = "real", files = {}, place, manifests } = options;
  const emulator = await startEmulator({
    tenant,
    clock,
    ...(edition === undefined ? {} : { edition }),
    ...(faults === undefined ? {} : { faults }),
  });
  onTestFinished(() => emulator.close());
  const folder = temporaryFolder();
  const target = {
    url: emulator.url,
    ...(place === undefined ? {} : { folder: place }),
    auth: { type: "token", token: emulator.token },
    timing: { request: "2s", settle: "300ms", poll: "20ms" },
    guards: { maxDeletes: 10, maxStops: 10 },
  };
  const config = {
    apiVersion: "orch-sync/v1",
    kind: "Config",
    ...(manifests === undefined ? {} : { manifests: [manifests] }),
    defaultTarget: "test",
    targets: { test: target },
  };
  writeFiles(folder, { "orch-sync.yaml": JSON.stringify(config), ...files });
  return { folder, emulator, run: (args, more = {}) => inProcess(args, { cwd: folder, env: {}, ...more }) };
}
