import type { Diagnostic } from "../core/diagnostic.ts";
import { longestTimer, readDuration } from "../core/duration.ts";
import type { Locate, Path } from "../core/locate.ts";
import type { LeaseSettings } from "./config.ts";
import type { EmbeddedTarget, RemoteTarget, TargetLease } from "./generated/config.ts";
import { timingOf } from "./timing.ts";

const defaultTtl = 600_000;

/** The lease as written, with its defaults. */
export function leaseOf(raw: TargetLease, targetFolder: string | undefined): LeaseSettings {
  const { queue, folder = targetFolder ?? "", name = "default", ledger = false } = raw;
  return { queue, folder, name, ttl: readDuration(raw.ttl ?? "") ?? defaultTtl, ledger };
}

/** What the schema cannot say of it: times that go together, and a folder that may stand elsewhere. */
export function leaseProblems(raw: EmbeddedTarget | RemoteTarget, path: Path, at: Locate): Diagnostic[] {
  const { lease } = raw;
  if (lease === undefined) return [];
  const { folder, ttl } = leaseOf(lease, raw.folder);
  const { request, settle } = timingOf(raw.timing ?? {}, "url" in raw ? raw.url : undefined);
  const [place, ttlPlace] = [
    at([...path, "lease"]),
    at([...path, "lease", ...(lease.ttl === undefined ? [] : ["ttl"])]),
  ];
  const problems: Diagnostic[] = [];
  if (folder === "") {
    const message = "lease has no folder, and the target has none either";
    problems.push({ code: "CF010", severity: "error", message, hint: "name the folder of its queue", source: place });
  }
  if (ttl > longestTimer) {
    const message = `lease.ttl is ${lease.ttl ?? ""}, at most 24d are allowed`;
    problems.push({ code: "CF008", severity: "error", message, source: ttlPlace });
  }
  // Renewed at a third of its life, it has two thirds left; no write is sent that it does not outlive.
  const least = Math.ceil((1.5 * (request + settle)) / 1000);
  if (ttl < least * 1000) {
    const message = `lease.ttl is ${lease.ttl ?? "10m"}, too short for timing.request and timing.settle`;
    problems.push({
      code: "CF011",
      severity: "error",
      message,
      hint: `at least ${least}s are needed`,
      source: ttlPlace,
    });
  }
  return problems;
}
