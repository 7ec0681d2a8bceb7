import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FaultRule } from "../../src/emulator/index.ts";
import type {
  ApplyRecord,
  Evidence,
  Json,
  PlanDocument,
  ReportDocument,
  SentCall,
  Snapshot,
} from "../checker/evidence.ts";
import { isLeft, patience, type RunResult } from "./run.ts";
import { Random } from "./random.ts";
import { scenarioOf, type Attempt, type Scenario } from "./scenario.ts";

const bin = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));
/** Compiled once for all runs of the command. */
const compileCache = { NODE_COMPILE_CACHE: fileURLToPath(new URL("../../reports/compile-cache", import.meta.url)) };

/** A simulated minute is a fraction of a second here, or a run would take hours. */
const haste = 300;
const settle = 1500;
/**
 * The server's log says when a call came, and the rule is about when it was sent: on a busy machine the first of two came
 * up to 28 ms later than it left, and the second at once.
 */
const handover = 100;
const target = "timing: { request: 700ms, settle: 1500ms, poll: 50ms }";
const guards = "guards: { maxDeletes: 1000, maxStops: 1000, maxStarts: 1000 }"; // retries count as starts

/**
 * One run with the built command, real sockets, an emulator in a process of its own, and `kill -9`. The seed decides
 * what is wanted, what goes wrong and when it is killed; what comes of it depends on the machine as well.
 */
