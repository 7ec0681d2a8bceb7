import { resolve } from "node:path";
import { OrchSyncError, PermissionError, PlanRefusedError, UsageError } from "../../core/errors.ts";
import { hasId, hasPendingChanges, isRefused, type Plan } from "../../core/plan.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Shard } from "../../core/shard.ts";
import { cleanLine } from "../../core/text.ts";
import { wayAround } from "../../core/refusal.ts";
import type { ApplyReport } from "../../core/report.ts";
import type { ApplyInput } from "../../workflow/apply/apply.ts";
import { assumedStarts } from "../../kinds/lease/ledger.ts";
import { applyUnderLease, defaultLockTimeout } from "../../workflow/apply/lease/under-lease.ts";
import type { OnError } from "../../workflow/apply/halt.ts";
import { readOutputs } from "../../workflow/apply/outputs.ts";
import { notApplied } from "../../workflow/apply/not-applied.ts";
import type { Journal } from "../../workflow/apply/journal.ts";
import type { Earlier } from "../../workflow/apply/journals.ts";
import { stamped } from "../../workflow/emit.ts";
import type { Conflict } from "../../workflow/saved/compare.ts";
import { PrivateFile } from "../../workflow/files/private-file.ts";
import { verifyPrice } from "../../workflow/apply/verify-price.ts";
import { lacksPermission } from "../../workflow/permission.ts";
import { outcomeFindings, planFindings } from "../../views/ci/findings.ts";
import { planHtml } from "../../views/html/plan.ts";
import { reportHtml } from "../../views/html/report.ts";
import { planView } from "../../views/human/plan.ts";
import { callsText } from "../../views/human/price.ts";
import { reportView } from "../../views/human/report.ts";
import { reportJson } from "../../views/json/report.ts";
import { jsonText } from "../../views/json/text.ts";
import { reportJunit } from "../../views/junit/report.ts";
import type { Limit } from "../../views/markdown/limit.ts";
import { planMarkdown } from "../../views/markdown/plan.ts";
import { reportMarkdown } from "../../views/markdown/report.ts";
import { annotate, artifactText, ciOf, type Ci } from "../ci.ts";
import { openEvents, type Events } from "../events.ts";
import { applyDisplay, planDisplay, shown } from "../display.ts";
import { exitCodeOfReport, type ExitCode } from "../exit-codes.ts";
import { FailedRowsFile } from "../failed-rows.ts";
import { Interruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import { closeEarlier, journalPlace, nothingLeft, openJournal, settleEarlier, type JournalPlace } from "../journal.ts";
import type { TenantOptions } from "../options.ts";
import { Owed } from "../owed.ts";
import { openProject, type Project } from "../project.ts";
import { Reports } from "../reports.ts";
import { planProject } from "../run.ts";
import { openResumed, takeUp, type Resumed } from "../resume.ts";
import { conflictLines, openSaved, planSavedAgain, type Saved } from "../saved.ts";
import { runnerOf } from "../runner.ts";
import { styleOf } from "../screen.ts";
import { openTarget, type OpenTarget } from "../target.ts";

export interface ApplyCommandOptions extends TenantOptions {
  readonly output: "human" | "json" | "ndjson" | "markdown";
  readonly autoApprove?: boolean;
  /** Milliseconds. */
  readonly lockTimeout?: number;
  readonly onError: OnError;
  /** A saved plan. */
  readonly plan?: string;
  /** Milliseconds. */
  readonly maxAge?: number;
  /** A plan's id, or its beginning. */
  readonly expect?: string;
  readonly outputs?: string;
  readonly failedRows?: string;
  readonly verify?: "all";
  readonly resume?: boolean;
}

/** Plans or reads a saved plan, shows, asks, carries out, reports. */
export async function apply(paths: readonly string[], options: ApplyCommandOptions, io: Io): Promise<ExitCode> {
  if (options.autoApprove !== true && !io.hasTerminal) {
    throw new UsageError("there is no terminal to ask at", {
      hint: "review the plan first (orch-sync plan), then run apply with --auto-approve",
    });
  }
  using reports = new Reports(options.report, ["json", "ndjson", "markdown", "html", "junit"], io);
  const resumed = await openResumed(paths, options, io);
  const saved = await openSaved(paths, options, io);
  const project = resumed ?? saved ?? (await openProject(paths, options, io, reports));
  // A display that redraws holds other text back until it ends, so the notice goes through it while there is one.
  const notice = { show: (text: string): void => io.stderr.write(`\n${text}\n`) };
  using interruption = new Interruption(io, { timeout: options.timeout, onDrain: (text) => notice.show(text) });
  reports.open(); // what cannot be written is known before anything is
  using outputs = options.outputs === undefined ? undefined : outputsFile(options.outputs, io);
  using failedRows = FailedRowsFile.open(options.failedRows, options.report, io);
  await using target = await openTarget(project.target, options, io);
  const ci = ciOf(io, options);
  const journals = journalPlace(project.target, project.home, io);
  const events = openEvents(options.output, reports, io);
  const files = { reports, failedRows, outputs };
  const session = { project, target, options, io, interruption, notice, ...files, ci, journals, events };
  return await events.during(() => planAndCarryOut(session)); // the target stays open until then
}

async function planAndCarryOut(begun: Omit<Session, "earlier">): Promise<ExitCode> {
  const { options, io, interruption, reports, ci, journals, failedRows, events } = begun;
  const resumed = "apply" in begun.project ? begun.project : undefined;
  // Whoever resumes waits where it matters: for each write that was open.
  const earlier =
    resumed === undefined
      ? await interruption.during(settleEarlier(journals, io, interruption.draining, shardOfWork(begun.project)))
      : nothingLeft;
  const session = { ...begun, earlier };
  const made = await planOf(session);
  const { plan } = made;
  if (options.verify === "all") tellVerifyPrice(plan, io);
  annotate(planFindings(plan), ci, io);
  await orNotApplied(plan, session, () => permit(made, session));
  const report = await orNotApplied(plan, session, () => carryOut(made, session));
  events.end(report);
  const texts = textsOf(report, plan, session);
  const exitCode = exitCodeOfReport(report);
  tell(report, plan, texts, exitCode, session);
  const owed = new Owed(exitCode, io);
  await owed.give(() => {
    const rows = failedRows?.write(plan, report);
    if (rows !== undefined) (options.output === "human" ? io.stdout : io.stderr).write(`${rows}\n`);
  });
  annotate(outcomeFindings(report.outcomes), ci, io);
  publish(texts, session);
  await owed.give(async () => writeOutputs(plan, report, session));
  return reports.exitCode(owed.exitCode);
}

function shardOfWork(project: Session["project"]): Shard | undefined {
  return "plan" in project ? project.plan.target.shard : project.shard;
}

async function writeOutputs(plan: Plan, report: ApplyReport, session: Session): Promise<void> {
  const { outputs, target, interruption } = session;
  if (outputs === undefined) return;
  const text = jsonText(await readOutputs(plan, report, target.reader, interruption.stopping));
  orNotWritten(session.options.outputs ?? "", () => {
    outputs.write(text);
    outputs.finish();
  });
}

/** What is to be done, and of a saved plan what needs no write any more, or cannot be done as it was reviewed. */
interface Made {
  readonly plan: Plan;
  readonly settled: readonly Outcome[];
  readonly conflicts: readonly Conflict[];
  /** Why nothing may be done at all. */
  readonly refusal?: PlanRefusedError;
}

async function planOf(session: Session): Promise<Made> {
  const { project, options, io } = session;
  if ("resources" in project) return planNow(project, session);
  if (!("apply" in project)) return planSaved(project, session);
  const { plan } = project;
  show(plan, options, io);
  return { plan, settled: [], conflicts: [] };
}

async function planNow(project: Project, session: Session): Promise<Made> {
  const { events, interruption, io, options } = session;
  const plan = await shown(events.beside(await planDisplay(io, options)), (receive) =>
    interruption.during(planProject({ ...session, project, receive, signal: interruption.draining })),
  );
  show(plan, options, io);
  return { plan, settled: [], conflicts: [] };
}

/** Shown as it was reviewed, then planned again. */
async function planSaved(saved: Saved, session: Session): Promise<Made> {
  const { io, options, interruption, events } = session;
  const { plan } = saved;
  show(plan, options, io);
  const nothing = { plan, settled: [], conflicts: [] };
  if (plan.summary.blocked > 0 || !hasId(plan, options.expect)) return nothing; // and permit says why
  try {
    const { notes, ...made } = await shown(events.beside(await planDisplay(io, options)), (receive) =>
      interruption.during(planSavedAgain({ ...session, saved, receive, signal: interruption.draining })),
    );
    for (const note of notes) io.stderr.write(`note: ${cleanLine(note)}\n`);
    io.stderr.write(conflictLines(made.conflicts));
    return made;
  } catch (error) {
    if (error instanceof PlanRefusedError) return { ...nothing, refusal: error };
    throw error;
  }
}

/** Known before anything is written to the tenant. @throws OrchSyncError */
function outputsFile(name: string, io: Io): PrivateFile {
  return orNotWritten(name, () => new PrivateFile(resolve(io.cwd, name)));
}

function orNotWritten<T>(name: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new OrchSyncError(`cannot write --outputs ${cleanLine(name)}`, { cause: error });
  }
}

