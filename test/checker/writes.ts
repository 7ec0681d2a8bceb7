/**
 * Judges an apply by what the server was sent. Shares no code with src/, so that it cannot share its mistakes: a plan
 * comes as the JSON that the command prints, requests as the emulator logged them.
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

interface PlanLine {
  readonly action: string;
  readonly key: { readonly kind: string; readonly name: string; readonly folder: string; readonly entry?: string };
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** `plan -o json`, as far as the checker needs it. */
export interface PlanDocument {
  readonly resources: readonly { readonly changes: readonly PlanLine[] }[];
}

/** One thing that a write did: `create INV-1`, `stop 7`, `reviewer 12`. */
type Effect = string;

/** Every effect of the plan's lines, as the API has to be asked for it. */
function expectedEffects(plan: PlanDocument): Effect[] {
  return plan.resources.flatMap(({ changes }) => changes.flatMap((line) => effectsOfLine(line)));
}

function effectsOfLine({ action, key, before, after }: PlanLine): Effect[] {
  const id = String(before?.["id"]);
  switch (action) {
    case "create":
      return [`create ${String(after?.["reference"])}`];
    case "update":
      return [`update ${id}`];
    case "delete":
      return [`delete ${id}`];
    case "stop":
      return [`stop ${id}`];
    case "start":
      return [`start ${String(after?.["runKey"])}`];
    case "assign":
      return [
        ...(after !== undefined && "reviewer" in after ? [`reviewer ${id}`] : []),
        ...(after !== undefined && "reviewStatus" in after ? [`review status ${id}`] : []),
      ];
    case "wait":
    case "no-op":
      return [];
    default:
      throw new Error(`a plan that was applied has a line ${action} ${key.kind}/${key.name}`);
  }
}

type Body = Readonly<Record<string, unknown>>;
const ids = (body: Body): string[] => (body["queueItems"] as { Id: number }[]).map(({ Id }) => String(Id));
const reference = (item: unknown): string => String((item as Body)["Reference"]);

const writes: readonly { readonly call: RegExp; readonly effects: (body: Body, match: RegExpExecArray) => Effect[] }[] =
  [
    { call: /^POST .*\.AddQueueItem$/, effects: (body) => [`create ${reference(body["itemData"])}`] },
    {
      call: /^POST .*\.BulkAddQueueItems$/,
      effects: (body) => (body["queueItems"] as unknown[]).map((item) => `create ${reference(item)}`),
    },
    { call: /^PUT .*\/QueueItems\((\d+)\)$/, effects: (_body, [, id]) => [`update ${id}`] },
    { call: /^POST .*\.DeleteBulk$/, effects: (body) => ids(body).map((id) => `delete ${id}`) },
    { call: /^POST .*\.(?:Set|Unset)ItemReviewer$/, effects: (body) => ids(body).map((id) => `reviewer ${id}`) },
    { call: /^POST .*\.SetItemReviewStatus$/, effects: (body) => ids(body).map((id) => `review status ${id}`) },
    {
      call: /^POST .*\.StartJobs$/,
      effects: (body) => [`start ${String((body["startInfo"] as Body)["Reference"])}`],
    },
    { call: /^POST .*\.StopJobs$/, effects: (body) => (body["jobIds"] as number[]).map((id) => `stop ${id}`) },
  ];

/** The requests that the server has handled, each as often as it has: a fault may keep one away, or bring it twice. */
export function handled(requests: readonly SentRequest[]): SentRequest[] {
  return requests.flatMap((request) => request.fault?.handled.map(() => request) ?? [request]);
}

/** What the server was asked to change; a write that no row knows is an effect of its own, and nobody expects it. */
export function sentEffects(requests: readonly SentRequest[]): Effect[] {
  return requests.flatMap(({ method, path, body }) => {
    if (method === "GET" || path.endsWith("/connect/token")) return [];
    const call = `${method} ${path}`;
    for (const write of writes) {
      const match = write.call.exec(call);
      if (match !== null) return write.effects(JSON.parse(body ?? "{}") as Body, match);
    }
    return [call];
  });
}

/** `run: always` keys are completed by the apply: 12 hex that the plan does not know yet. */
function withoutNonce(effect: Effect): Effect {
  return effect.replace(/^(start .*@)[0-9a-f]{12}$/, "$1");
}

/**
 * The differences between what a plan says and what was sent: `missing start x@once`, `unplanned delete 7`. An effect
 * that was sent twice is unplanned the second time.
 */
export function judgeWrites(plan: PlanDocument, requests: readonly SentRequest[]): string[] {
  const open = expectedEffects(plan);
  const verdicts: string[] = [];
  for (const effect of sentEffects(requests)) {
    const index = open.findIndex((wanted) => wanted === effect || wanted === withoutNonce(effect));
    if (index < 0) verdicts.push(`unplanned ${effect}`);
    else open.splice(index, 1);
  }
  return [...verdicts, ...open.map((effect) => `missing ${effect}`)];
}
