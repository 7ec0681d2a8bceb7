/** A place in an input file. Lines and columns count from 1; columns count UTF-16 units, as editors do. */
export interface SourceSpan {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many columns the caret underlines, at least 1. Left out: 1. */
  readonly length?: number;
  /** The text of the line, for the excerpt. Left out where it was not kept. */
  readonly text?: string;
}

/** `manifests/march.yaml:14:17` */
export function formatPlace(source: SourceSpan): string {
  return `${source.file}:${source.line}:${source.column}`;
}
