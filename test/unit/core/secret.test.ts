import { inspect } from "node:util";
import { expect, it } from "vitest";
import { canonicalJson } from "../../../src/core/json.ts";
import { liveSecret, revealingJson, Secret, SecretValue } from "../../../src/core/secret.ts";

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

it("counts by its name wherever something is made of it", () => {
  const secret = (value: string): SecretValue => new SecretValue(value, "Bearer ${secret:A}", [value]);
  expect(canonicalJson({ b: 1, a: [secret("one")] })).toBe('{"a":[{"$secret":"Bearer ${secret:A}"}],"b":1}');
  expect(canonicalJson(liveSecret("one"))).toBe(canonicalJson(liveSecret(2)));
  expect(`${String(secret("hunter2"))}${inspect(liveSecret("hunter2"), { showHidden: true })}`).not.toContain(
    "hunter2",
  );
});

it("is revealed in what is sent, at any depth, and whoever sends it sees which", () => {
  const secret = new SecretValue('a"b', "${secret:A}", ['a"b']);
  const seen: SecretValue[] = [];
  const text = revealingJson({ list: [secret, { n: liveSecret(4) }], left: undefined }, (each) => seen.push(each));
  expect(JSON.parse(text)).toEqual({ list: ['a"b', { n: 4 }] });
  expect(seen).toHaveLength(2);
  expect(revealingJson(secret)).toBe('"a\\"b"');
});
