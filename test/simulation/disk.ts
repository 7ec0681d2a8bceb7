import type { DurableFile, DurableFolder } from "../../src/core/durable.ts";
import type { Machine } from "./machine.ts";
import type { Random } from "./random.ts";

interface Content {
  owner: Machine;
  text: string;
  /** How much of it a crash leaves for sure. */
  synced: number;
}

/** A disk that outlives the machines which use it, one after the other. */
export class Disk {
  readonly #files = new Map<string, Content>();
  readonly #locks = new Map<string, Machine>();

  /** After a crash of a machine: of what it had not synced, some may be there and some not. */
  crash(machine: Machine, random: Random): void {
    for (const content of this.#files.values()) {
      if (content.owner !== machine) continue;
      content.text = content.text.slice(
        0,
        random.chance(0.5) ? content.synced : random.int(content.synced, content.text.length),
      );
    }
  }

  /** The disk as one machine sees it: each access takes a moment, in which the machine can be killed. */
  of(machine: Machine, moment: () => Promise<void>): DurableFolder {
    const wait = async <T>(work: () => T): Promise<T> => {
      machine.waits(1);
      await machine.hold(moment());
      return work();
    };
    return {
      list: () => wait(() => [...this.#files.keys()]),
      lines: (name) => wait(() => linesOf(this.#files.get(name)?.text)),
      create: (name) =>
        wait(() => {
          if (this.#files.has(name)) throw systemError("EEXIST");
          const content = { owner: machine, text: "", synced: 0 };
          this.#files.set(name, content);
          return fileOf(content, wait);
        }),
      open: (name) =>
        wait(() => {
          const content = this.#files.get(name);
          if (content === undefined) throw systemError("ENOENT");
          content.owner = machine;
          return fileOf(content, wait);
        }),
      remove: (name) => wait(() => void this.#files.delete(name)),
      lock: (name) =>
        wait(() => {
          if (this.#locks.get(name)?.lives === true) return undefined;
          this.#locks.set(name, machine);
          return { release: () => wait(() => void this.#locks.delete(name)) };
        }),
    };
  }
}

function fileOf(content: Content, wait: <T>(work: () => T) => Promise<T>): DurableFile {
  return {
    append: (text) =>
      wait(() => {
        content.text += text;
      }),
    sync: () =>
      wait(() => {
        content.synced = content.text.length;
      }),
    close: () => wait(() => undefined),
  };
}

function linesOf(text: string | undefined): AsyncIterable<string> | undefined {
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return (async function* each() {
    yield* lines;
  })();
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
