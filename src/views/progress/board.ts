import { DefaultRenderer, ListrTaskState, Spinner, type ListrTask, type ListrTaskObject } from "listr2";
import type { Schedule } from "./progress.ts";
import { waitingText } from "./words.ts";
import { rowTitle, type Row, type Rows, type RowState } from "./rows.ts";

type Task = ListrTaskObject<unknown, typeof TerminalRenderer>;

const states: Readonly<Record<RowState, ListrTaskState>> = {
  waiting: ListrTaskState.WAITING,
  running: ListrTaskState.STARTED,
  done: ListrTaskState.COMPLETED,
  failed: ListrTaskState.FAILED,
  skipped: ListrTaskState.SKIPPED,
  left: ListrTaskState.CANCELLED,
};

/** Carries rows over to listr2's tasks. All tasks run until the end; what they show is the rows' state, not theirs. */
export class Board {
  readonly #rows: Rows;
  readonly #now: () => number;
  readonly #shown = new Map<Task, Row>();
  readonly #ended = Promise.withResolvers<void>();
  #footer: Task | undefined;

  constructor(rows: Rows, now: () => number) {
    this.#rows = rows;
    this.#now = now;
  }

  /** A task for each row, and one below them that has no title until there is something to say. */
  tasks(): ListrTask<unknown, typeof TerminalRenderer>[] {
    const rows = this.#rows.all.map((row): ListrTask<unknown, typeof TerminalRenderer> => ({
      title: rowTitle(row, this.#now()),
      task: async (_context, { task }) => {
        this.#shown.set(task, row);
        this.draw();
        await this.#ended.promise;
      },
    }));
    return [
      ...rows,
      {
        task: async (_context, { task }) => {
          this.#footer = task;
          await this.#ended.promise;
        },
      },
    ];
  }

  /** Brings titles and states up to date; the renderer draws them with its next frame. */
  draw(): void {
    for (const [task, row] of this.#shown) {
      task.title = rowTitle(row, this.#now());
      task.state = states[row.state];
    }
    if (this.#footer === undefined) return;
    const below: { title?: string | undefined; state: ListrTaskState } = this.#footer; // without a title it is not drawn
    const { footer, wait } = this.#rows;
    const waiting = wait === undefined ? "" : waitingText(wait, this.#now());
    const texts = [footer, waiting].filter((text) => text !== "");
    below.title = texts.length === 0 ? undefined : texts.join("; ");
    below.state = footer === "" ? ListrTaskState.STARTED : ListrTaskState.CANCELLED;
  }

  /** What is still under way was left, not finished. */
  end(): void {
    for (const row of this.#rows.all) if (row.state === "running") row.state = "left";
    this.#rows.wait = undefined;
    this.draw();
    this.#ended.resolve();
  }
}

/** listr2 takes another renderer where stdout is no terminal; ours draws on stderr, and its caller has looked. */
export class TerminalRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

const frame = 100;

/** The frames' rhythm, by the caller's timer: the rows are brought up to date before each. */
export class Ticker extends Spinner {
  readonly #schedule: Schedule;
  readonly #beforeFrame: () => void;
  #cancel: (() => void) | undefined;

  constructor(schedule: Schedule, beforeFrame: () => void) {
    super();
    this.#schedule = schedule;
    this.#beforeFrame = beforeFrame;
  }

  override isRunning(): boolean {
    return this.#cancel !== undefined;
  }

  override start(drawFrame?: () => void): void {
    this.#cancel = this.#schedule(frame, () => {
      this.spin();
      this.#beforeFrame();
      drawFrame?.();
      this.start(drawFrame);
    });
  }

  override stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
