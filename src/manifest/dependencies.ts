import type { Diagnostic } from "../core/diagnostic.ts";
import { nearest } from "../core/nearest.ts";
import { fullKey, keyIdentity, kinds, shortKey, type ResourceKey } from "../core/resource.ts";
import type { KnownManifest, LoadedManifest } from "./loaded.ts";

/** How serious a dependency is that the given manifests do not hold. */
export type OutsideSeverity = "warning" | "error";

/** `Job/smoke-test`, or `Job/smoke-test@Finance/Invoices`; in the dependant's folder where none is named. */
function parseDependency(text: string, folder: string): ResourceKey | undefined {
  const [, kind, name, other] = /^([A-Za-z]+)\/([^@]+)(?:@(.+))?$/.exec(text) ?? [];
  const known = kinds.find((candidate) => candidate === kind);
  if (known === undefined || name === undefined) return undefined;
  return { kind: known, name, folder: (other ?? folder).trim().replace(/^\/+|\/+$/g, "") };
}

export interface Dependencies {
  readonly keys: readonly ResourceKey[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The resources that each manifest waits for. Those outside the set stay in the list: a plan treats them as done. */
export class DependencyReader {
  readonly #known: ReadonlyMap<string, ResourceKey>;
  readonly #outside: OutsideSeverity;

  constructor(manifests: readonly LoadedManifest[], outside: OutsideSeverity) {
    this.#known = new Map(
      manifests.flatMap(({ key }) => (key === undefined ? [] : [[keyIdentity(key), key] as const])),
    );
    this.#outside = outside;
  }

  read(manifest: KnownManifest): Dependencies {
    const keys = new Map<string, ResourceKey>();
    const diagnostics: Diagnostic[] = [];
    manifest.dependsOn.forEach((text, index) => {
      if (text === undefined) return;
      const wanted = parseDependency(text, manifest.key.folder);
      const source = manifest.at(["spec", "dependsOn", index]);
      if (wanted === undefined) {
        diagnostics.push({ ...malformed(text), source, key: manifest.key });
        return;
      }
      const found = this.#known.get(keyIdentity(wanted));
      keys.set(keyIdentity(wanted), found ?? wanted);
      if (found === undefined) diagnostics.push({ ...this.#unknown(wanted, manifest.key), source, key: manifest.key });
    });
    return { keys: [...keys.values()], diagnostics };
  }

  #unknown(wanted: ResourceKey, dependant: ResourceKey): Diagnostic {
    const all = [...this.#known.values()].filter((key) => keyIdentity(key) !== keyIdentity(dependant));
    const elsewhere = all.find(({ kind, name }) => kind === wanted.kind && name === wanted.name);
    const sameFolder = all.filter((key) => keyIdentity({ ...key, name: "" }) === keyIdentity({ ...wanted, name: "" }));
    const meant = nearest(
      wanted.name,
      sameFolder.map(({ name }) => name),
    );
    const message = `${withFolder(wanted)} is not among the manifests`;
    if (elsewhere?.folder === "") {
      const hint = `${shortKey(elsewhere)} is, without a folder: set its metadata.folder, or name a target`;
      return { code: "MF020", severity: this.#outside, message, hint };
    }
    const suggestion = elsewhere === undefined ? meant && shortKey({ ...wanted, name: meant }) : fullKey(elsewhere);
    const hint =
      suggestion === undefined ? "pass the file that holds it, too" : `did you mean ${JSON.stringify(suggestion)}?`;
    return { code: "MF020", severity: this.#outside, message, hint };
  }
}

/** Without a target, what names no folder is in none. */
function withFolder(key: ResourceKey): string {
  return key.folder === "" ? shortKey(key) : fullKey(key);
}

function malformed(text: string): Diagnostic {
  const [before = "", ...rest] = text.split("/");
  const kind = nearest(before, kinds);
  const hint =
    rest.length === 0 || kind === undefined
      ? "write KIND/NAME, or KIND/NAME@FOLDER for another folder"
      : `did you mean ${JSON.stringify([kind, ...rest].join("/"))}?`;
  return { code: "MF020", severity: "error", message: `${JSON.stringify(text)} names no resource`, hint };
}
