/**
 * Judges an apply by what the server was sent. Shares no code with src/, so that it cannot share its mistakes: a plan
 * comes as the command prints it, requests as the emulator logged them.
 */

/** A line of the server's request log, its body included. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: string | null;
  /** The fault that hit it, with how often it was handled all the same. */
  readonly fault?: { readonly handled: readonly number[] } | null;
}

type Json = Readonly<Record<string, unknown>>;

interface PlanLine {
  readonly action: string;
  readonly key: { readonly kind: string; readonly name: string; readonly folder: string; readonly entry?: string };
  readonly before?: Json;
  readonly after?: Json;
}

/** `plan -o json`, as far as the checker needs it. */
export interface PlanDocument {
  readonly resources: readonly { readonly settings: Json; readonly changes: readonly PlanLine[] }[];
}

/** One thing that a write did, with everything that matters about it: `stop 7 Kill`, `reviewer 12 583`. */
type Effect = string;

/** Names alone, for tests that do not compare with a plan: `create INV-1`, `stop 7`. */
export function sentEffects(requests: readonly SentRequest[]): Effect[] {
  return effectsOf(requests).map((effect) =>
    effect
      .split(" ")
      .slice(0, effect.startsWith("review status") ? 3 : 2)
      .join(" "),
  );
}

/**
 * The differences between what a plan says and what was sent: `missing start x@once …`, `unplanned delete 7`. An
 * effect that was sent twice is unplanned the second time, and so is one with another value.
 */
export function judgeWrites(plan: PlanDocument, requests: readonly SentRequest[]): string[] {
  const open = plan.resources.flatMap(({ settings, changes }) => changes.flatMap((line) => expected(line, settings)));
  const allowed = plan.resources.flatMap(({ settings, changes }) =>
    changes.flatMap((line) => followUps(line, settings)),
  );
  const verdicts: string[] = [];
  const done = handled(requests).filter(({ status }) => status < 400);
  for (const effect of effectsOf(done)) {
    const index = open.findIndex((wanted) => wanted === effect || wanted === withoutNonce(effect));
    const followUp = index < 0 ? allowed.findIndex((one) => one === effect || one === withoutNonce(effect)) : -1;
    if (index >= 0) open.splice(index, 1);
    else if (followUp >= 0) allowed.splice(followUp, 1);
    else verdicts.push(`unplanned ${effect}`);
  }
  return [...verdicts, ...open.map((effect) => `missing ${effect}`)];
}

