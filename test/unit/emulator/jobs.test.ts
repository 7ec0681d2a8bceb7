import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../../src/emulator/index.ts";
import { sender, start, tenant, type Answer, type Send } from "./tenant.ts";

const smoke = "11111111-1111-4111-8111-111111111111";
const legacy = "22222222-2222-4222-8222-222222222222";
const jobs = "/odata/Jobs/UiPath.Server.Configuration.OData";

let emulator: Emulator;
let send: Send;
let classic: Send;

beforeEach(async () => {
  emulator = await start();
  send = sender(emulator);
  classic = sender(emulator, { "x-uipath-organizationunitid": "7" });
});

afterEach(async () => emulator.close());

const run = async (startInfo: object, by: Send = send): Promise<Answer> =>
  by("POST", `${jobs}.StartJobs`, { startInfo });
const dynamic = { ReleaseKey: smoke, Strategy: "ModernJobsCount", JobsCount: 1 };
const job = async (id: unknown): Promise<Answer["body"]> => (await send("GET", `/odata/Jobs(${String(id)})`)).body;

describe("starting", () => {
  test("gives as many pending jobs as asked for, with one batch key and the reference", async () => {
    const { status, body } = await run({
      ...dynamic,
      JobsCount: 2,
      Reference: "smoke@once",
      BatchExecutionKey: "AAAAAAAA-0000-4000-8000-000000000000",
      InputArguments: '{"age":33}',
    });
    expect(status).toBe(200);
    const expected = {
      State: "Pending",
      Reference: "smoke@once",
      BatchExecutionKey: "aaaaaaaa-0000-4000-8000-000000000000",
      InputArguments: '{"age":33}',
      ReleaseName: "Smoke",
    };
    expect(body.value).toMatchObject([expected, expected]);
    const filter = "BatchExecutionKey eq aaaaaaaa-0000-4000-8000-000000000000 and Reference eq 'smoke@once'";
    expect((await send("GET", `/odata/Jobs?$filter=${filter}`)).body["@odata.count"]).toBe(2);
  });

  test("quirk 34: a start needs no strategy, and takes zeros and an empty list beside one", async () => {
    expect((await run({ ReleaseKey: smoke })).body.value).toHaveLength(1);
    expect((await run({ ReleaseKey: smoke, RobotIds: [], JobsCount: 0, NoOfRobots: 0 })).body.value).toHaveLength(1);
    const specific = await run({ ReleaseKey: smoke, Strategy: "Specific", RobotIds: [21], JobsCount: 0 });
    expect(specific.body.value).toHaveLength(1);
  });

  test("classic strategies take the robots of the environment", async () => {
    const robots = async (strategy: object): Promise<readonly unknown[]> => {
      await run({ ReleaseKey: legacy, ...strategy }, classic);
      const { body } = await classic("GET", "/odata/Jobs?$expand=Robot&$orderby=Id desc&$top=9");
      emulator.clock.advance(60_000);
      return body.value
        .filter((row) => row["State"] === "Pending")
        .map((row) => (row["Robot"] as { Name: string } | null)?.Name);
    };
    expect(await robots({ Strategy: "All" })).toEqual(["bot-3", "bot-2"]);
    expect(await robots({ Strategy: "RobotCount", NoOfRobots: 1 })).toEqual(["bot-2"]);
    expect(await robots({ Strategy: "Specific", RobotIds: [23] })).toEqual(["bot-3"]);
    expect(await robots({ Strategy: "JobsCount", JobsCount: 3 })).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    ["All in a modern folder", { Strategy: "All" }, 400, "StrategyNotAvailableInModernFolder"],
    [
      "RobotCount in a modern folder",
      { Strategy: "RobotCount", NoOfRobots: 1 },
      400,
      "StrategyNotAvailableInModernFolder",
    ],
    ["no count", { Strategy: "ModernJobsCount", JobsCount: 0 }, 400, "JobsCount must be greater than 0"],
    ["no robots", { Strategy: "Specific" }, 400, "RobotIds must not be empty"],
    ["robots beside a count", { Strategy: "JobsCount", JobsCount: 1, RobotIds: [21] }, 400, "RobotIds must be empty"],
    ["a robot of another folder", { Strategy: "Specific", RobotIds: [22] }, 409, "InvalidStartJobRobotIds"],
    ["an unknown machine", { MachineRobots: [{ MachineId: 9, RobotId: 21 }] }, 404, "Machine does not exist"],
    ["an account of another folder", { MachineRobots: [{ RobotId: 22 }] }, 409, "InvalidStartJobRobotIds"],
    ["too many jobs", { Strategy: "JobsCount", JobsCount: 10_001 }, 409, "MaxNumberJobsAlreadyExist"],
    ["an unknown process", { ReleaseKey: legacy }, 404, "does not exist"],
    ["arguments that are no JSON", { InputArguments: "{" }, 400, "no JSON"],
    ["arguments that are no object", { InputArguments: "[]" }, 400, "must be a JSON object"],
    ["an unknown argument", { InputArguments: '{"Age":1}' }, 400, "no input argument 'Age'"],
    ["an argument of another type", { InputArguments: '{"age":"1"}' }, 400, "'age' is no System.Int32"],
    [
      "10,001 characters of arguments",
      { InputArguments: `{"who":"${"x".repeat(9991)}"}` },
      400,
      "maximum length of 10000",
    ],
    ["a long reference", { Reference: "x".repeat(129) }, 400, "maximum length of 128"],
    ["two priorities", { JobPriority: "High", SpecificPriorityValue: 80 }, 400, "cannot be set both"],
    ["a field of a later version", { EntryPointPath: "Main.xaml" }, 400, "startJobParameters must not be null"],
  ])("%s is refused", async (_name, change, status, message) => {
    const answer = await run({ ...dynamic, ...change });
    expect([answer.status, answer.body["message"]]).toEqual([status, expect.stringContaining(message)]);
    expect((await send("GET", "/odata/Jobs")).body["@odata.count"]).toBe(1);
  });

  test("10,000 characters of arguments are taken", async () => {
    expect((await run({ ...dynamic, InputArguments: `{"who":"${"x".repeat(9990)}"}` })).status).toBe(200);
  });

  test("ModernJobsCount is refused in a classic folder", async () => {
    const answer = await run({ ...dynamic, ReleaseKey: legacy }, classic);
    expect(answer.body["message"]).toContain("StrategyNotAvailableInClassicFolder");
  });

  test("a robot takes one pending job of a process", async () => {
    const specific = { ReleaseKey: smoke, Strategy: "Specific", RobotIds: [21] };
    await run(specific);
    const again = await run(specific);
    expect([again.status, again.body["errorCode"]]).toEqual([409, 1670]);
    emulator.clock.advance(1000);
    expect((await run(specific)).status).toBe(200);
  });

  test("an integer with leading zeros is read as octal", async () => {
    const { body } = await run({ ...dynamic, InputArguments: '{"age":0065,"who":"0065"}' });
    expect(body.value[0]?.["InputArguments"]).toBe('{"age":53,"who":"0065"}');
  });

  test("ValidateDynamicJob says so and starts nothing", async () => {
    const startInfo = { ReleaseKey: smoke, Strategy: "Specific", RobotIds: [22] };
    const { body } = await send("POST", `${jobs}.ValidateDynamicJob`, { startInfo });
    expect(body).toMatchObject({ IsValid: false, Errors: [expect.stringContaining("InvalidStartJobRobotIds")] });
    expect((await send("POST", `${jobs}.ValidateDynamicJob`, { startInfo: dynamic })).body["IsValid"]).toBe(true);
    expect((await send("GET", "/odata/Jobs")).body["@odata.count"]).toBe(1);
  });
});