export async function runProcesses(seed: string): Promise<RunResult> {
  const random = new Random(seed);
  const drawn = scenarioOf(random.fork("scenario"));
  const { second: _second, ...scenario } = drawn;
  const alone = { ...scenario, robots: 0, people: 0, lease: false, journal: true, broken: drawn.broken.filter(isOwn) };
  const folder = mkdtempSync(join(tmpdir(), "orch-sync-chaos-"));
  const emulator = await startServer(folder, alone);
  try {
    return await new Run(alone, folder, emulator, random.fork("run")).result();
  } finally {
    emulator.process.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What depends on others is left out here. */
function isOwn(name: string): boolean {
  return !name.startsWith("two applies");
}

interface Server {
  readonly url: string;
  readonly token: string;
  readonly process: ChildProcess;
}

async function startServer(folder: string, { tenant, edition }: Scenario): Promise<Server> {
  const file = join(folder, "tenant.yaml");
  if (!existsSync(bin)) throw new Error("there is no built command: npm run build");
  writeFileSync(file, JSON.stringify(hurried(tenant)));
  const child = spawn(process.execPath, [bin, "emulator", "--tenant", file, "--edition", edition, "--json"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.once("error", reject).once("exit", () => reject(new Error("the emulator does not start")));
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
  });
  return { ...(JSON.parse(line) as { readonly url: string; readonly token: string }), process: child };
}

/** A line of the request log. */
type LoggedCall = Omit<SentCall, "by" | "heard" | "sentAt"> & { readonly folder: Json };

/**
 * Whether an answer was heard only the client knows. One without a fault mostly was, and so was one in which a fault
 * refuses: those come in full. Others may have been cut.
 */
export function wasHeard({ fault, status }: Pick<SentCall, "fault" | "status">): boolean {
  return fault === null ? status > 0 : status >= 400 && status < 500;
}

class Run {
  readonly #scenario: Scenario;
  readonly #folder: string;
  readonly #server: Server;
  readonly #random: Random;
  readonly #log: string[] = [];
  readonly #applies: ApplyRecord[] = [];
  /** From which request on each apply was at work. */
  readonly #since: { readonly seq: number; readonly by: string }[] = [];
  #kills = 0;

  constructor(scenario: Scenario, folder: string, server: Server, random: Random) {
    this.#scenario = scenario;
    this.#folder = folder;
    this.#server = server;
    this.#random = random;
  }

  async result(): Promise<RunResult> {
    const { wanted, attempts, faults, broken } = this.#scenario;
    this.#writeProject();
    const before = await this.#snapshot();
    const rules = faults.map((rule) => hurried(rule) as FaultRule);
    const document = { apiVersion: "orch-sync/v1", kind: "Faults", spec: { rules } };
    await this.#control("PUT", "faults", document);
    let last: string = "well";
    for (const attempt of attempts) last = await this.#attempt(attempt, last);
    const { value: counts } = (await this.#control("GET", "faults")) as {
      readonly value: readonly { readonly name: string; readonly hits: number }[];
    };
    await this.#control("DELETE", "faults");
    await pause(settle + (broken.length > 0 ? 3500 : 0)); // the latest of late writes has come
    const end = await this.#converge();
    const after = await this.#snapshot();
    const calls = await this.#calls();
    const evidence: Evidence = {
      settle: settle - handover,
      wanted,
      before,
      after,
      calls,
      applies: this.#applies,
      ...end,
      broken,
      touched: [],
    };
    const hits = Object.fromEntries(counts.map(({ name, hits: count }) => [name, count]));
    return { scenario: this.#scenario, evidence, log: this.#log, hits, kills: this.#kills };
  }

  #writeProject(): void {
    const { url } = this.#server;
    const config = [
      "apiVersion: orch-sync/v1",
      "kind: Config",
      "manifests: [manifests.yaml]",
      "defaultTarget: chaos",
      `targets: { chaos: { url: "${url}", folder: Finance, auth: { type: token, token: "\${env:TOKEN}" }, ${target}, ${guards} } }`,
    ];
    writeFileSync(join(this.#folder, "orch-sync.yaml"), config.join("\n"));
    // What a manifest waits for of its own, it waits for on a real clock here.
    const manifests = this.#scenario.manifests.replaceAll(/"(backoff|escalateAfter)":\s*"[^"]*"/g, '"$1": "1s"');
    writeFileSync(join(this.#folder, "manifests.yaml"), manifests);
  }

  async #attempt({ after, resume, killed }: Attempt, before: string): Promise<string> {
    const isResumed = before === "killed" && resume !== undefined;
    if (this.#applies.length > 0) await pause((isResumed ? resume : after) / haste);
    const calls = killed === undefined ? undefined : this.#random.int(1, 14);
    const ended = await this.#apply(isResumed ? ["apply", "--resume"] : ["apply"], calls);
    return ended === "nothing to resume" ? this.#apply(["apply"], calls) : ended;
  }

  /** `calls`: it is killed soon after so many have arrived. */
  async #apply(args: readonly string[], calls?: number): Promise<string> {
    const name = `apply ${this.#applies.length + 1}`;
    const seq = (await this.#requests()).length;
    const isResumed = args.includes("--resume");
    const by = [...(isResumed ? (this.#applies.at(-1)?.by ?? []) : []), name];
    this.#since.push({ seq, by: name });
    const child = this.#command([...args, "--auto-approve", "-o", "json"]);
    const late = this.#random.int(0, 40);
    if (calls !== undefined) void this.#killAfter(child.process, seq + calls, late);
    const { stdout, stderr, killed } = await child.ended;
    this.#log.push(`${name} ${args.join(" ")}${killed ? " is killed" : ""}`, stderr);
    if (killed) this.#kills += 1;
    if (isResumed && stderr.includes("no apply of this target to resume")) return "nothing to resume";
    const report = killed ? undefined : reportOf(stdout);
    this.#applies.push({ name, by, ...(report === undefined ? {} : { report }) });
    return killed ? "killed" : "well";
  }

  #command(args: readonly string[]): {
    readonly process: ChildProcess;
    readonly ended: Promise<Ended>;
  } {
    const env = { PATH: process.env["PATH"] ?? "", TOKEN: this.#server.token, ...compileCache };
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: this.#folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const texts = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.stderr += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ ...texts, end: code ?? signal, killed: signal === "SIGKILL" }));
    });
    return { process: child, ended };
  }

  async #killAfter(child: ChildProcess, calls: number, late: number): Promise<void> {
    while (child.exitCode === null && child.signalCode === null) {
      if ((await this.#requests()).length >= calls) {
        await pause(late);
        child.kill("SIGKILL");
        return;
      }
      await pause(5);
    }
  }

  async #converge(): Promise<Pick<Evidence, "converged" | "last">> {
    const { wanted } = this.#scenario;
    let last: PlanDocument | undefined;
    for (let times = 0; times < patience; times++) {
      const command = ["plan", "-o", "json"];
      const ended = await this.#command(command).ended;
      this.#log.push("plan", ended.stderr);
      last = planOf(command, ended);
      if (!last.resources.some(({ changes }) => changes.some((line) => isLeft(line, wanted)))) {
        return { last, converged: true };
      }
      await this.#apply(["apply"]);
      await pause(settle);
    }
    return { ...(last === undefined ? {} : { last }), converged: false };
  }

  async #calls(): Promise<SentCall[]> {
    return (await this.#requests(true)).map((call) => {
      const by = this.#since.findLast(({ seq }) => call.seq > seq)?.by ?? "checker";
      const isOurs = !Object.hasOwn(call.folder, "x-uipath-folderpath");
      const at = { by: isOurs ? by : "checker", heard: wasHeard(call), sentAt: Date.parse(call.time) };
      return Object.assign({}, call, at);
    });
  }

  async #requests(bodies = false): Promise<readonly LoggedCall[]> {
    const answer = await this.#control("GET", `requests?bodies=${bodies}`);
    return (answer as { readonly value: readonly LoggedCall[] }).value;
  }

  async #control(method: string, name: string, body?: object): Promise<unknown> {
    const { url, token } = this.#server;
    const response = await fetch(`${url}/__emulator/${name}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${name}: ${text}`);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  }

  async #snapshot(): Promise<Snapshot> {
    const [items, jobs] = [await this.#list("QueueItems"), await this.#list("Jobs")];
    return { items, jobs, comments: await this.#list("QueueItemComments") };
  }

  async #list(set: string): Promise<Json[]> {
    const { url, token } = this.#server;
    const rows: Json[] = [];
    for (;;) {
      const response = await fetch(`${url}/odata/${set}?$orderby=Id&$top=100&$skip=${rows.length}`, {
        headers: { authorization: `Bearer ${token}`, "x-uipath-folderpath": "Finance" },
      });
      const { value } = (await response.json()) as { readonly value: Json[] };
      rows.push(...value);
      if (value.length < 100) return rows;
    }
  }
}

/** A command that is over; `end` is its exit code, or the signal that ended it. */
interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly end: number | string | null;
  readonly killed: boolean;
}

/** @throws Error that tells what became of the command, where it has printed no plan. */
function planOf(command: readonly string[], { stdout, stderr, end }: Omit<Ended, "killed">): PlanDocument {
  try {
    return JSON.parse(stdout) as PlanDocument;
  } catch (error) {
    const said = [stderr, stdout].map((text) => text.trim()).filter((text) => text !== "");
    throw new Error(`orch-sync ${command.join(" ")} printed no plan, and ended with ${end}\n${said.join("\n")}`, {
      cause: error,
    });
  }
}

function reportOf(stdout: string): ReportDocument | undefined {
  try {
    const value = JSON.parse(stdout) as Partial<ReportDocument>;
    return value.outcomes === undefined ? undefined : (value as ReportDocument);
  } catch {
    return undefined;
  }
}

/** Every duration in seconds or hours as milliseconds, so many times shorter; the clock is the machine's. */
function hurried(value: object): object {
  const text = JSON.stringify(value, (name, member: unknown) => (name === "clock" ? undefined : member));
  return JSON.parse(
    text.replaceAll(/"(\d+)s"/g, (_, seconds: string) => `"${Math.ceil((Number(seconds) * 1000) / haste)}ms"`),
  ) as object;
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
