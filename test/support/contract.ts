import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import {
  startEmulator,
  type EditionName,
  type Emulator,
  type EmulatorOptions,
  type TenantDocument,
} from "../../src/emulator/index.ts";
import { apply, loadManifests, plan, type ApplyReport, type Plan, type TargetOptions } from "../../src/index.ts";
import { temporaryFolder } from "./cli.ts";

/** Every edition of the emulator: what is promised holds on each. */
export const editions: readonly EditionName[] = ["2022.10", "2023.4", "cloud"];

/** An emulator for one test, without a quota of list calls unless the test asks for one: a quota is minutes. */
export async function emulatorFor(document: TenantDocument, options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ tenant: document, listCallsPerMinute: null, ...options });
  onTestFinished(() => emulator.close());
  return emulator;
}

export function targetOf(emulator: Emulator, changes: Partial<TargetOptions> = {}): TargetOptions {
  const auth = { type: "token", token: emulator.token } as const;
  return { url: emulator.url, auth, timing: { settle: 100, poll: 20 }, ...changes };
}

/** Manifests of one test, written to files of their own. */
export async function manifestsOf(...texts: readonly string[]): ReturnType<typeof loadManifests> {
  const folder = temporaryFolder();
  texts.forEach((text, index) => {
    const file = join(folder, `manifests/${index}.yaml`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  });
  return loadManifests({ paths: [folder], cwd: folder, env: {}, folder: "Finance" });
}

export interface Converged {
  readonly first: Plan;
  readonly report: ApplyReport;
  readonly second: Plan;
  /** The requests between the first plan and the second. */
  readonly applied: ReturnType<Emulator["requests"]>;
  /** The requests of the first plan. */
  readonly planned: ReturnType<Emulator["requests"]>;
}

/** Plan, apply, plan again. */
export async function converge(
  emulator: Emulator,
  texts: readonly string[],
  changes: Partial<TargetOptions> = {},
): Promise<Converged> {
  const manifests = await manifestsOf(...texts);
  const target = targetOf(emulator, changes);
  const first = await plan({ manifests, target, guards: "none" });
  const planned = emulator.requests();
  const report = await apply(first, { target });
  const applied = emulator.requests().slice(planned.length);
  const second = await plan({ manifests, target, guards: "none" });
  return { first, report, second, applied, planned };
}

/** `create INV-1`, `start` …: the lines of a plan that are not in line. */
export function linesOf(made: Plan): string[] {
  return made.resources.flatMap(({ key, changes }) =>
    [...changes]
      .filter((change) => change.action !== "no-op")
      .map((change) => `${change.action} ${change.label === "" ? `${key.kind}/${key.name}` : change.label}`),
  );
}
