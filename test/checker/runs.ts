import type { Evidence, Json } from "./evidence.ts";
import { idOf, type Finding } from "./items.ts";
import { writesOf, type Write } from "./writes-of-runs.ts";

/** Runs that have more jobs than were wanted: started twice. */
export function runsTwice({ wanted, after, calls }: Evidence): Finding[] {
  return wanted.runs.flatMap(({ name, jobs }) => {
    const ours = after.jobs.filter(({ Reference }) => String(Reference).startsWith(`${name}@`));
    return [...Map.groupBy(ours, ({ Reference }) => String(Reference))].flatMap(([key, found]) =>
      found.length <= jobs
        ? []
        : [
            {
              text: `${key} has ${found.length} jobs, ${jobs} wanted: ids ${found.map(idOf).join(", ")}`,
              ids: found.map(idOf),
              writes: startsOf(name, calls),
            },
          ],
    );
  });
}

/** A run that is wanted once has one attempt, or as many as its manifest allows where all of them fail. */
export function runsAgain({ wanted, after, calls }: Evidence): Finding[] {
  return wanted.runs
    .filter(({ run }) => run !== "always")
    .flatMap(({ name, attempts }) => {
      const ours = after.jobs.filter(({ Reference }) => String(Reference).startsWith(`${name}@`));
      const keys = [...new Set(ours.map(({ Reference }) => String(Reference)))];
      const text = `${name} ran under ${keys.join(" and ")}`;
      return keys.length <= attempts ? [] : [{ text, ids: ours.map(idOf), writes: startsOf(name, calls) }];
    });
}

function startsOf(name: string, calls: Evidence["calls"]): Write[] {
  return writesOf(calls).filter(
    ({ what, about }) => what === "start" && about.some((key) => key.startsWith(`${name}@`)),
  );
}

export function runsLost({ wanted, after, applies }: Evidence): string[] {
  return wanted.runs
    .filter(
      ({ name, run }) =>
        run !== "always" && !after.jobs.some(({ Reference }) => String(Reference).startsWith(`${name}@`)),
    )
    .map(({ name }) => `${name} never ran in ${applies.length} applies`);
}

/** Only jobs of the selected process are asked to stop, and those that a start may push aside. */
export function foreignStops({ wanted, after, calls }: Evidence): string[] {
  const processes = new Map(after.jobs.map((job: Json) => [String(job["Id"]), job["ReleaseName"]]));
  return writesOf(calls)
    .filter(({ what }) => what === "stop")
    .flatMap(({ about, call }) =>
      about.filter((id) => !isMeant(processes.get(id), wanted)).map((id) => `${call.by} stopped job ${id}`),
    );
}

function isMeant(process: unknown, { stops, crowded }: Evidence["wanted"]): boolean {
  return process === stops || crowded.some((name) => name === process);
}
