import type { Fault } from "../../core/fault.ts";

/** A send that may have been carried out, or may still be. */
export interface OpenSend {
  readonly fault: Fault;
  readonly sentAt: Date;
}
