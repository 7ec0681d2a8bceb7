import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { loadConfig, type LoadedConfig } from "../../../src/config/load.ts";
import { resolveTarget, type TargetResolution } from "../../../src/config/target.ts";
import { diagnosticCodes } from "../../../src/core/diagnostic-codes.ts";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import { SecretValue } from "../../../src/core/secret.ts";
import { formatPlace } from "../../../src/core/source.ts";
import type { Environment } from "../../../src/document/values.ts";
import { inFolder } from "./folder.ts";

const head = "apiVersion: orch-sync/v1\nkind: Config\n";

function load(text: string, env: Environment = {}): Promise<LoadedConfig> {
  return inFolder({ "orch-sync.yaml": text }, (cwd) => loadConfig({ file: "orch-sync.yaml", cwd, env }));
}

/** Loads `targets:` with one target, `prod`, and resolves it; both steps' diagnostics. */
async function target(lines: string, env: Environment = {}): Promise<TargetResolution> {
  const loaded = await load(`${head}targets:\n  prod:\n${lines}\n`, env);
  if (loaded.diagnostics.length > 0 || loaded.config === undefined) return { diagnostics: loaded.diagnostics };
  return resolveTarget({ config: loaded.config, name: "prod", env });
}

const remote = "    url: https://orch.corp.example\n    auth: { type: token, token: abc }";

function places(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, source }) => `${source === undefined ? "nowhere" : formatPlace(source)} ${code}`);
}

describe("loading", () => {
  it("reads paths relative to the file", async () => {
    await inFolder({ "etc/orch-sync.yaml": `${head}manifests: [manifests/, "\${env:MORE}"]\n` }, async (cwd) => {
      const { config, diagnostics } = await loadConfig({
        file: "etc/orch-sync.yaml",
        cwd,
        env: { MORE: "../more.yaml" },
      });
      expect(diagnostics).toEqual([]);
      expect(config).toMatchObject({
        file: join(cwd, "etc/orch-sync.yaml"),
        root: join(cwd, "etc"),
        manifests: [join(cwd, "etc/manifests"), join(cwd, "more.yaml")],
      });
    });
  });

  it.each([
    ["", "orch-sync.yaml:1:1 CF001"],
    [`${head}---\n${head}`, "orch-sync.yaml:1:1 CF001"],
    ["kind: Job\n", "orch-sync.yaml:1:7 CF001"],
    ["[]\n", "orch-sync.yaml:1:1 CF001"],
    ["kind: Config\n", "orch-sync.yaml:1:1 MF008"],
    ["a: 'b\n", "orch-sync.yaml:2:1 MF003"],
    [`${head}manifests: manifests/\n`, "orch-sync.yaml:3:12 MF012"],
    [`${head}target: {}\n`, "orch-sync.yaml:3:1 MF010"],
    [`${head}manifests: ["\${env:NOPE}"]\n`, "orch-sync.yaml:3:13 MF016"],
    [`${head}defaultTarget: prod\n`, "orch-sync.yaml:3:16 CF002"],
    [`${head}targets:\n  "a b": { embedded: { tenant: documented } }\n`, "orch-sync.yaml:4:3 MF014"],
    [`${head}targets:\n  a: { folder: F }\n`, "orch-sync.yaml:4:3 CF003"],
    [
      `${head}targets:\n  a: { embedded: { tenant: documented }, url: https://x.example }\n`,
      "orch-sync.yaml:4:3 CF003",
    ],
    [
      `${head}targets:\n  a: { embedded: { tenant: documented }, guards: { maxDelete: 1 } }\n`,
      "orch-sync.yaml:4:52 MF010",
    ],
    [
      `${head}targets:\n  a: { embedded: { tenant: documented }, guards: { maxDeletes: 101% } }\n`,
      "orch-sync.yaml:4:64 MF014",
    ],
    [`${head}targets:\n  a: { embedded: { tenant: documented }, timing: { poll: 0s } }\n`, "orch-sync.yaml:4:58 MF014"],
    [
      `${head}targets:\n  a:\n    url: https://x.example\n    auth: { type: tokn, token: a }\n`,
      "orch-sync.yaml:6:19 MF013",
    ],
  ])("refuses %j", async (text, place) => {
    expect(places((await load(text)).diagnostics)).toEqual([place]);
  });

  it("says which file is missing", async () => {
    const { diagnostics } = await inFolder({}, (cwd) => loadConfig({ file: "nowhere.yaml", cwd, env: {} }));
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([["MF001", "the config does not exist"]]);
  });
});

