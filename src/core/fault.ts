/** Why a call did not do what it was sent for: a value, as outcomes and errors carry it. */
export interface Fault {
  /**
   * `network`: no connection, or it broke; `timeout`: no whole answer in time; `http`: an answer with an error;
   * `content`: an answer that cannot be read (HTML, cut or of the wrong type); `cancelled`: our own side gave up.
   */
  readonly kind: "network" | "timeout" | "http" | "content" | "cancelled";
  /** The server's text, raw: views clean it. Never decide anything by it, servers localise it. */
  readonly message: string;
  /** `POST /odata/Jobs/…StartJobs` without host, query or secrets. */
  readonly call: string;
  readonly status?: number;
  /** Orchestrator's `errorCode`: a number, or a name such as `DuplicateReference` in bulk answers. */
  readonly errorCode?: number | string;
  readonly traceId?: string;
  /** From `Retry-After`, in milliseconds. */
  readonly retryAfter?: number;
}