describe("running", () => {
  test("goes from Pending over Running to the state of the rule, at the rule's times", async () => {
    const { body } = await run(dynamic);
    const id = body.value[0]?.["Id"];
    const states: unknown[] = [];
    for (const step of [999, 1, 9999, 1]) {
      emulator.clock.advance(step);
      states.push((await job(id))["State"]);
    }
    expect(states).toEqual(["Pending", "Running", "Running", "Successful"]);
    emulator.clock.advance(3_600_000);
    expect(await job(id)).toMatchObject({
      StartTime: "2026-01-01T00:00:01Z",
      EndTime: "2026-01-01T00:00:11Z",
      OutputArguments: '{"ok":true}',
      Info: "Job completed",
    });
    expect(
      (await send("GET", `/odata/Jobs?$filter=State eq 'Successful' and Id eq ${String(id)}`)).body.value,
    ).toHaveLength(1);
  });

  test("arguments choose the case of the rule", async () => {
    const { body } = await run({ ...dynamic, InputArguments: '{"age":7}' });
    emulator.clock.advance(60_000);
    expect(await job(body.value[0]?.["Id"])).toMatchObject({ State: "Faulted", Info: "Seven is not served." });
  });

  test("a job is found by its key", async () => {
    const { body } = await run(dynamic);
    const { Key: key, Id: id } = body.value[0] ?? {};
    expect((await send("GET", `${jobs}.GetByKey(identifier=${String(key)})`)).body["Id"]).toBe(id);
    expect((await send("GET", `${jobs}.GetByKey(identifier=${smoke})`)).status).toBe(404);
    expect((await classic("GET", `${jobs}.GetByKey(identifier=${String(key)})`)).status).toBe(404);
  });

  test("the start call may limit the time", async () => {
    const { body } = await run({ ...dynamic, StopProcessExpression: "4", KillProcessExpression: "1" });
    const id = body.value[0]?.["Id"];
    emulator.clock.advance(5000);
    expect((await job(id))["State"]).toBe("Stopping");
    emulator.clock.advance(1000);
    expect(await job(id)).toMatchObject({ State: "Stopped", EndTime: "2026-01-01T00:00:06Z" });
  });
});

