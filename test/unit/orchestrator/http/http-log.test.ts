import { describe, expect, test } from "vitest";
import { Secret, SecretValue } from "../../../../src/core/secret.ts";
import { longestBody, type HttpLine } from "../../../../src/orchestrator/http/http-log.ts";
import { shownBody, shownHeaders } from "../../../../src/orchestrator/http/shown-exchange.ts";
import { clientFor, ManualClock, serve, signal, type Reaction } from "../support.ts";

const credentials = { type: "clientCredentials", clientId: "id", clientSecret: new Secret("s3cr3t&+") } as const;

/** What a client with credentials tells of a read and a write. */
async function told(react: (path: string) => Reaction): Promise<{ lines: HttpLine[]; text: string }> {
  const lines: HttpLine[] = [];
  await using server = await serve(({ path }) =>
    path.endsWith("/connect/token") ? { json: { access_token: "t0k3n", expires_in: 60 } } : react(path),
  );
  const clock = new ManualClock();
  const client = clientFor(server.url, { auth: credentials, httpLog: (line) => lines.push(line), clock });
  const content = { Email: "ana@corp.example", Key: new SecretValue("hunter2", "${secret:KEY}", ["hunter2"]) };
  client.learnSecrets(content);
  await client.get("/odata/Jobs", { query: "$filter=Id%20eq%205", folder: 5, signal });
  await client.write("POST", "/odata/X", { itemData: { Reference: "R-1", SpecificContent: content } }, { signal });
  return { lines, text: JSON.stringify(lines) };
}

test("tells of each call and its answer, by number", async () => {
  const { lines } = await told(() => ({ json: { value: [] } }));
  expect(lines.map(({ n, type }) => [n, type])).toEqual(
    [1, 2, 3].flatMap((n) => [
      [n, "request"],
      [n, "response"],
    ]),
  );
  const [, , read, answer, write] = lines;
  expect(read).toMatchObject({
    at: "2026-11-21T10:00:00.000Z",
    method: "GET",
    url: expect.stringMatching(/\/odata\/Jobs\?\$filter=Id%20eq%205$/) as string,
    headers: { "x-uipath-organizationunitid": "5", "user-agent": "orch-sync/0.0.0-test", authorization: "[hidden]" },
  });
  expect(read).not.toHaveProperty("body");
  expect(answer).toMatchObject({
    status: 200,
    ms: 0,
    body: '{"value":[]}',
    headers: { date: expect.any(String) as string },
  });
  expect(write).toMatchObject({
    method: "POST",
    body: '{"itemData":{"Reference":"R-1","SpecificContent":{"Email":"[string]","Key":"[string]"}}}',
  });
});

test("holds neither what signs in, nor content, nor a secret that the server quotes", async () => {
  const { text, lines } = await told((path) => ({
    json: {
      message: `no: hunter2 t0k3n s3cr3t&+ at ${path}`,
      value: [{ SpecificContent: { Email: "ana@corp.example" } }],
    },
    headers: { "set-cookie": "session=abc", "x-auth-token": "abc-token", location: "https://x.test/a?code=abc-code" },
  }));
  expect(text).not.toMatch(/t0k3n|s3cr3t|hunter2|ana@|session=|abc-token|abc-code|access_token|client_secret/);
  expect(lines.slice(0, 2)).toMatchObject([
    { type: "request", body: "[a sign-in: not written]" },
    { type: "response", body: "[a sign-in: not written]", status: 200 },
  ]);
  expect(lines[5]).toMatchObject({
    headers: { "set-cookie": "[hidden]", "x-auth-token": "[hidden]", location: "https://x.test/a?…" },
    body: expect.stringContaining("no: [secret] [secret] [secret] at /odata/X") as string,
  });
});

test("tells how a call broke, and cuts what is long", async () => {
  const lines: HttpLine[] = [];
  await using server = await serve((_, index) =>
    index === 0 ? "close" : { json: { value: "x".repeat(2 * longestBody) } },
  );
  await clientFor(server.url, { httpLog: (line) => lines.push(line) }).get("/odata/Folders", { signal });
  expect(lines[1]).toMatchObject({
    type: "broken",
    reason: "network",
    message: expect.stringContaining("closed") as string,
  });
  const answer = lines[3];
  expect(answer?.type === "response" && answer.body).toMatch(/^\{"value":"x+… \(20,012 characters\)$/);
  expect(answer?.type === "response" && answer.body?.length).toBeLessThanOrEqual(longestBody);
});

describe("a body", () => {
  test.each([
    [
      "application/json",
      '{"Id":1,"OutputArguments":"{\\"a\\":1}","Info":null}',
      '{"Id":1,"OutputArguments":"[string]","Info":null}',
    ],
    [
      "application/json; odata=x",
      '{"value":[{"output":[{"a":[1,true]}]}]}',
      '{"value":[{"output":[{"a":["[number]","[boolean]"]}]}]}',
    ],
    ["application/json", '{"SpecificContent":{"Email":"an', "[31 characters that are not whole JSON: not written]"],
    ["application/octet-stream", "abc", "[3 characters of application/octet-stream: not written]"],
    ["", "abc", "[3 characters of no named type: not written]"],
    [
      "text/html; charset=utf-8",
      '<html><style>p{}</style><script>var t="abc"</script><p>Sign in<input value="abc">  please</p><b title="abc',
      "Sign in please",
    ],
    ["text/plain", "upstream timed out", "upstream timed out"],
    ["text/html", "a<script>x</style>y<script>z</script >b</script>c", "a b c"],
    ["text/html", "a<STYLE>x</style>b<script src='t'>never ended", "a b"],
  ])("of %s: %s", (type, text, shown) => {
    expect(shownBody(text, type)).toBe(shown);
  });

  test("that never ends what it begins does not hold up the run", () => {
    expect(shownBody("<script ".repeat(200_000), "text/html")).toBe("");
  });
});

test("headers that hold what signs in are told by name alone", () => {
  const names = [
    "Authorization",
    "Proxy-Authorization",
    "Cookie",
    "X-Api-Key",
    "X-UiPath-Session-Token",
    "api-token",
    "Api-Key",
    "X-UiPath-Auth",
  ];
  expect(
    Object.values(
      shownHeaders(
        names.map((name) => [name, "abc"]),
        (text) => text,
      ),
    ),
  ).toEqual(names.map(() => "[hidden]"));
});