describe("a target", () => {
  it("plays an embedded tenant, without guards", async () => {
    await inFolder(
      {
        "orch-sync.yaml": `${head}targets:\n  a: { embedded: { tenant: t.yaml, data: d/l.db }, folder: F }\n  b: { embedded: { tenant: documented }, guards: { maxStops: 20% } }\n`,
      },
      async (cwd) => {
        const { config } = await loadConfig({ file: "orch-sync.yaml", cwd, env: {} });
        const timing = { request: 60_000, settle: 240_000, poll: 5000 };
        expect(resolveTarget({ config, name: "a", env: {} }).target).toEqual({
          name: "a",
          folder: "F",
          timing,
          variables: new Map(),
          connection: {
            type: "embedded",
            tenant: { file: join(cwd, "t.yaml") },
            dataFile: join(cwd, "d/l.db"),
            network: {},
          },
        });
        expect(resolveTarget({ config, name: "b", env: {} }).target).toEqual({
          name: "b",
          guards: { maxStops: "20%" },
          timing,
          variables: new Map(),
          connection: { type: "embedded", tenant: { builtIn: "documented" }, network: {} },
        });
      },
    );
  });

  it("names a remote Orchestrator", async () => {
    const lines = `    url: "https://\${env:HOST}/orchestrator_/"
    tenant: Default
    folder: F
    auth: { type: clientCredentials, clientId: "\${env:ID}", clientSecret: "\${secret:KEY}", scope: OR.Default, identityUrl: https://id.example/ }
    guards: { maxStarts: 3 }
    timing: { request: 90s, poll: 500ms }`;
    const env = {
      HOST: "orch.example",
      ID: "app",
      KEY: "hunter2",
      ORCH_SYNC_ALLOWED_HOSTS: "Orch.example, id.example",
    };
    const { target: found, diagnostics } = await target(lines, env);
    expect(diagnostics).toEqual([]);
    expect(found).toMatchObject({
      name: "prod",
      folder: "F",
      guards: { maxStarts: 3 },
      timing: { request: 90_000, settle: 240_000, poll: 500 },
      connection: {
        type: "remote",
        url: "https://orch.example/orchestrator_",
        tenantName: "Default",
        identityUrl: "https://id.example",
        allowedHosts: ["orch.example", "id.example"],
        auth: { type: "clientCredentials", scope: "OR.Default" },
      },
    });
    const auth = found?.connection.type === "remote" ? found.connection.auth : undefined;
    expect(auth?.type === "clientCredentials" ? [auth.clientId.reveal(), auth.clientSecret.reveal()] : []).toEqual([
      "app",
      "hunter2",
    ]);
    expect(`${JSON.stringify(found)}${inspect(found, { depth: 9 })}`).not.toMatch(/hunter2|"app"|'app'/);
  });

  it("signs in with a password, on premises", async () => {
    const lines =
      '    url: https://orch.example\n    tenant: Default\n    auth: { type: password, username: ana, password: "${secret:KEY}" }';
    const { target: found, diagnostics } = await target(lines, { KEY: "hunter2" });
    expect(diagnostics).toEqual([]);
    expect(found).toMatchObject({ connection: { type: "remote", tenantName: "Default", auth: { type: "password" } } });
    const auth = found?.connection.type === "remote" ? found.connection.auth : undefined;
    expect(auth?.type === "password" ? [auth.username.reveal(), auth.password.reveal()] : []).toEqual([
      "ana",
      "hunter2",
    ]);
    expect(`${JSON.stringify(found)}${inspect(found, { depth: 9 })}`).not.toMatch(/hunter2|ana/);
  });

  it("has default guards when remote", async () => {
    expect((await target(remote)).target?.guards).toEqual({});
  });

  it("takes a secret from the file that NAME_FILE names", async () => {
    await inFolder({ key: "  hunter2\n" }, async (folder) => {
      const lines = '    url: https://x.example\n    auth: { type: token, token: "${secret:KEY}" }';
      const { target: found } = await target(lines, { KEY_FILE: join(folder, "key"), KEY: "" });
      const auth = found?.connection.type === "remote" ? found.connection.auth : undefined;
      expect(auth?.type === "token" ? auth.token.reveal() : undefined).toBe("hunter2");
    });
  });

  it("does not ask for another target's secrets", async () => {
    const text = `${head}targets:\n  a: { embedded: { tenant: documented } }\n  b: { url: "\${env:NOPE}", auth: { type: token, token: "\${secret:NOPE}" }, timing: { poll: "\${env:NOPE}" } }\n`;
    const { config, diagnostics } = await load(text);
    expect(diagnostics).toEqual([]);
    expect(resolveTarget({ config, name: "a", env: {} }).diagnostics).toEqual([]);
    expect(places(resolveTarget({ config, name: "b", env: {} }).diagnostics)).toEqual([
      "orch-sync.yaml:5:13 MF016",
      "orch-sync.yaml:5:56 CF005",
      "orch-sync.yaml:5:92 MF016",
    ]);
  });

  it.each([
    ["    url: https://x.example\n    auth: { type: token, token: '${secret:NOPE}' }", "orch-sync.yaml:6:33 CF005"],
    ["    url: 'https://${secret:KEY}'\n    auth: { type: token, token: a }", "orch-sync.yaml:5:10 CF006"],
    [
      "    url: https://x.example\n    auth: { type: clientCredentials, clientId: a, clientSecret: b, scope: '${secret:KEY}' }",
      "orch-sync.yaml:6:75 CF006",
    ],
    ["    url: http://x.example\n    auth: { type: token, token: a }", "orch-sync.yaml:5:10 CF004"],
    [
      "    url: https://x.example\n    auth: { type: token, token: a, identityUrl: 'http://x.example' }",
      "orch-sync.yaml:6:49 CF004",
    ],
    ["    url: https://x.example\n    auth: { type: token, token: '${env:EMPTY}' }", "orch-sync.yaml:6:33 MF014"],
    [
      "    url: https://x.example\n    auth: { type: password, username: a, password: b, identityUrl: https://id.example }",
      "orch-sync.yaml:6:55 MF010",
    ],
    ["    embedded: { tenant: documented }\n    timing: { settle: 25d }", "orch-sync.yaml:6:23 CF008"],
    ["    embedded: { tenant: documented }\n    timing: { settle: '${env:KEY}' }", "orch-sync.yaml:6:23 MF014"],
    ["    embedded: { tenant: documented }\n    lease: { queue: lock }", "orch-sync.yaml:6:12 CF010"],
    [
      "    embedded: { tenant: documented }\n    lease: { queue: lock, folder: F, ttl: 7m }",
      "orch-sync.yaml:6:43 CF011",
    ],
    [
      "    embedded: { tenant: documented }\n    lease: { queue: lock, folder: F, ttl: 25d }",
      "orch-sync.yaml:6:43 CF008",
    ],
    ["    embedded: { tenant: documented }\n    lease: { queue: lock, nmae: a }", "orch-sync.yaml:6:27 MF010"],
  ])("refuses %j", async (lines, place) => {
    expect(places((await target(lines, { KEY: "hunter2", EMPTY: "" })).diagnostics)).toEqual([place]);
  });

  it("has a lease in the target's folder, renewed within ten minutes, without a ledger, unless it says otherwise", async () => {
    const embedded = "    embedded: { tenant: documented }\n    folder: Finance\n";
    const least = await target(`${embedded}    lease: { queue: lock }`);
    expect(least.target?.lease).toEqual({
      queue: "lock",
      folder: "Finance",
      name: "default",
      ttl: 600_000,
      ledger: false,
    });
    const whole = `${embedded}    timing: { request: 1s, settle: 1s }\n    lease: { queue: q, folder: Shared, name: n, ttl: 3s, ledger: true }`;
    expect((await target(whole)).target?.lease).toEqual({
      queue: "q",
      folder: "Shared",
      name: "n",
      ttl: 3000,
      ledger: true,
    });
  });

  it("says why a secret's file cannot serve", async () => {
    const lines = '    url: https://x.example\n    auth: { type: token, token: "${secret:KEY}" }';
    const { diagnostics } = await target(lines, { KEY_FILE: "/nowhere/key" });
    expect(diagnostics[0]?.message).toBe(
      "secret KEY is not set: the file of KEY_FILE does not exist (targets.prod.auth.token)",
    );
  });

  it("never shows a credential, wherever it stands and whatever is wrong with it", async () => {
    const mistakes = [
      "    url: https://x.example\n    auth: { type: token, token: hunter2, tokn: a }",
      "    url: https://x.example\n    auth: { type: tokn, token: hunter2 }",
      "    url: https://x.example\n    auth: { type: token, token: [hunter2] }",
      "    url: https://x.example\n    auth: { type: token, tokem: hunter2 }",
      "    url: https://x.example\n    auth: { type: password, username: hunter2 }",
      "    url: https://x.example\n    auth: hunter2",
      "    url: https://x.example\n    auth: [hunter2]",
      "    url: https://x.example\n    auth: { type: token, token: { value: hunter2 } }",
      "    url: https://x.example\n    token: hunter2",
      "    url: https://ana:hunter2@x.example\n    auth: { type: token, token: a }",
      "    url: https://x.example\n    auth: { type: token, token: 'hunter2 }",
    ];
    for (const lines of mistakes) {
      const { diagnostics } = await target(lines);
      expect(diagnostics).not.toEqual([]);
      expect(JSON.stringify(diagnostics)).not.toContain("hunter2");
    }
  });
});

