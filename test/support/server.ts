import { onTestFinished } from "vitest";
import {
  startEmulator,
  type EditionName,
  type Emulator,
  type FaultRule,
  type TenantDocument,
  type TenantSpec,
} from "../../src/emulator/index.ts";
import { orchSync, temporaryFolder, type CliOptions, type CliResult } from "./cli.ts";
import { inProcess, type InProcessOptions, type InProcessResult } from "./in-process.ts";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A tenant with one folder, Finance, and what a test adds to it. */
export function tenant(spec: Partial<TenantSpec>): TenantDocument {
  return {
    apiVersion: "orch-sync/v1",
    kind: "Tenant",
    metadata: { name: "test" },
    spec: { edition: "2023.4", folders: [{ path: "Finance", type: "modern" }], ...spec },
  };
}

/** A project folder and a server that it is applied to, for one test. */
export interface Workplace {
  readonly folder: string;
  readonly emulator: Emulator;
  /** Runs the built command there, against the server. */
  readonly run: (args: readonly string[], options?: CliOptions) => Promise<CliResult>;
  /** The same within this process, for what is not about the process itself: it costs a tenth. */
  readonly inProcess: (args: readonly string[], options?: InProcessOptions) => Promise<InProcessResult>;
}

/** Files of a project by path, e.g. `{ "manifests/a.yaml": "…" }`. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Times short enough for a test, in place of minutes. */
const timing = "timing: { request: 2s, settle: 300ms, poll: 20ms }";

/** A server with a tenant and its bad days, and a project whose target `test` is that server. */
export async function workplace(options: {
  readonly tenant: string | TenantDocument;
  /** Left out: the tenant's. */
  readonly edition?: EditionName;
  readonly files: Readonly<Record<string, string>>;
  /** What goes wrong at the server. */
  readonly faults?: readonly FaultRule[];
  /** The target's `auth`; the emulator's own token when left out. */
  readonly auth?: string;
  /** More members of the target, as YAML in flow style. */
  readonly target?: string;
}): Promise<Workplace> {
  const { edition, faults } = options;
  const emulator = await startEmulator({
    tenant: options.tenant,
    ...(edition === undefined ? {} : { edition }),
    ...(faults === undefined ? {} : { faults }),
  });
  onTestFinished(() => emulator.close());
  const folder = temporaryFolder();
  const auth = options.auth ?? 'auth: { type: token, token: "${env:TOKEN}" }';
  writeFiles(folder, {
    "orch-sync.yaml": [
      "apiVersion: orch-sync/v1",
      "kind: Config",
      "manifests: [manifests/]",
      "defaultTarget: test",
      "targets:",
      `  test: { url: "${emulator.url}", folder: Finance, ${auth}, ${options.target ?? timing} }`,
    ].join("\n"),
    ...options.files,
  });
  const here = (extra: CliOptions & InProcessOptions = {}): typeof extra => ({
    cwd: folder,
    ...extra,
    env: { TOKEN: emulator.token, ...extra.env },
  });
  return {
    folder,
    emulator,
    run: (args, extra) => orchSync(args, here(extra)),
    inProcess: (args, extra) => inProcess(args, here(extra)),
  };
}

export const manifests = {
  items: (spec: string, name = "march"): string => manifest("QueueItems", name, spec),
  job: (spec: string, name = "smoke"): string => manifest("Job", name, spec),
  stopped: (spec: string, name = "retire"): string => manifest("StoppedJobs", name, spec),
  review: (spec: string, name = "failed"): string => manifest("Review", name, spec),
};

function manifest(kind: string, name: string, spec: string): string {
  return `apiVersion: orch-sync/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
}
