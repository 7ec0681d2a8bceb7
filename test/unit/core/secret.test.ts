import { inspect } from "node:util";
import { expect, it } from "vitest";
import { Secret } from "../../../src/core/secret.ts";

it("shows its value to nobody who does not ask for it", () => {
  const secret = new Secret("hunter2");
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    Object.values(secret).join(),
    inspect(secret, { customInspect: false, showHidden: true }),
  ];
  expect(shown.join(" ")).not.toContain("hunter2");
  expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}');
  expect(secret.reveal()).toBe("hunter2");
});
