import { isRecord } from "../../core/json.ts";
import type { ListedJob } from "../../core/listing.ts";
import type { PlanFolder } from "../../core/plan.ts";
import type { JsonWithSecrets } from "../../core/secret.ts";
import { isMissing } from "../../kinds/live.ts";
import { manifest, type ExportContext } from "./context.ts";
import { knownArguments } from "./secrets.ts";

/** Jobs that are looked at for the last of each process. */
const looked = 1000;

/** The last job of each process as a manifest that starts nothing: `run` is the reader's to change. */
export async function exportJobs(folder: PlanFolder, context: ExportContext): Promise<void> {
  const { reader, sink, signal } = context;
  const filter = { state: [], created: {}, started: {}, ended: {} };
  const { rows, more } = await reader.listJobs(folder, filter, looked, signal);
  const last = new Map<string, ListedJob>();
  for (const job of rows) if (!last.has(job.process)) last.set(job.process, job);
  if (more) sink.note(`folder ${folder.path}: processes without one of the newest ${looked} jobs are left out`);
  for (const [processName, { id }] of [...last].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const process = await reader.process(folder, { name: processName }, signal);
    if (isMissing(process)) {
      sink.note(`process ${processName}: it is gone, its jobs are left out`);
      continue;
    }
    // Lists of newer servers leave the arguments out.
    const job = await reader.jobs.byId(folder.id, id, signal);
    const given = argumentsOf(job?.inputArguments ?? null);
    const secret = knownArguments(context.known, process);
    const inputs = Object.entries(given).map(([name, value]): [string, JsonWithSecrets] => [
      name,
      secret.get(name) ?? value,
    ]);
    const name = context.nameOf("Job", folder, process.name);
    const spec = {
      process: process.name,
      run: "never",
      ...(inputs.length === 0 ? {} : { inputArguments: Object.fromEntries(inputs) }),
    };
    sink.document(manifest("Job", name, folder, spec), `job-${name}`);
  }
}

function argumentsOf(text: string | null): Readonly<Record<string, JsonWithSecrets>> {
  try {
    const parsed: unknown = JSON.parse(text ?? "{}");
    return isRecord(parsed) ? (parsed as Readonly<Record<string, JsonWithSecrets>>) : {};
  } catch {
    return {}; // what cannot be read cannot be started with either
  }
}
