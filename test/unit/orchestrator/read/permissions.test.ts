import { expect, test } from "vitest";
import type { PlanFolder } from "../../../../src/core/plan.ts";
import { memorySpool } from "../../../../src/core/list.ts";
import { openTenant } from "../../../../src/orchestrator/read/tenant.ts";
import { clientFor, serve, signal, type Reaction, type Seen } from "../support.ts";

const folder: PlanFolder = { id: 7, key: "", path: "Finance", type: "modern" };
const here = { json: { value: [{ Id: 1, OrganizationUnitId: 7 }] } } as const;
const elsewhere = { json: { value: [{ Id: 1, OrganizationUnitId: 8 }] } } as const;
const refused = { status: 400, json: { message: "no", errorCode: 1101 } } as const;

/** What is read of a server that reacts so to a list that asks for a permission. */
async function read(react: (permission: string, call: Seen) => Reaction): Promise<readonly (boolean | undefined)[]> {
  await using server = await serve((call) => react(call.query["mandatoryPermissions"] ?? "", call));
  const reader = openTenant(clientFor(server.url), memorySpool);
  const held = await reader.permissions(folder, ["Jobs.Create", "Jobs.Edit"], signal);
  expect(server.seen.every(({ headers }) => headers["x-uipath-organizationunitid"] === undefined)).toBe(true);
  return [...held.values()];
}

const views = ["Queues.View", "Processes.View"];

test("a folder that a list across folders leaves out is one without the permission", async () => {
  expect(await read((name) => ([...views, "Jobs.Create"].includes(name) ? here : elsewhere))).toEqual([true, false]);
});

test("a server that does not look at permissions is not believed", async () => {
  expect(await read(() => here)).toEqual([undefined, undefined]);
});

test("without a row of the folder nothing is known", async () => {
  expect(await read(() => elsewhere)).toEqual([undefined, undefined]);
});

test("processes show what queues do not", async () => {
  const found = await read((name, { path }) =>
    path.endsWith("Releases") && ["Processes.View", "Jobs.Edit"].includes(name) ? here : elsewhere,
  );
  expect(found).toEqual([false, true]);
});

test("a server that refuses lists across folders tells nothing; one that refuses a name that is none does", async () => {
  expect(await read(() => refused)).toEqual([undefined, undefined]);
  expect(await read((name) => (name.startsWith("NoSuch") ? { status: 400 } : here))).toEqual([true, true]);
});
