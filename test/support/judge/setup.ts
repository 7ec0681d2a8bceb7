import { expect } from "vitest";

// Tests of the client's own rooms play the server themselves, badly on purpose: only the emulator is judged.
const scripted = /[\\/]unit[\\/](?!emulator[\\/])/.test(expect.getState().testPath ?? "");
if (!scripted) await import("./recorder.ts");
