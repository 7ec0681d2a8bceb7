import type { Clock } from "../clock.ts";
import type { Stage } from "../faults/play.ts";
import type { LogEntry } from "../log.ts";
import type { Line } from "./line.ts";
import { wireOf, type FullReply, type Signature } from "./replies.ts";

/** One call from its arrival to its end: everything that is done with it goes through here, so that the log has it. */
export class Exchange implements Stage {
  readonly #clock: Clock;
  readonly #apiVersions: string;
  readonly #line: Line;
  readonly #entry: LogEntry;
  readonly #handle: (rows?: number) => FullReply;

  constructor(
    line: Line,
    world: { readonly clock: Clock; readonly apiVersions: string },
    entry: LogEntry,
    handle: (rows?: number) => FullReply,
  ) {
    this.#clock = world.clock;
    this.#apiVersions = world.apiVersions;
    this.#line = line;
    this.#entry = entry;
    this.#handle = handle;
  }

  now(): number {
    return this.#clock.milliseconds();
  }

  after(milliseconds: number, work: () => void): void {
    this.#clock.after(milliseconds, work, () => {
      this.close();
      this.end();
    });
  }

  handle(rows?: number): FullReply {
    const reply = this.#handle(rows);
    this.#entry.handled(reply.status);
    return reply;
  }

  send(reply: FullReply): void {
    this.#send(reply, false);
  }

  replace(reply: FullReply): void {
    this.#send(reply, true);
  }

  cut(reply: FullReply): void {
    if (this.#line.isGone()) return;
    if (reply.html === undefined && reply.body === undefined) {
      this.close(); // an answer without a body has no middle
      return;
    }
    this.#entry.answered(reply.status);
    this.#line.sendHalf(wireOf(reply, this.#signature()));
  }

  close(): void {
    this.#line.close();
  }

  onGone(work: () => void): void {
    this.#line.onGone(work);
  }

  end(): void {
    this.#entry.end();
  }

  #send(reply: FullReply, replaced: boolean): void {
    if (this.#line.isGone()) return;
    this.#entry.answered(reply.status);
    this.#line.send(wireOf(reply, this.#signature()), replaced);
  }

  #signature(): Signature {
    return { apiVersions: this.#apiVersions, milliseconds: this.#clock.milliseconds() };
  }
}