/** `run: always` keys are completed by the apply: 12 hex that the plan does not know yet. */
function withoutNonce(effect: Effect): Effect {
  return effect.replace(/^(start [^ ]*@)[0-9a-f]{12}(#\d+)? /, "$1$2 ");
}

/** What a line says may follow, once each: a kill of what does not stop, other attempts at a run. */
function followUps({ action, before, after = {} }: PlanLine, settings: Json): Effect[] {
  if (action === "stop" && settings["escalateAfter"] !== undefined) return [`stop ${String(before?.["id"])} Kill`];
  const retries = settings["retries"] as Json | undefined;
  if (action !== "start" || retries === undefined) return [];
  const [, base = "", first = "1"] = /^(.*?)(?:#(\d+))?$/.exec(String(after["runKey"])) ?? [];
  return Array.from({ length: Number(retries["limit"]) }, (_, more) => {
    return `start ${base}#${Number(first) + more + 1} ${startText(after)}`;
  });
}

function expected({ action, key, before, after = {} }: PlanLine, settings: Json): Effect[] {
  const id = String(before?.["id"]);
  switch (action) {
    case "create":
      return [`create ${String(after["reference"])} ${String(settings["queueName"])} ${itemText(after)}`];
    case "update":
      return [`update ${id} ${itemText(after)}`];
    case "delete":
      return [`delete ${id}`];
    case "stop":
      return [`stop ${id} ${String(strategyOf(settings))}`];
    case "start":
      return [`start ${String(after["runKey"])} ${startText(after)}`];
    case "assign":
      return [
        ...("reviewer" in after
          ? [`reviewer ${id} ${(after["reviewer"] as { id: number } | null)?.id ?? "none"}`]
          : []),
        ...("reviewStatus" in after ? [`review status ${id} ${String(after["reviewStatus"])}`] : []),
      ];
    case "wait":
    case "no-op":
      return [];
    default:
      throw new Error(`a plan that was applied has a line ${action} ${key.kind}/${key.name}`);
  }
}

/** Jobs that a start stops are asked, never killed. */
function strategyOf(settings: Json): unknown {
  return "strategy" in settings ? settings["strategy"] : "SoftStop";
}

/** Priority, dates and content. */
function itemText({ priority, deferDate, dueDate, riskSlaDate, content }: Json): string {
  return JSON.stringify([priority, time(deferDate), time(dueDate), time(riskSlaDate), sorted(content)]);
}

function startText({ releaseKey, strategy, inputArguments, ...rest }: Json): string {
  const { type, count, robotIds } = strategy as Json;
  return JSON.stringify([
    String(releaseKey).toLowerCase(),
    type,
    count ?? null,
    robotIds ?? null,
    inputArguments ?? null,
    ...["priority", "machines", "entryPoint", "environmentVariables", "stopAfter", "killAfter"].map(
      (name) => rest[name] ?? null,
    ),
  ]);
}

function time(value: unknown): number | null {
  return typeof value === "string" ? Date.parse(value) : null;
}

/** Members by name, type hints aside. */
function sorted(content: unknown): [string, unknown][] {
  const members = Object.entries((content ?? {}) as Json).filter(([name]) => !name.includes("@odata."));
  return members.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const writes: readonly { readonly call: RegExp; readonly effects: (body: Json, match: RegExpExecArray) => Effect[] }[] =
  [
    {
      call: /^POST .*\.AddQueueItem$/,
      effects: ({ itemData }) => [created(itemData as Json, String((itemData as Json)["Name"]))],
    },
    {
      call: /^POST .*\.BulkAddQueueItems$/,
      effects: ({ queueItems, queueName }) => (queueItems as Json[]).map((item) => created(item, String(queueName))),
    },
    { call: /^PUT .*\/QueueItems\((\d+)\)$/, effects: (body, [, id]) => [`update ${id} ${itemText(lowered(body))}`] },
    { call: /^POST .*\.DeleteBulk$/, effects: (body) => ids(body).map((id) => `delete ${id}`) },
    {
      call: /^POST .*\.SetItemReviewer$/,
      effects: (body) => ids(body).map((id) => `reviewer ${id} ${String(body["userId"])}`),
    },
    { call: /^POST .*\.UnsetItemReviewer$/, effects: (body) => ids(body).map((id) => `reviewer ${id} none`) },
    {
      call: /^POST .*\.SetItemReviewStatus$/,
      effects: (body) => ids(body).map((id) => `review status ${id} ${String(body["status"])}`),
    },
    { call: /^POST .*\.StartJobs$/, effects: ({ startInfo }) => [started(startInfo as Json)] },
    {
      call: /^POST .*\.StopJobs$/,
      effects: ({ jobIds, strategy }) => (jobIds as number[]).map((id) => `stop ${id} ${String(strategy)}`),
    },
  ];

/** The requests that the server has handled, each as often as it has: a fault may keep one away, or bring it twice. */
export function handled(requests: readonly SentRequest[]): SentRequest[] {
  return requests.flatMap(
    ({ fault, ...request }) => fault?.handled.map((status) => ({ ...request, status })) ?? [request],
  );
}

/** What the server was asked to change; a write that no row knows is an effect that nobody expects. */
function effectsOf(requests: readonly SentRequest[]): Effect[] {
  return requests.flatMap(({ method, path, body }) => {
    if (method === "GET" || path.endsWith("/connect/token")) return [];
    const call = `${method} ${path}`;
    for (const write of writes) {
      const match = write.call.exec(call);
      if (match !== null) return write.effects(JSON.parse(body ?? "{}") as Json, match);
    }
    return [call];
  });
}

function created(item: Json, queue: string): Effect {
  return `create ${String(item["Reference"])} ${queue} ${itemText(lowered(item))}`;
}

function started(info: Json): Effect {
  const count = info["JobsCount"] ?? info["NoOfRobots"];
  const strategy = { type: info["Strategy"], count, robotIds: info["RobotIds"] };
  const machines = info["MachineRobots"] as readonly Json[] | undefined;
  const plan = {
    releaseKey: info["ReleaseKey"],
    strategy,
    inputArguments: info["InputArguments"],
    priority: info["JobPriority"] ?? info["SpecificPriorityValue"],
    machines: machines?.map(({ MachineId, RobotId }) => ({ machineId: MachineId, robotId: RobotId })),
    entryPoint: info["EntryPointPath"],
    environmentVariables: info["EnvironmentVariables"],
    stopAfter: seconds(info["StopProcessExpression"]),
    killAfter: seconds(info["KillProcessExpression"]),
  };
  return `start ${String(info["Reference"])} ${startText(plan)}`;
}

function seconds(text: unknown): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** The wire's names as the plan's. */
function lowered(item: Json): Json {
  return {
    priority: item["Priority"],
    deferDate: item["DeferDate"],
    dueDate: item["DueDate"],
    riskSlaDate: item["RiskSlaDate"],
    content: item["SpecificContent"],
  };
}

function ids(body: Json): string[] {
  return (body["queueItems"] as { Id: number }[]).map(({ Id }) => String(Id));
}
