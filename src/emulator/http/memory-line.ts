import type { Line } from "./line.ts";
import type { Wire } from "./replies.ts";

/** A client in the same process: what `fetch` would make of the socket is made here. */
export class MemoryLine implements Line {
  readonly #answer = Promise.withResolvers<Response>();
  readonly #signal: AbortSignal;
  #isOver = false;
  #whenGone: (() => void)[] = [];

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    if (signal.aborted) this.#leave();
    else signal.addEventListener("abort", this.#leave, { once: true });
  }

  /** Rejects as `fetch` does: when the connection ends, or with the signal's reason. */
  get answer(): Promise<Response> {
    return this.#answer.promise;
  }

  isGone(): boolean {
    return this.#isOver;
  }

  send({ status, headers, text }: Wire): void {
    const body = [204, 304].includes(status) ? null : text; // a Response of these takes none
    this.#answer.resolve(new Response(body, { status, headers: asTexts(headers) }));
    this.#end();
  }

  sendHalf({ status, headers, text }: Wire): void {
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.subarray(0, bytes.length / 2));
      },
      pull(controller) {
        controller.error(new TypeError("terminated", { cause: brokenBy("UND_ERR_SOCKET") }));
      },
    });
    this.#answer.resolve(new Response(body, { status, headers: asTexts(headers) }));
    this.#end();
  }

  close(): void {
    if (this.#isOver) return;
    this.#answer.reject(new TypeError("fetch failed", { cause: brokenBy("ECONNRESET") }));
    this.#end();
  }

  onGone(work: () => void): void {
    if (this.#isOver) work();
    else this.#whenGone.push(work);
  }

  readonly #leave = (): void => {
    if (this.#isOver) return;
    this.#answer.reject(this.#signal.reason);
    this.#end();
  };

  #end(): void {
    this.#isOver = true;
    this.#signal.removeEventListener("abort", this.#leave);
    const works = this.#whenGone;
    this.#whenGone = [];
    for (const work of works) work();
  }
}

function brokenBy(code: string): Error {
  return Object.assign(new Error("the other side closed the connection"), { code });
}

function asTexts(headers: Wire["headers"]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
