/** A name that the tenant does not have, or does not show us. */
export interface Missing {
  readonly missing: string;
  /** The existing name that may have been meant. */
  readonly nearest?: string;
}

/** More than one answers to the name. */
export interface Ambiguous {
  readonly ambiguous: string;
  readonly candidates: readonly string[];
}

export function isMissing(found: object): found is Missing {
  return "missing" in found;
}

export function isAmbiguous(found: object): found is Ambiguous {
  return "ambiguous" in found;
}
