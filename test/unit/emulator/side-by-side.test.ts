import { expect, test } from "vitest";
import { sender, start } from "./tenant.ts";

test("100 emulators side by side in one process do not disturb each other", async () => {
  const numbers = Array.from({ length: 100 }, (_, index) => index);
  const emulators = await Promise.all(
    numbers.map(async (number) =>
      start({
        token: `token ${number}`.replace(" ", "-"),
        faults: [{ match: { path: "/odata/Jobs", calls: (number % 3) + 1 }, handle: "no", answer: { status: 503 } }],
      }),
    ),
  );
  try {
    expect(new Set(emulators.map(({ url }) => url)).size).toBe(100);
    const seen = await Promise.all(
      emulators.map(async (emulator, number) => {
        const send = sender(emulator);
        const itemData = { Name: "Plain", Reference: `of ${number}` };
        await send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", { itemData });
        emulator.clock.advance(number * 1000);
        const jobs: number[] = [];
        for (let call = 0; call < 3; call += 1) jobs.push((await send("GET", "/odata/Jobs")).status);
        const { value } = (await send("GET", "/odata/QueueItems?$filter=startswith(Reference, 'of ')")).body;
        const other = emulators[(number + 1) % 100]?.token ?? "";
        const stranger = await send("GET", "/odata/Folders", undefined, { authorization: `Bearer ${other}` });
        return [value.map((row) => row["Reference"]), jobs.indexOf(503), emulator.clock.now(), stranger.status];
      }),
    );
    expect(seen).toEqual(
      numbers.map((number) => [
        [`of ${number}`],
        number % 3,
        new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
        401,
      ]),
    );
    expect(emulators.map((emulator) => emulator.requests().length)).toEqual(numbers.map(() => 6));
  } finally {
    await Promise.all(emulators.map(async (emulator) => emulator.close()));
  }
});
