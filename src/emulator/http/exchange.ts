import { channel } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import type { Stage } from "../faults/play.ts";
import type { LogEntry } from "../log.ts";
import { send, sendHalf, type FullReply, type Signature } from "./replies.ts";

/** Tells who watches the server which answers are not its own, without a mark on the wire: no fault says of itself that it is one. */
const replaced = channel("orch-sync.emulator.replaced");

/** One call from its arrival to its end: everything that is done with it goes through here, so that the log has it. */
export class Exchange implements Stage {
  readonly #clock: Clock;
  readonly #apiVersions: string;
  readonly #response: ServerResponse;
  readonly #entry: LogEntry;
  readonly #handle: (rows?: number) => FullReply;

  constructor(
    response: ServerResponse,
    world: { readonly clock: Clock; readonly apiVersions: string },
    entry: LogEntry,
    handle: (rows?: number) => FullReply,
  ) {
    this.#clock = world.clock;
    this.#apiVersions = world.apiVersions;
    this.#response = response;
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
    if (this.#isGone()) return;
    this.#entry.answered(reply.status);
    send(this.#response, reply, this.#signature());
  }

  replace(reply: FullReply): void {
    replaced.publish({ response: this.#response });
    this.send(reply);
  }

  cut(reply: FullReply): void {
    if (this.#isGone()) return;
    if (reply.html === undefined && reply.body === undefined) {
      this.close(); // an answer without a body has no middle
      return;
    }
    this.#entry.answered(reply.status);
    sendHalf(this.#response, reply, this.#signature());
  }

  close(): void {
    this.#response.socket?.destroy();
  }

  onGone(work: () => void): void {
    if (this.#isGone()) work();
    else this.#response.once("close", work);
  }

  end(): void {
    this.#entry.end();
  }

  #isGone(): boolean {
    return this.#response.closed || this.#response.destroyed || this.#response.socket?.destroyed !== false;
  }

  #signature(): Signature {
    return { apiVersions: this.#apiVersions, milliseconds: this.#clock.milliseconds() };
  }
}
