import {
  feedType,
  folderType,
  provisionType,
  machineType,
  memberNumber,
  runtimeType,
  userType,
} from "../model/enumerations.ts";
import { schemaFault } from "../handlers/json-schema.ts";
import type { Database } from "../store/database.ts";
import type { Grant } from "../store/access.ts";
import { startUpkeep } from "../store/upkeep.ts";
import { fold } from "../text.ts";
import { instantOf } from "../instant.ts";
import { nameUuid } from "../uuid.ts";
import type { LoadedTenant } from "./load.ts";
import { Seeding } from "./names.ts";
import { seedItems } from "./seed-items.ts";
import { seedJobs } from "./seed-jobs.ts";
import { seedProcess } from "./seed-processes.ts";
import { durationOf } from "./times.ts";
import type { TenantFolder, TenantGrant, TenantQueue, TenantSpec } from "./types.ts";

const modern = memberNumber(provisionType, "Automatic");

/** Fills an empty database with a tenant, in one transaction. `start` is where its clock begins. */
export function seed(db: Database, tenant: LoadedTenant, start: number): void {
  db.transaction(() => {
    const seeding = new Seeding(db, tenant, start, instantOf(start));
    const { spec } = tenant.document;
    seedFolders(seeding, spec.folders);
    seedPeople(seeding, spec);
    seedRobots(seeding, spec);
    for (const [index, process] of (spec.processes ?? []).entries()) seedProcess(seeding, index, process);
    for (const [index, queue] of (spec.queues ?? []).entries()) seedQueue(seeding, index, queue);
    seedItems(seeding, spec);
    seedJobs(seeding, spec);
    startUpkeep(db, seeding.now);
  });
}

function seedFolders(seeding: Seeding, folders: readonly TenantFolder[]): void {
  for (const [index, folder] of folders.entries()) seedFolder(seeding, `/spec/folders/${index}`, folder, folders);
}

function seedFolder(seeding: Seeding, at: string, folder: TenantFolder, listed: readonly TenantFolder[]): number {
  const known = seeding.known("folder", folder.path);
  const isListedTwice = listed.filter(({ path }) => fold(path) === fold(folder.path)).length > 1;
  if (known !== undefined && !isListedTwice) return known; // made already, as the parent of another
  const cut = folder.path.lastIndexOf("/");
  const parentPath = cut < 0 ? undefined : folder.path.slice(0, cut);
  const parent = parentPath === undefined ? undefined : parentOf(listed, parentPath);
  if (parent && (parent.type === "classic" || folder.type === "classic")) {
    throw seeding.fail(`${at}/path`, "classic folders are not nested");
  }
  const parentId = parent ? seedFolder(seeding, at, parent, listed) : null;
  const id = seeding.insert(at, "folders", {
    id: folder.id,
    key: (folder.key ?? nameUuid("folder", fold(folder.path))).toLowerCase(),
    name: folder.path.slice(cut + 1),
    path: folder.path,
    path_folded: fold(folder.path),
    description: folder.description,
    modern: folder.type === "classic" ? 0 : modern,
    type: memberNumber(folderType, folder.type === "personal" ? "Personal" : "Standard"),
    feed: memberNumber(feedType, folder.type === "personal" ? "PersonalWorkspace" : "Processes"),
    parent_id: parentId,
  });
  seeding.define(at, "folder", folder.path, id);
  return id;
}

function parentOf(listed: readonly TenantFolder[], path: string): TenantFolder {
  return listed.find((folder) => fold(folder.path) === fold(path)) ?? { path };
}

function seedPeople(seeding: Seeding, spec: TenantSpec): void {
  for (const [index, user] of (spec.users ?? []).entries()) {
    const at = `/spec/users/${index}`;
    const fullName = [user.name, user.surname].filter((part) => part !== undefined).join(" ");
    const id = seeding.insert(at, "users", {
      id: user.id,
      key: (user.key ?? nameUuid("user", fold(user.userName))).toLowerCase(),
      user_name: user.userName,
      name: user.name,
      surname: user.surname,
      full_name: fullName === "" ? user.userName : fullName,
      email: user.email,
      type: memberNumber(userType, user.type ?? "User"),
      active: user.active ?? true,
      reviewer: user.reviewer ?? false,
      password: user.password,
      permissions: grantsOf(seeding, at, user.permissions),
      created: seeding.now,
    });
    seeding.define(at, "user", user.userName, id);
    for (const [number, token] of (user.tokens ?? []).entries()) {
      seeding.insert(`${at}/tokens/${number}`, "user_tokens", { token, user_id: id });
    }
    for (const [number, path] of (user.folders ?? []).entries()) {
      const folderId = seeding.resolve(`${at}/folders/${number}`, "folder", path);
      seeding.db.insert("user_folders", { user_id: id, folder_id: folderId });
    }
  }
  for (const [index, application] of (spec.applications ?? []).entries()) {
    const at = `/spec/applications/${index}`;
    seeding.insert(at, "applications", {
      client_id: application.clientId,
      secret: application.clientSecret,
      scopes: JSON.stringify(application.scopes ?? ["OR.Default"]),
      permissions: grantsOf(seeding, at, application.permissions),
      token_seconds: Math.floor((durationOf(application.tokenLifetime ?? "1h") ?? 0) / 1000),
    });
  }
}

