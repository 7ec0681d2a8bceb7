import { expect, test } from "vitest";
import { SecretValue } from "../../../../src/core/secret.ts";
import { KnownSecrets } from "../../../../src/orchestrator/http/known-secrets.ts";
import { clientFor, serve, signal } from "../support.ts";

const secret = (value: string): SecretValue<string> =>
  new SecretValue(`Bearer ${value}`, "Bearer ${secret:A}", [value]);

test("what was sent is taken out of what is said, plain and as JSON has it", () => {
  const secrets = new KnownSecrets();
  expect(secrets.textOf({ a: secret('hun"ter2'), b: "x" })).toBe('{"a":"Bearer hun\\"ter2","b":"x"}');
  expect(secrets.hide('hun"ter2, hun\\"ter2 and hun\\\\\\"ter2')).toBe("[secret], [secret] and [secret]");
  expect(secrets.hide("Bearer token")).toBe("Bearer token");
});

test("the longer of two secrets goes first, and words of three letters stay", () => {
  const secrets = new KnownSecrets();
  secrets.learn([secret("hunter"), secret("hunter2"), secret("the")]);
  expect(secrets.hide("the hunter2 and the hunter")).toBe("the [secret] and the [secret]");
});

test("a client reveals what it sends, and no fault of a read or a write repeats it", async () => {
  const echo = {
    status: 400,
    json: { message: `${"x".repeat(3990)} hunter2 is bad`, errorCode: "no hunter2", traceId: "hunter2" },
  };
  await using server = await serve(() => echo);
  const client = clientFor(server.url);
  const written = await client.write("POST", "/odata/Queues", { itemData: { a: secret("hunter2") } }, { signal });
  expect(server.seen[0]?.body).toEqual({ itemData: { a: "Bearer hunter2" } });
  expect(written).toMatchObject({ ending: "refused", fault: { errorCode: "no [secret]", traceId: "[secret]" } });
  const read = await client.get("/odata/Queues", { signal }).catch((error: unknown) => error);
  // Also where the text is cut: a half of it would be left else.
  expect(`${JSON.stringify(written)}${JSON.stringify(read)}${String(read)}`).not.toMatch(/hunt/);
});