describe("a target's variables", () => {
  const variables = (lines: string, env: Environment = {}, given: Readonly<Record<string, string>> = {}) =>
    inFolder(
      {
        "orch-sync.yaml": `${head}targets:\n  prod:\n    embedded: { tenant: documented }\n    variables:\n${lines}\n`,
      },
      async (cwd) => {
        const { config, diagnostics } = await loadConfig({ file: "orch-sync.yaml", cwd, env });
        const resolution = resolveTarget({ config, name: "prod", env, variables: new Map(Object.entries(given)) });
        return { ...resolution, diagnostics: diagnostics.length > 0 ? diagnostics : resolution.diagnostics };
      },
    );

  it("hold numbers as they are written, the environment, secrets and what the command line gives", async () => {
    const lines =
      '      version: 1.10\n      on: True\n      host: "${env:HOST}-${var:region}"\n      token: "Bearer ${secret:KEY}"\n      queue: Q';
    const { target: found, diagnostics } = await variables(
      lines,
      { HOST: "h", KEY: "hunter2" },
      { region: "eu", queue: "R" },
    );
    expect(diagnostics).toEqual([]);
    const { token, ...plain } = Object.fromEntries(found?.variables ?? []);
    expect(plain).toEqual({ version: "1.10", on: "True", host: "h-eu", queue: "R", region: "eu" });
    expect(token).toBeInstanceOf(SecretValue);
    expect(inspect(found, { depth: 9 })).not.toContain("hunter2");
  });

  it("serve in the target's own fields, as numbers where numbers belong", async () => {
    const lines = `    url: "https://\${var:host}"
    folder: "\${var:folder:-Shared}"
    auth: { type: token, token: "\${var:token}" }
    guards: { maxStarts: "\${var:starts}", maxDeletes: "\${var:share}" }
    timing: { listCallsPerMinute: "\${var:starts}" }
    variables: { host: x.example, token: "\${secret:KEY}", starts: 3, share: 20% }`;
    const { target: found, diagnostics } = await target(lines, { KEY: "hunter2" });
    expect(diagnostics).toEqual([]);
    expect(found).toMatchObject({
      folder: "Shared",
      guards: { maxStarts: 3, maxDeletes: "20%" },
      timing: { listCallsPerMinute: 3 },
      connection: { url: "https://x.example" },
    });
    const auth = found?.connection.type === "remote" ? found.connection.auth : undefined;
    expect(auth?.type === "token" ? auth.token.reveal() : undefined).toBe("hunter2");
  });

  it.each([
    ["      a: [1]", ["orch-sync.yaml:7:10 MF012"]],
    ["      a-b c: x", ["orch-sync.yaml:7:7 MF014"]],
    ['      a: "${env:NOPE}"', ["orch-sync.yaml:7:10 MF016"]],
    ['      a: "${secret:NOPE}"', ["orch-sync.yaml:7:10 CF005"]],
    ['      a: x\n      b: "${var:a}"', ["orch-sync.yaml:8:10 MF030"]], // they do not see each other
    ['      a: "${env:NOPE}"\n    folder: "${var:a}"', ["orch-sync.yaml:7:10 MF016"]],
    ['      a: "${secret:KEY}"\n    folder: "${var:a}"', ["orch-sync.yaml:8:13 CF006"]],
    ['      a: "007"\n    timing: { listCallsPerMinute: "${var:a}" }', ["orch-sync.yaml:8:35 MF012"]],
  ])("%j is refused", async (lines, expected) => {
    expect(places((await variables(lines, { KEY: "hunter2" })).diagnostics)).toEqual(expected);
  });

  it("need not be there when the command line has them", async () => {
    expect((await variables('      a: "${env:NOPE}"', {}, { a: "1" })).diagnostics).toEqual([]);
  });
});

