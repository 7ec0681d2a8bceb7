import { describe, expect, test } from "vitest";
import type { Emulator, EmulatorOptions, TenantDocument } from "../../../src/emulator/index.ts";
import { start, tenant } from "./tenant.ts";

const people: TenantDocument = {
  ...tenant,
  metadata: { name: "Dev 1" },
  spec: {
    ...tenant.spec,
    organization: "corp",
    users: [
      { userName: "ana", email: "ana@corp.example", password: "s3cret", tokens: ["pat-of-ana"], id: 11 },
      { userName: "old", password: "s3cret", tokens: ["pat-of-old"], active: false, id: 12 },
      { userName: "eve", tokens: ["pat-of-eve"], id: 13 },
    ],
  },
};

const layouts: readonly (readonly [name: string, options: EmulatorOptions, base: string])[] = [
  ["2022.10", { edition: "2022.10" }, ""],
  ["2023.4", { edition: "2023.4" }, ""],
  ["2022.10 in a suite", { edition: "2022.10", layout: "suite" }, "/corp/Dev%201/orchestrator_"],
  ["2023.4 in a suite", { edition: "2023.4", layout: "suite" }, "/corp/Dev%201/orchestrator_"],
  ["cloud", { edition: "cloud" }, "/corp/Dev%201/orchestrator_"],
];

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

interface CallInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

/** A call to the host itself, whatever the base path is. */
async function call(emulator: Emulator, path: string, { headers = {}, ...init }: CallInit = {}): Promise<Answer> {
  const response = await fetch(new URL(emulator.url).origin + path, {
    ...init,
    headers: { authorization: `Bearer ${emulator.token}`, ...headers },
  });
  const text = await response.text();
  const type = response.headers.get("content-type");
  const isJson = type?.startsWith("application/json") === true;
  return { status: response.status, type, body: isJson ? (JSON.parse(text) as Answer["body"]) : {} };
}

async function open(options: EmulatorOptions): Promise<Emulator> {
  return start({ tenant: people, ...options });
}

const form = { grant_type: "client_credentials", client_id: "app", client_secret: "s3cret", scope: "OR.Jobs" };

describe.each(layouts)("%s", (_name, options, base) => {
  test("has its base path in the url, and in the context of answers", async () => {
    await using emulator = await open(options);
    expect(new URL(emulator.url).pathname.replace(/^\/$/, "")).toBe(base);
    expect(emulator.url.endsWith("/")).toBe(false);
    const { status, body } = await call(emulator, `${base}/odata/Folders`);
    expect([status, body["@odata.context"]]).toEqual([200, `${emulator.url}/odata/$metadata#Folders`]);
    for (const path of ["/api/health", "/api/Status/Get"]) {
      const { status: open_ } = await call(emulator, base + path, { headers: { authorization: "" } });
      expect(open_).toBe(200);
    }
    expect((await call(emulator, `${base}/__emulator/health`)).status).toBe(200);
    expect((await call(emulator, "/__emulator/health")).status).toBe(200);
  });

  test("gives tokens at its own identity endpoints and nowhere else", async () => {
    await using emulator = await open(options);
    const endpoints = ["/identity/connect/token", "/identity_/connect/token", "/corp/identity_/connect/token"];
    const given: string[] = [];
    for (const path of endpoints) {
      const { body } = await call(emulator, path, { method: "POST", body: new URLSearchParams(form) });
      if (typeof body["access_token"] === "string") given.push(path);
    }
    expect(given).toEqual(
      base === "" ? endpoints.slice(0, 1) : options.edition === "cloud" ? endpoints.slice(1) : endpoints.slice(1, 2),
    );
    expect(JSON.stringify(emulator.requests().filter(({ path }) => given.includes(path)))).not.toContain("s3cret");
  });

  test("logs paths without the base", async () => {
    await using emulator = await open(options);
    await call(emulator, `${base}/odata/Folders?$top=1`);
    expect(emulator.requests()).toMatchObject([{ path: "/odata/Folders", query: "$top=1", status: 200 }]);
  });
});

describe("quirk 26: the path says where one is", () => {
  const folders = async (emulator: Emulator, base: string): Promise<string> => {
    const { status, type } = await call(emulator, `${base}/odata/Folders`);
    return `${status} ${type?.split(";", 1)[0]}`;
  };
  const page = "200 text/html";
  const answer = "200 application/json";

  test.each([
    ["/corp/Dev%201/orchestrator_", answer, answer],
    ["/CORP/dev%201/Orchestrator_", answer, answer],
    ["/corp/Dev%201", answer, page],
    ["/corp/other/orchestrator_", page, page],
    ["/other/Dev%201/orchestrator_", page, page],
    ["", page, page],
  ])("%j: cloud %s, suite %s", async (base, inCloud, inSuite) => {
    await using cloud = await open({ edition: "cloud" });
    await using suite = await open({ edition: "2023.4", layout: "suite" });
    expect(await folders(cloud, base)).toBe(inCloud);
    expect(await folders(suite, base)).toBe(inSuite);
  });

  test.each([
    ["dev 1", 200],
    ["Dev 1", 200],
    ["Other", 401],
  ])("on premises the header may name the tenant: %s", async (name, status) => {
    await using emulator = await open({ edition: "2023.4" });
    const headers = { "x-uipath-tenantname": name };
    expect((await call(emulator, "/odata/Folders", { headers })).status).toBe(status);
  });
});

