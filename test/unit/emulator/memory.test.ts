import { expect, onTestFinished, test } from "vitest";
import { startEmulator, type Emulator, type FaultRule } from "../../../src/emulator/index.ts";
import { amidGarbage } from "../../support/garbage.ts";
import { tenant } from "../../support/server.ts";

async function unheard(faults: readonly FaultRule[] = []): Promise<Emulator> {
  const document = tenant({ queues: [{ name: "Q" }] });
  const emulator = await startEmulator({ tenant: document, listen: false, clock: "manual", faults });
  onTestFinished(() => emulator.close());
  return emulator;
}

function add(emulator: Emulator, init: RequestInit = {}): Promise<Response> {
  return emulator.fetch(`${emulator.url}/odata/Queues/UiPathODataSvc.AddQueueItem`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.token}`, "content-type": "application/json" },
    body: JSON.stringify({ itemData: { Name: "Q", Reference: "A" } }),
    ...init,
  });
}

const of = (rule: FaultRule): FaultRule[] => [{ match: { method: "POST" }, ...rule }];

test("a call in memory is answered and written down as one over a socket", async () => {
  const emulator = await unheard();
  const response = await add(emulator);
  expect([response.status, response.headers.get("api-supported-versions")]).toEqual([200, expect.stringMatching(/16/)]);
  expect(await response.json()).toMatchObject({ Reference: "A", Status: "New" });
  expect(emulator.requests()).toMatchObject([{ method: "POST", status: 200, body: expect.stringContaining('"A"') }]);
  await expect(emulator.fetch(emulator.url.replace("localhost", "elsewhere"))).resolves.toMatchObject({ status: 421 });
});

test("a closed connection, a body cut in two and a client that gives up are errors as those of fetch", async () => {
  const closed = await unheard(of({ handle: "once", answer: "close" }));
  await expect(add(closed)).rejects.toMatchObject({ message: "fetch failed", cause: { code: "ECONNRESET" } });
  const cut = await unheard(of({ handle: "once", answer: "cut" }));
  await expect(add(cut).then((response) => response.text())).rejects.toThrow("terminated");
  const silent = await unheard(of({ handle: { late: "30s" } }));
  const giveUp = new AbortController();
  const answer = add(silent, { signal: giveUp.signal });
  await amidGarbage(expect.poll(() => silent.requests().length).toBe(1));
  giveUp.abort(new Error("enough"));
  await expect(answer).rejects.toThrow("enough");
  const handled = (emulator: Emulator): unknown => emulator.requests().map(({ fault }) => fault?.handled);
  expect(handled(silent)).toEqual([[]]);
  silent.clock.advance(30_000);
  expect([handled(closed), handled(cut), handled(silent)]).toEqual([[[200]], [[200]], [[200]]]);
});