test("the defaults of a process lie beneath the arguments of a start", async () => {
  const process = {
    name: "P",
    inputArguments: { mode: "test" },
    arguments: {
      input: [
        { name: "mode", required: true },
        { name: "month", required: true },
      ],
    },
    run: { cases: [{ when: { mode: "test", month: "May" }, state: "Faulted" }] },
  } as const;
  const spec = { clock: { mode: "manual" }, folders: [{ path: "A" }], processes: [process] } as const;
  await using other = await start({ tenant: { ...tenant, spec }, edition: "2023.4" });
  const by = sender(other, {});
  const key = (await by("GET", "/odata/Releases")).body.value[0]?.["Key"];
  expect((await run({ ReleaseKey: key }, by)).body["message"]).toContain("'month' is required");
  expect((await run({ ReleaseKey: key, InputArguments: '{"month":"May"}' }, by)).status).toBe(200);
  other.clock.advance(60_000);
  expect((await by("GET", "/odata/Jobs")).body.value).toMatchObject([
    { State: "Faulted", InputArguments: '{"month":"May"}' },
  ]);
});

describe("stopping", () => {
  const stop = async (jobIds: readonly unknown[], strategy: unknown): Promise<Answer> =>
    send("POST", `${jobs}.StopJobs`, { jobIds, strategy });

  test.each(["SoftStop", "1", 1])("%s lets a job take its time", async (strategy) => {
    const answer = await stop([201], strategy);
    expect([answer.status, answer.text]).toEqual([200, ""]);
    expect((await job(201))["State"]).toBe("Stopping");
    emulator.clock.advance(2000);
    expect((await stop([201], strategy)).status).toBe(200);
    expect((await job(201))["State"]).toBe("Stopping"); // asked again: no sooner and no later for that
    emulator.clock.advance(1000);
    expect((await job(201))["State"]).toBe("Stopped");
  });

  test.each(["Kill", "2", 2])("%s ends it at once", async (strategy) => {
    await stop([201], strategy);
    expect(await job(201)).toMatchObject({ State: "Stopped", EndTime: "2026-01-01T00:00:00Z" });
  });

  test("a pending job never starts", async () => {
    const { body } = await run(dynamic);
    const id = body.value[0]?.["Id"];
    await send("POST", `/odata/Jobs(${String(id)})/UiPath.Server.Configuration.OData.StopJob`, {
      strategy: "SoftStop",
    });
    expect(await job(id)).toMatchObject({ State: "Stopped", StartTime: null });
  });

  test("an unknown job or one that has ended refuses the whole call", async () => {
    expect((await stop([201, 999], "Kill")).status).toBe(404);
    expect((await job(201))["State"]).toBe("Running");
    await stop([201], "Kill");
    expect((await stop([201], "Kill")).status).toBe(409);
  });

  test("a strategy is required", async () => {
    expect((await stop([201], undefined)).body["message"]).toBe("strategy must not be null");
    expect((await stop([201], "0")).status).toBe(400);
  });
});