/** Permissions as they are stored; null where there is no limit. */
function grantsOf(seeding: Seeding, at: string, grants: readonly TenantGrant[] | undefined): string | null {
  if (!grants) return null;
  const stored: readonly Grant[] = grants.map(({ folder, names }, index) => ({
    folder: seeding.optional(`${at}/permissions/${index}/folder`, "folder", folder),
    names,
  }));
  return JSON.stringify(stored);
}

function seedRobots(seeding: Seeding, spec: TenantSpec): void {
  for (const [index, machine] of (spec.machines ?? []).entries()) {
    const at = `/spec/machines/${index}`;
    const key = (machine.key ?? nameUuid("machine", fold(machine.name))).toLowerCase();
    const type = memberNumber(machineType, machine.type ?? "Template");
    const { id, name, description } = machine;
    seeding.define(at, "machine", name, seeding.insert(at, "machines", { id, key, name, description, type }));
  }
  const allFolders = seeding.db.all("SELECT path FROM folders").map((row) => String(row["path"]));
  for (const [index, robot] of (spec.robots ?? []).entries()) {
    const at = `/spec/robots/${index}`;
    const folders = (robot.folders ?? allFolders).map((path, number) =>
      seeding.resolve(`${at}/folders/${number}`, "folder", path),
    );
    const id = seeding.insert(at, "robots", {
      id: robot.id,
      key: (robot.key ?? nameUuid("robot", fold(robot.name))).toLowerCase(),
      name: robot.name,
      user_name: robot.userName,
      description: robot.description,
      type: memberNumber(runtimeType, robot.type ?? "Unattended"),
      machine_id: seeding.optional(`${at}/machine`, "machine", robot.machine),
      user_id: seeding.optional(`${at}/user`, "user", robot.user),
      modern: folders.some((folder) => isModern(seeding.db, folder)) ? modern : 0,
    });
    seeding.define(at, "robot", robot.name, id);
    for (const folder of folders) seeding.db.insert("robot_folders", { robot_id: id, folder_id: folder });
  }
  seedEnvironments(seeding, spec);
}

function seedEnvironments(seeding: Seeding, spec: TenantSpec): void {
  for (const [index, environment] of (spec.environments ?? []).entries()) {
    const at = `/spec/environments/${index}`;
    const folderId = seeding.folder(at, environment.folder);
    const { id, name, description } = environment;
    const added = seeding.insert(at, "environments", { id, name, description, folder_id: folderId });
    seeding.define(at, "environment", name, added, folderId);
    for (const [number, robot] of (environment.robots ?? []).entries()) {
      const robotId = seeding.resolve(`${at}/robots/${number}`, "robot", robot);
      seeding.insert(at, "environment_robots", { environment_id: added, robot_id: robotId });
    }
  }
}

function seedQueue(seeding: Seeding, index: number, queue: TenantQueue): void {
  const at = `/spec/queues/${index}`;
  const home = seeding.folder(at, queue.folder);
  const homeName = String(seeding.db.get("SELECT path_folded FROM folders WHERE id = ?", home)?.["path_folded"]);
  const jsonSchema = queue.jsonSchema === undefined ? null : JSON.stringify(queue.jsonSchema);
  const fault = jsonSchema === null ? undefined : schemaFault(jsonSchema);
  if (fault !== undefined) throw seeding.fail(`${at}/jsonSchema`, `is no JSON Schema: ${fault}`);
  const trigger = typeof queue.trigger === "string" ? { process: queue.trigger } : queue.trigger;
  const releaseId = seeding.optional(`${at}/trigger`, "process", trigger?.process, home);
  const id = seeding.insert(at, "queues", {
    id: queue.id,
    key: (queue.key ?? nameUuid("queue", homeName, fold(queue.name))).toLowerCase(),
    name: queue.name,
    name_folded: fold(queue.name),
    description: queue.description,
    max_retries: queue.maxRetries ?? 0,
    auto_retry: queue.autoRetry ?? (queue.maxRetries ?? 0) > 0,
    unique_references: queue.uniqueReferences ?? false,
    encrypted: queue.encrypted ?? false,
    json_schema: jsonSchema,
    release_id: releaseId,
    schedule_id: releaseId === null ? null : index + 1,
    trigger_threshold: trigger?.threshold,
    trigger_max_jobs: trigger?.maxJobs,
    trigger_items_per_job: trigger?.itemsPerJob,
    retry_abandoned: queue.retryAbandoned,
    final_days: queue.retention?.finalDays,
    stale_days: queue.retention?.newDays,
    broken_index: queue.brokenIndex,
    created: seeding.now,
  });
  const linked = (queue.linkedFolders ?? []).map((path, number) =>
    seeding.resolve(`${at}/linkedFolders/${number}`, "folder", path),
  );
  for (const folder of new Set([home, ...linked])) {
    seeding.define(at, "queue", queue.name, id, folder);
    seeding.db.insert("queue_folders", { queue_id: id, folder_id: folder });
  }
}

function isModern(db: Database, folderId: number): boolean {
  return db.get("SELECT 1 FROM folders WHERE id = ? AND modern = 1", folderId) !== undefined;
}