function refusal(plan: Plan): PlanRefusedError {
  const around = wayAround(plan);
  const hint = around && `fix what is blocked, or ${around.words}: ${around.flags}`;
  return new PlanRefusedError("the plan is refused: nothing was written", { hint });
}

interface Session {
  readonly project: Project | Saved | Resumed;
  readonly target: OpenTarget;
  readonly options: ApplyCommandOptions;
  readonly io: Io;
  readonly interruption: Interruption;
  readonly notice: { show: (text: string) => void };
  readonly reports: Reports;
  readonly ci: Ci | undefined;
  readonly events: Events;
  readonly failedRows: FailedRowsFile | undefined;
  readonly outputs: PrivateFile | undefined;
  readonly journals: JournalPlace | undefined;
  /** What earlier applies have left behind. */
  readonly earlier: Earlier;
}

/** With another output than the human one stdout is the report alone, so the plan goes to stderr. */
function show(plan: Plan, options: ApplyCommandOptions, io: Io): void {
  const output = options.output === "human" ? io.stdout : io.stderr;
  if (options.quiet === true && options.autoApprove === true && !isRefused(plan)) return;
  output.write(planView(plan, { ...styleOf(output, io, options), verbose: options.verbose ?? false }));
}

/** What is read besides is told before anybody agrees to it. */
function tellVerifyPrice(plan: Plan, io: Io): void {
  const price = callsText(verifyPrice(plan), plan.price.listCallsPerMinute);
  io.stderr.write(`--verify all reads every key again at the end: about ${price}.\n`);
}

