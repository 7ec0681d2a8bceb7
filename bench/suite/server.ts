// An embedded Orchestrator in a process of its own. Its options come as JSON in the first argument.
import { startEmulator, type EmulatorOptions } from "../../src/emulator/index.ts";

const running = await startEmulator(JSON.parse(process.argv[2] ?? "{}") as EmulatorOptions);
process.send?.({ url: running.url, token: running.token });
process.on("message", (message) => {
  if (message === "stop") void running.close().then(() => process.exit());
  else process.send?.(running.requests());
});
process.on("disconnect", () => process.exit()); // whoever started it is gone
