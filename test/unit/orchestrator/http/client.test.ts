import { describe, expect, test } from "vitest";
import {
  ApiError,
  AuthError,
  CancelledError,
  NetworkError,
  RateLimitError,
  UsageError,
} from "../../../../src/core/errors.ts";
import type { Fault } from "../../../../src/core/fault.ts";
import { OrchestratorClient } from "../../../../src/orchestrator/http/client.ts";
import type { Waiting } from "../../../../src/core/waiting.ts";
import { amidGarbage } from "../../../support/garbage.ts";
import { clientFor, ManualClock, refused, serve, signal, type Reaction } from "../support.ts";

const ok = { json: { value: [] } } as const;
const credentials = {
  type: "clientCredentials",
  clientId: "id",
  clientSecret: "s3cr3t&+",
  scope: "OR.Jobs OR.Queues",
} as const;

describe("a read", () => {
  test("carries token, folder, tenant and user agent, and leaves the query as it is", async () => {
    await using server = await serve(() => ok);
    const client = clientFor(server.url, { tenantName: "Default" });
    await client.get("/odata/Jobs", { query: "$filter=Name%20eq%20%27a%2Bb%27", folder: 5, signal });
    const [call] = server.seen;
    expect(call?.rawQuery).toBe("$filter=Name%20eq%20%27a%2Bb%27");
    expect(call?.headers).toMatchObject({
      authorization: "Bearer t0",
      "x-uipath-organizationunitid": "5",
      "x-uipath-tenantname": "Default",
      "user-agent": "orch-sync/0.0.0-test",
      accept: "application/json",
    });
  });

  test.each([
    ["a closed connection", "close"],
    ["a cut body", "cut"],
    ["408", { status: 408 }],
    ["502", { status: 502 }],
    ["503", { status: 503 }],
    ["504", { status: 504 }],
  ] as const)("is tried again after %s", async (_, trouble) => {
    await using server = await serve((_call, index) => (index < 2 ? trouble : ok));
    const clock = new ManualClock();
    const client = clientFor(server.url, { clock });
    expect(await client.get("/odata/Folders", { signal })).toEqual({ value: [] });
    expect(server.seen).toHaveLength(3);
    expect(clock.sleeps).toEqual([500, 1000]);
    expect(client.spent()).toEqual({ calls: 3, listCalls: 0 });
  });

  test("waits as long as the server asks", async () => {
    const asked = ["3", "Sat, 21 Nov 2026 10:00:10 GMT"];
    await using server = await serve((_call, index) => {
      const after = asked[index];
      const headers = { date: "Sat, 21 Nov 2026 10:00:00 GMT" };
      return after === undefined ? ok : { status: 429, headers: { ...headers, "retry-after": after } };
    });
    const clock = new ManualClock();
    await clientFor(server.url, { clock, random: () => 0 }).get("/odata/Jobs", { signal });
    expect(clock.sleeps).toEqual([3000, 10_000]);
  });

  test("ends with a RateLimitError when the server goes on asking", async () => {
    await using server = await serve(() => ({ status: 429, headers: { "retry-after": "1" } }));
    await expect(clientFor(server.url).get("/odata/Jobs", { signal })).rejects.toThrow(RateLimitError);
    expect(server.seen).toHaveLength(4);
  });

  test("does not wait for hours", async () => {
    await using server = await serve(() => ({ status: 429, headers: { "retry-after": "7200" } }));
    const clock = new ManualClock();
    await expect(clientFor(server.url, { clock }).get("/odata/Jobs", { signal })).rejects.toThrow(RateLimitError);
    expect(clock.sleeps).toEqual([]);
  });

  test.each([400, 404, 409, 500])("is not tried again after %s", async (status) => {
    await using server = await serve(() => refused(status, 1000, "Ungültig \u001B[31m"));
    const error: unknown = await clientFor(server.url)
      .get("/odata/Jobs", { signal })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    const { message, fault } = error as ApiError;
    expect(message).toContain(`GET /odata/Jobs on 127.0.0.1`);
    expect(message).toContain(`HTTP ${status} (errorCode 1000, traceId 00-1-2-01)`);
    expect(message).not.toContain("Ungültig");
    expect(fault.message).toBe("Ungültig \u001B[31m");
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    [401, AuthError],
    [403, AuthError],
  ])("%s is an AuthError", async (status, type) => {
    await using server = await serve(() => refused(status, 0));
    await expect(clientFor(server.url).get("/odata/Jobs", { signal })).rejects.toThrow(type);
    expect(server.seen).toHaveLength(1);
  });

  test("a page with 200 is not success", async () => {
    await using server = await serve(() => ({ text: "<html>", headers: { "content-type": "text/html" } }));
    await expect(clientFor(server.url).get("/odata/Jobs", { signal })).rejects.toMatchObject({
      fault: { kind: "content" },
    });
  });

  test("a redirect is not followed, so no credential goes with it", async () => {
    await using other = await serve(() => ok);
    await using server = await serve(() => ({ status: 307, headers: { location: other.url } }));
    await expect(clientFor(server.url).get("/odata/Jobs", { signal })).rejects.toMatchObject({
      fault: { status: 307 },
    });
    expect(other.seen).toHaveLength(0);
  });

  test("names host and cause when nothing listens", async () => {
    const server = await serve(() => ok);
    await server[Symbol.asyncDispose]();
    const error: unknown = await clientFor(server.url)
      .get("/odata/Jobs", { signal })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NetworkError);
    expect((error as Error).message).toMatch(/^cannot reach 127\.0\.0\.1:\d+: connection refused \(ECONNREFUSED\)$/);
  });

  test.each(["hang", "stall"] as const)(
    "gives up on a server that does not answer to the end: %s",
    async (reaction) => {
      await using server = await serve(() => reaction);
      const client = clientFor(server.url, { timing: { request: 20 } });
      await expect(client.get("/odata/Jobs", { signal })).rejects.toMatchObject({ fault: { kind: "timeout" } });
    },
  );

  // Node's fetch forgets the signal of a body that is under way when garbage is collected.
  test.each(["hang", "stall"] as const)("does so when memory was tidied up meanwhile: %s", async (reaction) => {
    await using server = await serve(() => reaction);
    const client = clientFor(server.url, { timing: { request: 100 } });
    const answer = amidGarbage(client.get("/odata/Jobs", { signal }));
    await expect(answer).rejects.toMatchObject({ fault: { kind: "timeout" } });
  });

  test("gives up on a fetch that does not listen", async () => {
    const client = clientFor("http://localhost", { fetch: async () => new Promise(() => {}), timing: { request: 5 } });
    await expect(client.get("/odata/Jobs", { signal })).rejects.toMatchObject({ fault: { kind: "timeout" } });
  });

  test("ends at once when its signal aborts, and throws its reason", async () => {
    const controller = new AbortController();
    const reason = new CancelledError("interrupted");
    await using server = await serve(() => {
      controller.abort(reason);
      return "hang";
    });
    await expect(clientFor(server.url).get("/odata/Jobs", { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe("a wait", () => {
  type Told = Waiting | undefined;
  const quota = (clock: ManualClock, url: string) => clientFor(url, { clock, timing: { listCallsPerMinute: 2 } });

  test("for the quota is told once, whoever waits, and so is its end", async () => {
    await using server = await serve(() => ok);
    const clock = new ManualClock();
    const client = quota(clock, server.url);
    const told: Told[] = [];
    client.onWait((waiting) => told.push(waiting));
    await Promise.all(Array.from({ length: 3 }, async () => client.get("/odata/QueueItems", { signal })));
    expect(told).toEqual([{ reason: "quota", perMinute: 2, until: "2026-11-21T10:01:00.000Z" }, undefined]);
  });

  test("that the server asks for, and one before another try, say so; those below a second do not", async () => {
    const troubles: Reaction[] = [{ status: 429, headers: { "retry-after": "12" } }, { status: 503 }, "close", ok];
    await using server = await serve((_call, index) => troubles[index] ?? ok);
    const client = clientFor(server.url, { random: () => 0 });
    const told: Told[] = [];
    client.onWait((waiting) => told.push(waiting));
    await client.get("/odata/Folders", { signal });
    expect(told).toEqual([
      { reason: "asked", status: 429, until: "2026-11-21T10:00:12.000Z" },
      undefined,
      { reason: "retry", broken: "network", until: "2026-11-21T10:00:14.250Z" },
      undefined,
    ]);
  });

  test("is not told to who listens no more", async () => {
    await using server = await serve(() => ok);
    const client = quota(new ManualClock(), server.url);
    const told: Told[] = [];
    client.onWait((waiting) => told.push(waiting))[Symbol.dispose]();
    for (let call = 0; call < 3; call++) await client.get("/odata/Jobs", { signal });
    expect(told).toEqual([]);
  });

  test("of a refused write ends when the run is left; nothing is in flight", async () => {
    const leaving = new AbortController();
    await using server = await serve(() => ({ status: 429, headers: { "retry-after": "30" } }));
    const clock = new (class extends ManualClock {
      override async sleep(ms: number, until?: AbortSignal): Promise<void> {
        leaving.abort();
        expect(until?.aborted, "the wait sees it").toBe(true);
        await super.sleep(0);
        this.sleeps.push(ms);
      }
    })();
    const client = clientFor(server.url, { clock });
    client.leaveBy(leaving.signal);
    const result = await client.write("POST", "/odata/X", {}, { signal });
    expect(result).toMatchObject({ ending: "refused", fault: { kind: "cancelled" } });
    expect(server.seen).toHaveLength(1);
  });
});

describe("a write", () => {
  const write = async (client: OrchestratorClient) => client.write("POST", "/odata/X", { a: 1 }, { folder: 5, signal });

  test.each([
    ["503", { status: 503 }, "open"],
    ["500", { status: 500 }, "open"],
    ["a closed connection", "close", "open"],
    ["a cut body", "cut", "open"],
    ["a redirect", { status: 302 }, "open"],
    ["408", { status: 408 }, "open"],
    ["a refusal", refused(400, 1009), "refused"],
    ["403", { status: 403 }, "refused"],
  ] as const)("is sent once: %s", async (_, reaction, ending) => {
    await using server = await serve(() => reaction);
    expect((await write(clientFor(server.url))).ending).toBe(ending);
    expect(server.seen).toHaveLength(1);
  });

  test.each(["hang", "stall"] as const)("that got no whole answer in time is open: %s", async (reaction) => {
    await using server = await serve(() => reaction);
    const result = await write(clientFor(server.url, { timing: { request: 20 } }));
    expect(result).toMatchObject({ ending: "open", fault: { kind: "timeout", call: "POST /odata/X" } });
  });

  test("that reached nobody is refused", async () => {
    const server = await serve(() => ok);
    await server[Symbol.asyncDispose]();
    expect(await write(clientFor(server.url))).toMatchObject({ ending: "refused", fault: { kind: "network" } });
  });

  test("that is aborted on its way is open, and before it refused", async () => {
    const controller = new AbortController();
    await using server = await serve(() => {
      controller.abort();
      return "hang";
    });
    const client = clientFor(server.url);
    const send = async () => client.write("POST", "/odata/X", {}, { signal: controller.signal });
    expect(await send()).toMatchObject({ ending: "open", fault: { kind: "cancelled" } });
    expect(await send()).toMatchObject({ ending: "refused", fault: { kind: "cancelled" } });
    expect(server.seen).toHaveLength(1);
  });

  test("is sent again after 429, a few times", async () => {
    await using server = await serve(() => ({ status: 429, headers: { "retry-after": "1" } }));
    expect(await write(clientFor(server.url))).toMatchObject({ ending: "refused", fault: { status: 429 } });
    expect(server.seen).toHaveLength(4);
  });

  test("carries JSON", async () => {
    await using server = await serve(() => ok);
    await write(clientFor(server.url));
    expect(server.seen[0]).toMatchObject({ text: '{"a":1}', headers: { "content-type": "application/json" } });
  });
});

describe("tokens", () => {
  test("are asked for in a form, with blanks as %20, and shared by all who wait", async () => {
    await using server = await serve(({ path }) =>
      path === "/identity/connect/token" ? { json: { access_token: "t1", expires_in: 3600 } } : ok,
    );
    const client = clientFor(server.url, { auth: credentials });
    await Promise.all([1, 2, 3].map(async () => client.get("/odata/Folders", { signal })));
    const asked = server.seen.filter(({ path }) => path === "/identity/connect/token");
    expect(asked.map(({ text }) => text)).toEqual([
      "grant_type=client_credentials&client_id=id&client_secret=s3cr3t%26%2B&scope=OR.Jobs%20OR.Queues",
    ]);
    expect(asked[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(client.spent().calls).toBe(3);
  });

  test("are renewed before they end, and once after a 401", async () => {
    let given = 0;
    let wanted = "t1";
    await using server = await serve(({ path, headers }) => {
      if (path.endsWith("/token")) return { json: { access_token: `t${++given}`, expires_in: 600 } };
      return headers.authorization === `Bearer ${wanted}` ? ok : { status: 401 };
    });
    const clock = new ManualClock();
    const client = clientFor(server.url, { auth: credentials, clock });
    await client.get("/odata/Folders", { signal });
    wanted = "t2";
    await client.get("/odata/Folders", { signal }); // refused, renewed
    clock.advance(539_000);
    await client.get("/odata/Folders", { signal });
    expect(given).toBe(2);
    wanted = "t3";
    clock.advance(2000);
    await client.get("/odata/Folders", { signal }); // 60 s before its end
    expect(given).toBe(3);
    wanted = "none";
    await expect(client.get("/odata/Folders", { signal })).rejects.toThrow(AuthError);
    expect(given).toBe(4);
  });

  test("a write is sent once more with a new token", async () => {
    let given = 0;
    await using server = await serve(({ path, headers }) => {
      if (path.endsWith("/token")) return { json: { access_token: `t${++given}` } };
      return headers.authorization === "Bearer t2" ? ok : { status: 401 };
    });
    const client = clientFor(server.url, { auth: credentials });
    expect((await client.write("POST", "/odata/X", {}, { signal })).ending).toBe("answered");
    expect(client.spent().calls).toBe(2);
  });

  test("that are refused end in an AuthError without the secret, and a write in a refusal", async () => {
    await using server = await serve(() => ({ status: 400, json: { error: "invalid_client" } }));
    const client = clientFor(server.url, { auth: credentials });
    const error: unknown = await client.get("/odata/X", { signal }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AuthError);
    expect((error as Error).message).toMatch(/gave no token: HTTP 400, invalid_client$/);
    expect(JSON.stringify(error)).not.toContain("s3cr3t");
    expect(await client.write("POST", "/odata/X", {}, { signal })).toMatchObject({ ending: "refused" });
  });

  test("that the server quotes, and what signs in, are in no fault", async () => {
    let isRefusing = false;
    await using server = await serve(({ path, headers, text }) => {
      if (!path.endsWith("/token")) {
        return { status: 400, json: { message: `no ${headers.authorization}`, errorCode: 1 } };
      }
      if (!isRefusing) return { json: { access_token: "t1-quoted", expires_in: 60 } };
      return { status: 400, json: { message: `what is ${decodeURIComponent(text)}?` } };
    });
    const clock = new ManualClock();
    const client = clientFor(server.url, { auth: credentials, clock });
    const results = [
      await client.get("/odata/X", { signal }).catch((caught: unknown) => caught),
      await client.write("POST", "/odata/X", {}, { signal }),
    ];
    isRefusing = true;
    clock.advance(60_000);
    results.push(
      await client.get("/odata/X", { signal }).catch((caught: unknown) => caught),
      await client.write("POST", "/odata/X", {}, { signal }),
    );
    const said = results.map((result) => JSON.stringify((result as { readonly fault: Fault }).fault));
    expect(said.join("\n")).not.toMatch(/t1-quoted|s3cr3t/);
    expect(said.map((text) => text.includes("[secret]"))).toEqual([true, true, true, true]);
  });

  test("have no end where no date is as late as the server says", async () => {
    await using server = await serve(() => ({ json: { access_token: "t1", expires_in: 1e300 } }));
    expect(await clientFor(server.url, { auth: credentials }).tokenFacts()).toEqual({});
  });

  test("for a user's password come from Orchestrator itself, and are renewed before their 30 minutes end", async () => {
    let given = 0;
    await using server = await serve(({ path }) =>
      path === "/api/Account/Authenticate" ? { json: { result: `t${++given}`, success: true, error: null } } : ok,
    );
    const auth = { type: "password", username: "ana", password: "s3cr3t" } as const;
    const clock = new ManualClock();
    const client = clientFor(server.url, { auth, tenantName: "Default", clock });
    const get = async () => client.get("/odata/Folders", { signal });
    await get();
    expect(server.seen[0]?.body).toEqual({
      tenancyName: "Default",
      usernameOrEmailAddress: "ana",
      password: "s3cr3t",
    });
    expect(server.seen[1]?.headers.authorization).toBe("Bearer t1");
    clock.advance(28 * 60_000);
    await get();
    expect(given).toBe(1);
    clock.advance(61_000);
    await get();
    expect(given).toBe(2);
  });

  test.each([
    ["an error in a 200", { json: { result: null, success: false, error: { message: "Login failed" } } }],
    ["a 401", { status: 401, json: { message: "Invalid credentials", errorCode: 1015 } }],
  ])("for a password that is refused by %s end in an AuthError", async (_, answer) => {
    await using server = await serve(() => answer);
    const auth = { type: "password", username: "ana", password: "s3cr3t" } as const;
    const error: unknown = await clientFor(server.url, { auth })
      .get("/odata/X", { signal })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AuthError);
    expect((error as AuthError).message).toMatch(/gave no token: /);
    expect(JSON.stringify(error)).not.toContain("s3cr3t");
    expect(server.seen).toHaveLength(1);
  });

  test("a busy identity server is waited for", async () => {
    await using server = await serve(({ path }, index) => {
      if (!path.endsWith("/token")) return ok;
      return index === 0 ? { status: 429, headers: { "retry-after": "2" } } : { json: { access_token: "t" } };
    });
    const clock = new ManualClock();
    await clientFor(server.url, { auth: credentials, clock, random: () => 0 }).get("/odata/X", { signal });
    expect(clock.sleeps).toEqual([2000]);
  });

  test("go to no host that is not pinned", () => {
    const options = {
      auth: { ...credentials, identityUrl: "https://evil.example/token" },
      allowedHosts: ["127.0.0.1"],
    };
    expect(() => clientFor("http://127.0.0.1:1", options)).toThrow(UsageError);
    expect(() => clientFor("https://other.example", { allowedHosts: ["127.0.0.1"] })).toThrow(UsageError);
  });
});

describe("what a client remembers", () => {
  test("the highest API version and the server's clock", async () => {
    await using server = await serve(() => ({
      ...ok,
      headers: { "api-supported-versions": "15.0, 17.0, 16.0", date: "Sat, 21 Nov 2026 10:05:00 GMT" },
    }));
    const client = clientFor(server.url);
    expect(client.apiVersion).toBeUndefined();
    await client.get("/odata/Folders", { signal });
    expect(client.apiVersion).toBe(17);
    expect(client.now().toISOString()).toBe("2026-11-21T10:05:00.000Z");
  });

  test("list calls of Jobs and QueueItems, and how many of them a minute may go", async () => {
    await using server = await serve(() => ok);
    const clock = new ManualClock();
    const client = clientFor(server.url, { clock, timing: { listCallsPerMinute: 2 } });
    for (const path of ["/odata/Jobs", "/odata/Jobs", "/odata/QueueItems", "/odata/Jobs(1)", "/odata/Folders"]) {
      await client.get(path, { signal });
    }
    expect(client.spent()).toEqual({ calls: 5, listCalls: 3 });
    expect(clock.sleeps).toEqual([]);
    await client.get("/odata/Jobs", { signal });
    expect(clock.sleeps).toEqual([60_000]);
  });
});
