/** A name that the tenant does not have, or does not show us. */
export interface Missing {
  readonly missing: string;
  /** The existing name that may have been meant. */
  readonly nearest?: string;
}

export function isMissing(found: object): found is Missing {
  return "missing" in found;
}
