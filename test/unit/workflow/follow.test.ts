import { describe, expect, it } from "vitest";
import { ApiError } from "../../../src/core/errors.ts";
import type { EventBody } from "../../../src/core/events.ts";
import type { RunProgress } from "../../../src/orchestrator/gateways/port.ts";
import { followRun, type Followed } from "../../../src/workflow/apply/follow.ts";
import { SkippingClock } from "../../support/clock.ts";

const key = { kind: "Job", folder: "Finance", name: "smoke" } as const;
const down = new ApiError("down", { kind: "network", call: "GET /odata/Jobs(1)", message: "reset" });
const ended: RunProgress = { type: "ended", ending: { status: "applied", ids: [1] } };
const running = (text = "running"): RunProgress => ({ type: "running", text });

interface Run {
  readonly followed: Followed;
  readonly steps: readonly string[];
  readonly slept: readonly number[];
}

/** Follows a run whose looks are scripted; the last one repeats. */
async function follow(looks: readonly (RunProgress | Error)[], timeout = 60_000, abortAt = Infinity): Promise<Run> {
  const clock = new SkippingClock();
  const abort = new AbortController();
  const events: EventBody[] = [];
  let index = 0;
  const look = (): Promise<RunProgress> => {
    if (index === abortAt) abort.abort();
    const next = looks[Math.min(index++, looks.length - 1)];
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next ?? ended);
  };
  const world = { clock, poll: 5000, emit: (event: EventBody) => events.push(event), signal: abort.signal };
  const followed = await followRun({ timeout, look }, key, world);
  return {
    followed,
    steps: events.flatMap((event) => (event.type === "step" ? [event.text] : [])),
    slept: clock.slept,
  };
}

describe("following a run", () => {
  it("looks once a poll until it has ended, and tells each change of state once", async () => {
    const { followed, steps, slept } = await follow([running("pending"), running(), running(), ended]);
    expect(followed).toEqual({ ending: { status: "applied", ids: [1] } });
    expect(steps).toEqual(["pending", "running"]);
    expect(slept).toEqual([5000, 5000, 5000]);
  });

  it("tells nothing of a run that was just started and has not begun: that it was started is told already", async () => {
    const pending: RunProgress = { type: "running", text: "job 7 Pending", isNew: true };
    expect((await follow([pending, pending, running(), ended])).steps).toEqual(["running"]);
    expect((await follow([pending], 5000)).followed).toEqual({ left: "timeout", text: "job 7 Pending" });
  });

  it("leaves the run alone when time is up", async () => {
    const { followed, slept } = await follow([running()], 12_000);
    expect(followed).toEqual({ left: "timeout", text: "running" });
    expect(slept).toEqual([5000, 5000, 2000]);
  });

  it("leaves the run alone when interrupted", async () => {
    expect((await follow([running()], 60_000, 1)).followed).toEqual({ left: "interrupted", text: "running" });
  });

  it("survives a server that is away for a while, not for good", async () => {
    expect((await follow([running(), down, down, down, down, running(), ended])).followed).toMatchObject({
      ending: { status: "applied" },
    });
    expect((await follow([running(), down])).followed).toMatchObject({
      left: "unreadable",
      text: "running",
    });
  });

  it("ends without a word about the run for a defect of ours, so that the report is not lost", async () => {
    expect((await follow([new TypeError("defect")])).followed).toMatchObject({
      left: "unreadable",
    });
  });
});
