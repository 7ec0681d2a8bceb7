import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { compileCache, exampleCopy } from "../support/cli.ts";
import { sentEffects } from "../checker/writes.ts";
import { manifests, tenant, workplace } from "../support/server.ts";

const bin = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));

interface Session {
  readonly code: number | null;
  /** Everything that the terminal was sent, escape sequences included. */
  readonly screen: string;
}

/** Types into a pseudo-terminal, of 100 columns unless something else is said: each answer once its prompt has been seen. */
async function onTerminal(
  args: string,
  cwd: string,
  answers: readonly (readonly [prompt: string, typed: string])[],
  env: Readonly<Record<string, string>> = {},
  columns = 100,
): Promise<Session> {
  const command = `stty cols ${columns} rows 40; exec '${process.execPath}' '${bin}' ${args}`;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", TERM: "xterm-256color", SHELL: "/bin/sh", ...compileCache, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  const left = [...answers];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    screen += chunk;
    const [next] = left;
    if (next === undefined || !screen.includes(next[0])) return;
    left.shift();
    child.stdin.write(next[1]);
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, screen };
}

const colours = new RegExp(`${String.fromCodePoint(27)}\\[(?:3[0-7]|9[0-7]|1|2)m`);
const plain = (screen: string): string => stripVTControlCharacters(screen).replaceAll("\r", "");

describe("on a terminal", () => {
  it("apply shows the plan in colour, asks, shows progress, and reports", async () => {
    const { code, screen } = await onTerminal("apply", exampleCopy("quickstart"), [["Type yes to apply", "yes\r"]]);
    expect(code).toBe(0);
    expect(screen).toContain("\u001b[32m"); // green: what is created
    const text = plain(screen);
    expect(text).toContain("Plan: 1 to delete, 1 to stop, 1 to start, 4 to create, 1 to update, 2 to assign.");
    expect(text).toContain("✔ Job/smoke-test");
    expect(text).toContain("Applied 10, already done 0, failed 0, skipped 0, unknown 0.");
    expect(
      screen.endsWith("\u001b[?25h") ||
        !screen.includes("\u001b[?25l") ||
        screen.lastIndexOf("\u001b[?25h") > screen.lastIndexOf("\u001b[?25l"),
      "the cursor is back",
    ).toBe(true);
  });

  it.each(["y", "no", ""])("takes %j as no, writes nothing, and ends with 4", async (answer) => {
    const { code, screen } = await onTerminal("apply", exampleCopy("quickstart"), [
      ["Type yes to apply", `${answer}\r`],
    ]);
    expect(code).toBe(4);
    expect(plain(screen)).toContain("declined: nothing was written");
  });

  it("takes Ctrl-D at the prompt as no", async () => {
    const { code, screen } = await onTerminal("apply", exampleCopy("quickstart"), [["Type yes to apply", "\u0004"]]);
    expect([code, plain(screen)]).toEqual([4, expect.stringContaining("declined: nothing was written")]);
  });

  it("ends with 130 for Ctrl-C at the prompt", async () => {
    const { code, screen } = await onTerminal("apply", exampleCopy("quickstart"), [["Type yes to apply", "\u0003"]]);
    expect(code).toBe(130);
    expect(plain(screen)).toContain("interrupted before anything was written");
  });

  it.each([
    ["of 100 columns", 100],
    ["that does not tell its width, and so gets lines", 0],
  ])("ends with 130 for Ctrl-C while a job is waited for, and reports: on one %s", async (_what, columns) => {
    const processes = [{ name: "P", folder: "Finance", run: { pending: "1ms", duration: "1h" } }];
    const { folder, emulator } = await workplace({
      tenant: tenant({ processes }),
      files: { "manifests/j.yaml": manifests.job("{ process: P, run: once }") },
    });
    const env = { TOKEN: emulator.token };
    const { code, screen } = await onTerminal("apply --auto-approve", folder, [["Running", "\u0003"]], env, columns);
    expect(code).toBe(130);
    expect(plain(screen)).toContain("Applied 1, already done 0, failed 0, skipped 0, unknown 0.");
    expect(plain(screen)).toMatch(
      /waited +Job\/smoke +manifests\/j\.yaml:1 +job \d+ Running; interrupted, the\s+run goes on/,
    );
    expect(sentEffects(emulator.requests())).toEqual(["start smoke@once"]);
  });

  it("explain fits into its width, with colour", async () => {
    for (const what of ["", "QueueItems", "Job.strategy", "MF010"]) {
      const { code, screen } = await onTerminal(`explain ${what}`, "/", []);
      expect([code, screen]).toEqual([0, expect.stringMatching(colours)]);
      expect(
        plain(screen)
          .split("\n")
          .filter((line) => line.length > 100),
      ).toEqual([]);
    }
  });

  it("has no colour with NO_COLOR or --no-color", async () => {
    const cwd = exampleCopy("quickstart");
    const env = await onTerminal("plan", cwd, [], { NO_COLOR: "1" });
    const flag = await onTerminal("plan --no-color", cwd, []);
    // Progress may move the cursor; nothing is coloured.
    for (const { screen } of [env, flag]) expect(screen.match(colours)).toBeNull();
  });
});
