/** A lease as somebody who looks finds it; texts of its holder are foreign. */
export interface LeaseStatus {
  readonly name: string;
  readonly queue: string;
  readonly folder: string;
  /**
   * `free`: nobody holds it; `over`: its end has passed, and the next apply takes it; `touched`: a robot or a person has
   * changed the item, so nothing is known of it.
   */
  readonly state: "free" | "held" | "over" | "touched";
  /** The item that is the lease; missing when it is free. */
  readonly item?: number;
  /** Why it counts as touched. */
  readonly why?: string;
  readonly holder?: {
    readonly owner: string;
    readonly runUrl?: string;
    /** ISO 8601, by the server's clock. */
    readonly since: string;
    readonly until: string;
  };
}
