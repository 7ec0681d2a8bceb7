import { fileURLToPath } from "node:url";
import {
  DocumentFileError,
  loadFile,
  loadObject,
  type DocumentKind,
  type DocumentProblem,
  type LoadedDocument,
} from "../yaml-file.ts";
import type { TenantDocument } from "./types.ts";

/** One thing that is wrong with a tenant file. */
export type TenantProblem = DocumentProblem;

/** A tenant file that cannot be used. */
export class TenantFileError extends DocumentFileError {
  override readonly name = "TenantFileError";

  constructor(file: string | undefined, problems: readonly TenantProblem[]) {
    super("tenant", file, problems);
  }
}

/** A tenant that has passed its schema. */
export type LoadedTenant = LoadedDocument<TenantDocument>;

const documented = new URL("../../../examples/documented/tenant.yaml", import.meta.url);
const kind: DocumentKind = {
  schema: new URL("../../../schemas/tenant.schema.json", import.meta.url),
  fail: (file, problems) => new TenantFileError(file, problems),
};

/** Reads a tenant: a YAML file, `documented` for the tenant of the API guide's requests pages, or an object. */
export function loadTenant(source: string | TenantDocument): LoadedTenant {
  if (typeof source !== "string") return loadObject(kind, source);
  return loadFile(kind, source === "documented" ? fileURLToPath(documented) : source);
}