/** What throws has written nothing to the tenant; what the run owes its readers is written then. */
async function orNotApplied<T>(plan: Plan, session: Session, run: () => Promise<T>): Promise<T> {
  const { options, io } = session;
  try {
    return await run();
  } catch (error) {
    const note = error instanceof OrchSyncError ? error.message : "the apply did not begin";
    const report = notApplied(plan, note, io.clock.now());
    session.events.end(report);
    const texts = textsOf(report, plan, session);
    if (options.output === "json" || options.output === "markdown") io.stdout.write(texts[options.output]());
    publish(texts, session);
    throw error;
  }
}

function unexpected({ id }: Plan, expected: string = ""): PlanRefusedError {
  return new PlanRefusedError(`the plan has the id ${id}, and --expect says ${expected}: it is not the one reviewed`, {
    hint: "review it, then give its id",
  });
}

function stale({ length }: readonly Conflict[]): PlanRefusedError {
  const what = length === 1 ? "1 change of the plan is" : `${length.toLocaleString("en")} changes of the plan are`;
  return new PlanRefusedError(`${what} no longer possible as reviewed: nothing was written`, {
    hint: "plan and review again",
  });
}

/** @throws OrchSyncError when the plan may not be carried out. */
async function permit({ plan, conflicts, refusal: why }: Made, session: Session): Promise<void> {
  if (why !== undefined) throw why;
  const { expect } = session.options;
  if (!hasId(plan, expect)) throw unexpected(plan, expect);
  if (conflicts.length > 0) throw stale(conflicts);
  if (lacksPermission(plan)) throw new PermissionError("the account lacks a permission: nothing was written");
  if (isRefused(plan)) throw refusal(plan);
  const entersStarts = session.project.target.lease?.ledger === true && assumedStarts(plan.resources).length > 0;
  if (hasPendingChanges(plan.summary) || entersStarts) await approve(session);
}

