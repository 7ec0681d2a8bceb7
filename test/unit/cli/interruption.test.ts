import { describe, expect, it } from "vitest";
import { Interruption } from "../../../src/cli/interruption.ts";
import type { Io } from "../../../src/cli/io.ts";
import { CancelledError, WaitTimeoutError } from "../../../src/core/errors.ts";

/** A process whose signals and timer the test pulls by hand. */
function hands(timeout?: number): {
  readonly interruption: Interruption;
  readonly press: () => void;
  readonly ring: () => void;
  readonly said: string[];
} {
  let press = (): void => undefined;
  let ring = (): void => undefined;
  const said: string[] = [];
  const io = {
    onSignal: (listener: (signal: "SIGINT") => void) => {
      press = () => listener("SIGINT");
      return () => undefined;
    },
    schedule: (_ms: number, callback: () => void) => {
      ring = callback;
      return () => undefined;
    },
  } as unknown as Io;
  const interruption = new Interruption(io, { timeout, onDrain: (text) => said.push(text) });
  return { interruption, press: () => press(), ring: () => ring(), said };
}

describe("an interruption", () => {
  it("drains at the first Ctrl-C, stops at the second, and says so once", () => {
    const { interruption, press, said } = hands();
    press();
    expect([interruption.draining.reason, interruption.stopping.aborted]).toEqual(["signal", false]);
    press();
    press();
    expect(interruption.stopping.aborted).toBe(true);
    expect(said).toHaveLength(1);
  });

  it("drains when --timeout runs out, and Ctrl-C then stops at once", () => {
    const { interruption, press, ring } = hands(1000);
    ring();
    expect([interruption.draining.reason, interruption.stopping.aborted]).toEqual(["timeout", false]);
    press();
    expect(interruption.stopping.aborted).toBe(true);
  });

  it("gives what it cut short its own error", async () => {
    const failing = Promise.reject(new Error("aborted"));
    const byHand = hands();
    byHand.press();
    await expect(byHand.interruption.during(failing)).rejects.toBeInstanceOf(CancelledError);
    const byTime = hands(1);
    byTime.ring();
    await expect(byTime.interruption.during(failing)).rejects.toBeInstanceOf(WaitTimeoutError);
    await expect(hands().interruption.during(failing)).rejects.toThrow("aborted");
    expect(await byHand.interruption.during(Promise.resolve(1))).toBe(1);
  });
});
