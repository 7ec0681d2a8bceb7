import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { formatPlace } from "../../../src/core/source.ts";
import { loadManifests, type LoadedManifests, type LoadOptions } from "../../../src/manifest/load.ts";

/** Files by their path within a folder that exists while the test looks at it. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export async function inFolder<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "orch-sync-test-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function load(files: Files, options: Partial<LoadOptions> = {}): Promise<LoadedManifests> {
  return inFolder(files, (cwd) => loadManifests({ paths: ["."], cwd, env: {}, ...options }));
}

/** `m.yaml:9:17 MF013` for each diagnostic; warnings say so. */
export function places({ diagnostics }: Pick<LoadedManifests, "diagnostics">): string[] {
  return diagnostics.map(({ code, severity, source }) => {
    const place = source === undefined ? "nowhere" : formatPlace(source);
    return `${place} ${code}${severity === "warning" ? " (warning)" : ""}`;
  });
}

/** A manifest of which a test writes only the spec, whose first line is line 5. */
export function manifest(kind: string, spec: string, metadata = "name: m, folder: Finance"): string {
  return `apiVersion: orch-sync/v1\nkind: ${kind}\nmetadata: { ${metadata} }\nspec:\n${spec}\n`;
}

export const items = (lines: string, more = ""): string =>
  manifest("QueueItems", `  queue: DocQueue\n${more}  items:\n${lines}`);