describe("choosing", () => {
  const two = `${head}defaultTarget: local\ntargets:\n  local: { embedded: { tenant: documented } }\n  prod: { embedded: { tenant: documented } }\n`;
  const ours = { ORCH_SYNC_URL: "https://ours.example/", ORCH_SYNC_TOKEN: "t" };

  it("takes the named target, else the default, whatever the environment says", async () => {
    const { config } = await load(two);
    expect(resolveTarget({ config, name: "prod", env: ours }).target?.name).toBe("prod");
    expect(resolveTarget({ config, env: ours }).target?.name).toBe("local");
  });

  it("refuses a name that does not exist", async () => {
    const { config } = await load(two);
    expect(() => resolveTarget({ config, name: "prd", env: {} })).toThrow(
      expect.objectContaining({ name: "UsageError", hint: "did you mean prod?" }) as Error,
    );
    expect(() => resolveTarget({ name: "prod", env: {} })).toThrow("there is no target prod");
  });

  it("has none without being told", async () => {
    const { config } = await load(two.replace("defaultTarget: local\n", ""));
    expect(resolveTarget({ config, env: {} })).toEqual({
      diagnostics: [],
      explanation:
        "name one with --target local|prod, set defaultTarget in orch-sync.yaml, or set ORCH_SYNC_URL and credentials",
    });
    expect(resolveTarget({ env: {} }).explanation).toContain("add a target to orch-sync.yaml");
  });

  it("takes the environment's where no file names one", () => {
    const env = { ...ours, ORCH_SYNC_FOLDER: "F", ORCH_SYNC_TENANT: "Default" };
    const { target: found } = resolveTarget({ env });
    expect(found).toMatchObject({
      name: "environment",
      folder: "F",
      guards: {},
      connection: { type: "remote", url: "https://ours.example", tenantName: "Default", auth: { type: "token" } },
    });
  });

  it.each([
    [{ ORCH_SYNC_TOKEN: "a", UIPATH_ACCESS_TOKEN: "b" }, "token a"],
    [{ UIPATH_ACCESS_TOKEN: "b", UIPATH_PAT: "c" }, "token b"],
    [{ UIPATH_PAT: "c" }, "token c"],
    [
      { ORCH_SYNC_CLIENT_ID: "i", ORCH_SYNC_CLIENT_SECRET: "s", ORCH_SYNC_SCOPE: "OR.Jobs", UIPATH_PAT: "c" },
      "client i s OR.Jobs",
    ],
    [{ ORCH_SYNC_CLIENT_ID: "", UIPATH_CLIENT_ID: "i", UIPATH_CLIENT_SECRET: "s" }, "client i s OR.Default"],
  ])("signs in with %j", (credentials, expected) => {
    const { target: found } = resolveTarget({ env: { UIPATH_URL: "https://x.example", ...credentials } });
    const auth = found?.connection.type === "remote" ? found.connection.auth : undefined;
    const shown =
      auth?.type === "token"
        ? `token ${auth.token.reveal()}`
        : auth?.type === "clientCredentials"
          ? `client ${auth.clientId.reveal()} ${auth.clientSecret.reveal()} ${auth.scope}`
          : "";
    expect(shown).toBe(expected);
  });

  it("refuses an environment without credentials, or with an address that is not safe", () => {
    const codes = (env: Environment): string[] => resolveTarget({ env }).diagnostics.map(({ code }) => code);
    expect(codes({ ORCH_SYNC_URL: "https://x.example" })).toEqual(["CF007"]);
    expect(codes({ ORCH_SYNC_URL: "https://x.example", ORCH_SYNC_CLIENT_ID: "a" })).toEqual(["CF007"]);
    expect(codes({ ...ours, ORCH_SYNC_URL: "http://x.example" })).toEqual(["CF004"]);
  });
});

it("has a test for every code of the config", async () => {
  const { readFile } = await import("node:fs/promises");
  const files = [import.meta.url, new URL("network.test.ts", import.meta.url)];
  const text = (await Promise.all(files.map((file) => readFile(new URL(file), "utf8")))).join("");
  // CF009 is about the embedded Orchestrator's own files: see test/e2e/emulator.test.ts.
  const codes = Object.keys(diagnosticCodes).filter((code) => code.startsWith("CF") && code !== "CF009");
  expect(codes.filter((code) => !text.includes(`${code}"`))).toEqual([]);
});
