import { orchSync } from "./cli.ts";

/** Starts `orch-sync emulator --json`, hands its announcement over, and ends it by SIGTERM. */
export async function withEmulator(
  args: readonly string[],
  use: (server: { url: string; token: string; pid: number }) => Promise<void>,
): Promise<number | null> {
  let used: Promise<void> | undefined;
  const { code } = await orchSync(["emulator", "--json", ...args], {
    onStart: (child) => {
      child.stdout?.once("data", (line: string) => {
        used = use(JSON.parse(line) as { url: string; token: string; pid: number }).finally(() =>
          child.kill("SIGTERM"),
        );
      });
    },
  });
  await used;
  return code;
}
