import { expect, onTestFinished, test } from "vitest";
import { startEmulator } from "../../../src/emulator/index.ts";
import { tenant } from "../../support/server.ts";
import { sender } from "./tenant.ts";

const key = "11111111-1111-4111-8111-111111111111";
const input = [{ name: "month", type: "System.Int32", required: true }];
const spec = {
  edition: "cloud",
  processes: [
    { name: "Close", package: "Books.Close", version: "1.4.2", key, entryPoints: [{ path: "Main.xaml", input }] },
  ],
} as const;
const points = "/odata/Processes/UiPath.Server.Configuration.OData.GetPackageEntryPointsV2";

test("a start begins where its package can, with what is declared there", async () => {
  const emulator = await startEmulator({ tenant: tenant(spec) });
  onTestFinished(() => emulator.close());
  const send = sender(emulator, { "x-uipath-folderpath": "Finance" });
  const start = (startInfo: object) =>
    send("POST", "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs", {
      startInfo: { ReleaseKey: key, Strategy: "ModernJobsCount", JobsCount: 1, ...startInfo },
    });

  const { body } = await send("GET", `${points}(key='Books.Close:1.4.2')`);
  const schema = '{"type":"object","properties":{"month":{"type":"integer"}},"required":["month"]}';
  expect(body.value).toMatchObject([{ Path: "Main.xaml", InputArguments: schema }]);
  expect((await send("GET", `${points}(key='Books.Close:2.0.0')`)).status).toBe(404);

  const elsewhere = await start({ EntryPointPath: "Mian.xaml" });
  expect(elsewhere).toMatchObject({ status: 400, body: { message: "EntryPointNotValidForRelease: Mian.xaml" } });
  const empty = await start({ EntryPointPath: "Main.xaml" });
  expect(empty.body).toMatchObject({ message: expect.stringContaining("'month' is required") as string });
  expect((await start({ EntryPointPath: "main.xaml", InputArguments: '{"month":3}' })).status).toBe(201);
});
