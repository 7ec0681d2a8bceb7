import type { Evidence, Json } from "./evidence.ts";
import { idOf, type Finding } from "./items.ts";
import { writesOf } from "./writes-of-runs.ts";

/** Runs that have more jobs than were wanted: started twice. */
export function runsTwice({ wanted, after }: Evidence): Finding[] {
  return wanted.runs.flatMap(({ name, jobs }) => {
    const ours = after.jobs.filter(({ Reference }) => String(Reference).startsWith(`${name}@`));
    return [...Map.groupBy(ours, ({ Reference }) => String(Reference))].flatMap(([key, found]) =>
      found.length <= jobs
        ? []
        : [
            {
              text: `${key} has ${found.length} jobs, ${jobs} wanted: ids ${found.map(idOf).join(", ")}`,
              ids: found.map(idOf),
            },
          ],
    );
  });
}

/** A run that is wanted once has one attempt: none of its jobs fails here, so nothing starts it again. */
export function runsAgain({ wanted, after }: Evidence): Finding[] {
  return wanted.runs
    .filter(({ run }) => run !== "always")
    .flatMap(({ name }) => {
      const ours = after.jobs.filter(({ Reference }) => String(Reference).startsWith(`${name}@`));
      const keys = [...new Set(ours.map(({ Reference }) => String(Reference)))];
      return keys.length <= 1 ? [] : [{ text: `${name} ran under ${keys.join(" and ")}`, ids: ours.map(idOf) }];
    });
}

export function runsLost({ wanted, after, applies }: Evidence): string[] {
  return wanted.runs
    .filter(
      ({ name, run }) =>
        run !== "always" && !after.jobs.some(({ Reference }) => String(Reference).startsWith(`${name}@`)),
    )
    .map(({ name }) => `${name} never ran in ${applies.length} applies`);
}

/** Only jobs of the selected process are asked to stop. */
export function foreignStops({ wanted, before, calls }: Evidence): string[] {
  const processes = new Map(before.jobs.map((job: Json) => [String(job["Id"]), job["ReleaseName"]]));
  return writesOf(calls)
    .filter(({ what }) => what === "stop")
    .flatMap(({ about, call }) =>
      about.filter((id) => processes.get(id) !== wanted.stops).map((id) => `${call.by} stopped job ${id}`),
    );
}
