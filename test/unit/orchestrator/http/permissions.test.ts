import { expect, it } from "vitest";
import { needs as emulated, scopes } from "../../../../src/emulator/access/needs.ts";
import { needOf, permissionHint } from "../../../../src/orchestrator/http/permissions.ts";

it.each([
  ["Folders", "/odata/Folders"],
  ["QueueDefinitions", "/odata/QueueDefinitions"],
  ["QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus", ""],
  ["QueueItems", "/odata/QueueItems"],
  ["QueueItems(key)", "/odata/QueueItems(7)"],
  [
    "QueueItems/UiPath.Server.Configuration.OData.GetReviewers",
    "/odata/QueueItems/UiPath.Server.Configuration.OData.GetReviewers()",
  ],
  ["Jobs", "/odata/Jobs"],
  ["Jobs(key)", "/odata/Jobs(7)"],
  ["Releases", "/odata/Releases"],
  ["Robots", "/odata/Robots"],
  [
    "Robots/UiPath.Server.Configuration.OData.GetFolderRobots(folderId,machineId)",
    "/odata/Robots/UiPath.Server.Configuration.OData.GetFolderRobots(folderId=5,machineId=0)",
  ],
])("%s needs what the server says it needs", (pattern, path) => {
  const need = needOf(`GET ${path === "" ? `/odata/${pattern}` : path}`);
  const wanted = emulated[`GET ${pattern}`] ?? "";
  const names = (text: string): string[] => text.split(/, | and | or /);
  expect(names(need?.permissions ?? "")).toEqual(names(wanted));
  expect(need?.scope).toBe(`OR.${scopes[/^\w+/.exec(pattern)?.[0] ?? ""]}.Read`);
});

it("says the least where nothing is known", () => {
  expect(permissionHint("GET /odata/Assets")).toBe("the account lacks a permission or scope for this");
});
