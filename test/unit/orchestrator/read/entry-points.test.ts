import { expect, test } from "vitest";
import { folder, readerFor, refused, serve, signal, type Reaction } from "../support.ts";

const process = { id: 1, key: "k", name: "P", version: "1.0.0", package: "O'Pack", feed: "f-1" };
const schema = JSON.stringify({
  type: "object",
  properties: {
    n: { type: "integer" },
    list: { type: "array", items: { type: "string" } },
    any: {},
    on: { type: "boolean", default: true },
  },
  required: ["n", "on"],
});

async function read(reaction: Reaction, wanted = "other.xaml") {
  await using server = await serve(() => reaction);
  const found = await readerFor(server.url).entryPoint(folder, process, wanted, signal);
  return { found, seen: server.seen };
}

test("an entry point declares arguments of its own, as the package has them", async () => {
  const points = [{ Path: "Main.xaml" }, { Path: "Other.xaml", InputArguments: schema }, { Id: 3 }];
  const { found, seen } = await read({ json: { value: points } });
  expect(found).toEqual({
    path: "Other.xaml",
    inputs: [
      { name: "n", type: "System.Int64", required: true, hasDefault: false },
      { name: "list", type: "System.Object[]", required: false, hasDefault: false },
      { name: "any", type: "System.Object", required: false, hasDefault: false },
      { name: "on", type: "System.Boolean", required: true, hasDefault: true },
    ],
  });
  expect(decodeURIComponent(seen[0]?.path ?? "")).toBe(
    "/odata/Processes/UiPath.Server.Configuration.OData.GetPackageEntryPointsV2(key='O''Pack:1.0.0')",
  );
  expect(seen[0]?.rawQuery).toBe("feedId=f-1");
});

test("one that is not there is missing, with what may have been meant", async () => {
  const { found } = await read({ json: { value: [{ Path: "Main.xaml", InputArguments: "no JSON" }] } }, "Mian.xaml");
  expect(found).toEqual({ missing: "Mian.xaml", nearest: "Main.xaml" });
});

test.each<[string, Reaction]>([
  ["a server without the path", refused(404, 0)],
  ["an account that may not read packages", refused(403, 0)],
  ["a page", { text: "<html>" }],
  ["a package that tells nothing", { json: { value: [] } }],
])("nothing is known from %s", async (_, reaction) => {
  expect((await read(reaction)).found).toBeUndefined();
});

test("the version that a job ran is found by its id, and nothing fails where it is not", async () => {
  const versions = [
    { Id: 7, VersionNumber: "1.4.2" },
    { Id: 8, VersionNumber: "1.5.0" },
  ];
  const version = async (reaction: Reaction): Promise<string | undefined> => {
    await using server = await serve(() => reaction);
    return await readerFor(server.url).processVersion(folder, 1, 7, signal);
  };
  expect(await version({ json: { Id: 1, ReleaseVersions: versions } })).toBe("1.4.2");
  expect(await version({ json: { Id: 1, ReleaseVersions: versions.slice(1) } })).toBeUndefined();
  expect(await version(refused(400, 0))).toBeUndefined();
});