describe("quirk 27: where a portal is in front, paths that are not there answer 200 with a page", () => {
  test.each([
    ["GET", "/"],
    ["GET", "/portal_/unregistered"],
    ["GET", "/corp/portal_/cloudrpa"],
    ["GET", "/corp/Dev%201/orchestrator_/jobs"],
    ["POST", "/identity/connect/token"],
    ["GET", "/odata/Jobs"],
  ])("%s %s, without a token too", async (method, path) => {
    await using emulator = await open({ edition: "cloud" });
    const { status, type } = await call(emulator, path, { method, headers: { authorization: "" } });
    expect([status, type]).toEqual([200, "text/html"]);
  });

  test("but paths of the API say that they are not there", async () => {
    await using emulator = await open({ edition: "cloud" });
    expect((await call(emulator, `/corp/Dev%201/orchestrator_/odata/Nothing`)).status).toBe(404);
    expect((await call(emulator, `/corp/Dev%201/orchestrator_/api/Nothing/Here`)).status).toBe(404);
  });
});

describe("passwords", () => {
  const path = "/api/Account/Authenticate";
  const login = async (emulator: Emulator, body: object): Promise<Answer> => {
    const headers = { authorization: "", "content-type": "application/json" };
    return call(emulator, new URL(emulator.url + path).pathname, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
  };
  const ana = { tenancyName: "Dev 1", usernameOrEmailAddress: "ana", password: "s3cret" };

  test.each([layouts[0], layouts[1], layouts[2], layouts[3]] as typeof layouts)(
    "%s: a user's gives a token for 30 minutes of the emulator's clock",
    async (_name, options, base) => {
      await using emulator = await open(options);
      const { status, body } = await login(emulator, ana);
      expect([status, body]).toMatchObject([
        200,
        { success: true, error: null, targetUrl: null, unAuthorizedRequest: false, __abp: true },
      ]);
      const headers = { authorization: `bearer ${String(body["result"])}` };
      const me = `${base}/odata/Folders`;
      expect((await call(emulator, me, { headers })).status).toBe(200);
      emulator.clock.advance(30 * 60_000 - 1);
      expect((await call(emulator, me, { headers })).status).toBe(200);
      emulator.clock.advance(1);
      expect((await call(emulator, me, { headers })).status).toBe(401);
      expect(JSON.stringify(emulator.requests())).not.toContain("s3cret");
    },
  );

  test("names of members, of the tenant and of the user count in any case; the address serves too", async () => {
    await using emulator = await open({ edition: "2023.4" });
    const bodies = [
      { TenancyName: "DEV 1", UsernameOrEmailAddress: "ANA@corp.example", Password: "s3cret" },
      { usernameOrEmailAddress: "ana", password: "s3cret" },
    ];
    for (const body of bodies) expect((await login(emulator, body)).body["success"]).toBe(true);
  });

  test.each([
    ["another password", { ...ana, password: "S3cret" }],
    ["an unknown user", { ...ana, usernameOrEmailAddress: "nobody" }],
    ["no name", { ...ana, usernameOrEmailAddress: "" }],
    ["a user who has none", { ...ana, usernameOrEmailAddress: "eve", password: "" }],
    ["a user who may not sign in", { ...ana, usernameOrEmailAddress: "old" }],
    ["another tenant", { ...ana, tenancyName: "Other" }],
    ["no password", { usernameOrEmailAddress: "ana" }],
  ])("%s: an error in a 200", async (_name, body) => {
    await using emulator = await open({ edition: "2022.10" });
    expect(await login(emulator, body)).toMatchObject({
      status: 200,
      body: { result: null, success: false, error: { message: "Invalid credentials, failed to login." }, __abp: true },
    });
  });

  test("a body that does not bind, and the cloud, which takes none", async () => {
    await using emulator = await open({ edition: "2023.4" });
    const { status, body } = await login(emulator, { ...ana, remember: true });
    expect([status, body]).toMatchObject([400, { message: "loginModel must not be null", errorCode: 0 }]);
    await using cloud = await open({ edition: "cloud" });
    expect((await login(cloud, ana)).status).toBe(401);
  });
});

test("personal access tokens are their user's, and end with the user", async () => {
  await using emulator = await open({ edition: "cloud" });
  const as = async (token: string, path: string): Promise<Answer> =>
    call(emulator, new URL(emulator.url + path).pathname, { headers: { authorization: `Bearer ${token}` } });
  const me = "/odata/Users/UiPath.Server.Configuration.OData.GetCurrentUser";
  expect((await as("pat-of-ana", me)).body["UserName"]).toBe("ana");
  expect((await as("pat-of-eve", me)).body["UserName"]).toBe("eve");
  expect((await as("pat-of-old", me)).status).toBe(401);
  expect((await as("pat-of-nobody", me)).status).toBe(401);
  emulator.clock.advance(365 * 86_400_000);
  expect((await as("pat-of-ana", "/odata/Folders")).status).toBe(200);
});
