import { Listr, ListrLogger, ProcessOutput } from "listr2";
import type { Event } from "../../core/events.ts";
import { Board, TerminalRenderer, Ticker } from "./board.ts";
import type { Progress, TerminalOptions } from "./progress.ts";
import { icons, iconTones } from "./icons.ts";
import { rowsOf, singleRow } from "./rows.ts";

/** Redrawing costs more than its lines are worth, and nobody reads more of them at once. */
const mostRows = 20;

/** See `terminalProgress`, which loads this module. */
export function drawOnTerminal(stream: NodeJS.WriteStream, options: TerminalOptions): Progress {
  const { resources = [], now, schedule, color } = options;
  const planning = resources.length === 0;
  const many = resources.length > mostRows;
  const rows = planning || many ? singleRow(planning ? "comparing" : "applying", resources.length) : rowsOf(resources);
  const board = new Board(rows, now);
  const list = new Listr(board.tasks(), {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false, // signals are the run's business
    renderer: TerminalRenderer,
    rendererOptions: {
      icon: icons,
      color: iconTones(color),
      logger: new ListrLogger({ processOutput: new ProcessOutput(stream, stream) }),
      spinner: new Ticker(schedule, () => board.draw()),
      clearOutput: planning,
      formatOutput: "truncate",
    },
  });
  const finished = list.run();
  return {
    show: (event: Event) => rows.take(event),
    async stop() {
      board.end();
      await finished;
    },
  };
}
