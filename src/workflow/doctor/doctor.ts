import type { Check, CheckId, CheckUp, Finding } from "../../core/check-up.ts";
import type { Kind } from "../../core/resource.ts";
import { Once } from "../../orchestrator/read/names.ts";
import type { After, Examined } from "./examined.ts";
import { checkLease } from "./lease.ts";
import { checkConnection, checkName, checkProxy, checkTls } from "./network.ts";
import { checkPermissions } from "./permissions.ts";
import { probe } from "./probe.ts";
import { checkClock, checkFolder, checkQuota, checkToken, checkVersion } from "./server.ts";

/** One check, and those without which it cannot be made. */
interface Step {
  readonly id: CheckId;
  readonly kind?: Kind;
  readonly needs: readonly CheckId[];
  readonly run: (examined: Examined) => Promise<Finding | After>;
}

function stepsFor(kinds: readonly Kind[]): readonly Step[] {
  return [
    { id: "name", needs: [], run: checkName },
    { id: "proxy", needs: ["name"], run: checkProxy },
    { id: "connection", needs: ["proxy"], run: checkConnection },
    { id: "tls", needs: ["connection"], run: checkTls },
    { id: "token", needs: ["tls"], run: checkToken },
    { id: "version", needs: ["token"], run: checkVersion },
    { id: "folder", needs: ["version"], run: checkFolder },
    ...kinds.map((kind): Step => ({
      id: "permissions",
      kind,
      needs: ["folder"],
      run: (examined) => checkPermissions(kind, examined),
    })),
    { id: "clock", needs: ["tls"], run: checkClock },
    { id: "quota", needs: ["version"], run: checkQuota },
    { id: "lease", needs: ["version"], run: checkLease },
  ];
}

interface CheckUpInput extends Omit<Examined, "known"> {
  readonly planUrl: string;
  /** Also asks what no document tells; with a queue, by an item that is written there. */
  readonly probe?: { readonly queue?: string | undefined } | undefined;
}

/** Looks a target over, from its name on the network to its lease, by reading alone; a probe may write. */
export async function checkUp(input: CheckUpInput): Promise<CheckUp> {
  const { planUrl, target, kinds, now, probe: asked } = input;
  const examined: Examined = { ...input, known: { access: new Once() } };
  const checks: Check[] = [];
  let answers: CheckUp["probe"];
  const probing: Step = {
    id: "probe",
    needs: ["folder"],
    run: async () => {
      const probed = await probe(examined, asked?.queue);
      answers = probed.probe;
      return probed.finding;
    },
  };
  for (const { id, kind, needs, run } of [...stepsFor(kinds), ...(asked === undefined ? [] : [probing])]) {
    const missing = needs.find((need) => checks.some((check) => check.id === need && check.state !== "fine"));
    const found: Finding | After =
      missing === undefined ? await run(examined) : { state: "skipped", after: firstCause(missing, checks) };
    checks.push({ id, ...(kind === undefined ? {} : { kind }), ...found });
  }
  const about = { target: { name: target.name, url: planUrl }, at: now().toISOString() };
  return { ...about, checks, ...(answers === undefined ? {} : { probe: answers }) };
}

/** The check that failed itself: what was skipped for it is no reason. */
function firstCause(id: CheckId, checks: readonly Check[]): CheckId {
  const check = checks.find((one) => one.id === id);
  return check?.state === "skipped" ? check.after : id;
}
