import { isRecord } from "../../core/json.ts";

/** A row as it came: every member is unknown until it was looked at. */
export type Row = Readonly<Record<string, unknown>> & { readonly Id: number };

/** The rows of a list answer; rows without an Id are nobody's. */
export function rowsOf(body: unknown): Row[] {
  const value = isRecord(body) ? body["value"] : undefined;
  return Array.isArray(value) ? value.filter(isRow) : [];
}

export function isRow(value: unknown): value is Row {
  return isRecord(value) && typeof value["Id"] === "number";
}

export function text(row: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = row[name];
  return typeof value === "string" ? value : null;
}

export function number(row: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = row[name];
  return typeof value === "number" ? value : null;
}

/** A member as text where it is text, null where it is null, and no member at all where the server left it out. */
export function optionalText<Name extends string>(
  row: Readonly<Record<string, unknown>>,
  column: string,
  name: Name,
): { readonly [key in Name]?: string | null } {
  const value = row[column];
  return isTextOrNull(value) ? ({ [name]: value } as { readonly [key in Name]?: string | null }) : {};
}

/** False for what the server left out. */
export function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}