async function approve({ options, io, interruption }: Session): Promise<void> {
  if (options.autoApprove === true) return;
  const approved = await io.confirm("\nApply this plan? Type yes to apply: ", interruption.draining);
  await interruption.during(
    interruption.draining.aborted ? Promise.reject(new Error("at the prompt")) : Promise.resolve(),
  );
  if (!approved) throw new PlanRefusedError("declined: nothing was written");
}

async function carryOut(made: Made, session: Session): Promise<ApplyReport> {
  const { io, journals, earlier } = session;
  const journal = await journalFor(made.plan, session);
  try {
    const report = await carryOutWith(journal, made, session);
    await closeEarlier(journals, earlier, journal, io);
    return report;
  } catch (error) {
    await journal?.abandon();
    throw error;
  }
}

/** That of the apply that is resumed, or a new one; none where nothing will be sent. */
async function journalFor(plan: Plan, { project, target, journals, io }: Session): Promise<Journal | undefined> {
  if ("apply" in project) return takeUp(project, target.planUrl, io);
  if (!hasPendingChanges(plan.summary)) return undefined;
  return openJournal(journals, plan, project.target.timing.settle, "resources" in project, io);
}

async function carryOutWith(
  journal: Journal | undefined,
  { plan, settled }: Made,
  session: Session,
): Promise<ApplyReport> {
  const { project, target, options, io, interruption, notice } = session;
  const assumed = assumedStarts(plan.resources);
  const display = await applyDisplay(plan, io, options, assumed.length > 0);
  return shown(session.events.beside(display), (receive) => {
    const emit = stamped(io.clock, receive);
    notice.show = (text) => emit({ type: "interrupted", text });
    const { timing, lease } = project.target;
    const input: ApplyInput = {
      plan,
      settled,
      reader: target.reader,
      clock: io.clock,
      timing,
      parallelism: options.parallelism,
      onError: options.onError,
      verify: options.verify ?? "open",
      ...(journal === undefined ? {} : { journal }),
      emit,
      draining: interruption.draining,
      signal: interruption.stopping,
    };
    const { lockTimeout = defaultLockTimeout } = options;
    const under = lease && { settings: lease, runner: runnerOf(io), request: timing.request, lockTimeout, assumed };
    return applyUnderLease(input, under);
  });
}

function tell(report: ApplyReport, plan: Plan, texts: Texts, exitCode: ExitCode, { options, io }: Session): void {
  if (options.output === "json" || options.output === "markdown") {
    io.stdout.write(texts[options.output]());
  } else if (options.output === "human" && (hasPendingChanges(plan.summary) || report.outcomes.length > 0)) {
    (io.stderr.isTerminal ? io.stderr : io.stdout).write("\n"); // the plan or progress stands right above
    const { verbose = false } = options;
    io.stdout.write(reportView(report, { ...styleOf(io.stdout, io, options), verbose, exitCode }));
  }
}

/** What an apply is written as besides the human view, each made when it is asked for. */
interface Texts {
  readonly json: () => string;
  readonly markdown: (limit?: Limit) => string;
  readonly html: () => string;
  readonly junit: () => string;
}

function textsOf(report: ApplyReport, plan: Plan, { reports, options, ci }: Session): Texts {
  const { verbose = false } = options;
  const artifact = artifactText(reports.nameOf("html", "json", "junit"), ci);
  return {
    json: () => jsonText(reportJson(report)),
    // Of a refused plan nothing was done: readers want to know why.
    markdown: (limit) =>
      isRefused(plan) ? planMarkdown(plan, { verbose, limit }) : reportMarkdown(report, { artifact, limit }),
    html: () => (isRefused(plan) ? planHtml(plan, { verbose }) : reportHtml(report)),
    junit: () => reportJunit(report, plan),
  };
}

function publish(texts: Texts, { reports, ci }: Session): void {
  ci?.summarize?.(texts.markdown, "orch-sync-apply");
  reports.write(texts);
}
