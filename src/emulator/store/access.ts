import type { Database } from "./database.ts";

/** Permissions by Orchestrator's names, in a folder and those below it, or everywhere. */
export interface Grant {
  readonly folder: number | null;
  readonly names: readonly string[];
}

/** Alternatives, each a list of permissions that are all needed. */
export type Need = readonly (readonly string[])[];

/** What a user or an external application may do, and where. */
export class Access {
  readonly #db: Database;
  /** Undefined: everything. */
  readonly #grants: readonly Grant[] | undefined;
  /** Undefined: all folders. */
  readonly #assigned: ReadonlySet<number> | undefined;

  constructor(db: Database, grants: readonly Grant[] | undefined, assigned: ReadonlySet<number> | undefined) {
    this.#db = db;
    this.#grants = grants;
    this.#assigned = assigned;
  }

  /** Whether the folder is there for it: it is assigned to it or to one above, and has any permission in it. */
  sees(folderId: number): boolean {
    const chain = this.#chain(folderId);
    if (this.#assigned && !chain.some((id) => this.#assigned?.has(id))) return false;
    return this.#grants?.some((grant) => covers(grant, chain)) ?? true;
  }

  /** Whether it may do something in a folder that it sees. */
  may(need: Need, folderId: number): boolean {
    if (!this.#grants) return true;
    const chain = this.#chain(folderId);
    return satisfied(
      need,
      this.#grants.filter((grant) => covers(grant, chain)),
    );
  }

  /** Whether it may do something in the tenant as a whole. */
  mayEverywhere(need: Need): boolean {
    return (
      this.#grants === undefined ||
      satisfied(
        need,
        this.#grants.filter(({ folder }) => folder === null),
      )
    );
  }

  /** The folders in which it may do something. */
  reach(need: Need): readonly number[] {
    const folders = this.#db.all("SELECT id FROM folders ORDER BY id").map((row) => Number(row["id"]));
    return folders.filter((id) => this.sees(id) && this.may(need, id));
  }

  /** A folder and those above it. */
  #chain(folderId: number): readonly number[] {
    const rows = this.#db.all(
      `WITH RECURSIVE up (id, parent_id) AS (SELECT id, parent_id FROM folders WHERE id = ?
         UNION ALL SELECT f.id, f.parent_id FROM folders f JOIN up ON f.id = up.parent_id) SELECT id FROM up`,
      folderId,
    );
    return rows.map((row) => Number(row["id"]));
  }
}

function covers({ folder }: Grant, chain: readonly number[]): boolean {
  return folder === null || chain.includes(folder);
}

function satisfied(need: Need, grants: readonly Grant[]): boolean {
  const names = new Set(grants.flatMap((grant) => grant.names));
  return need.some((all) => all.every((name) => names.has(name)));
}

/** What a user may do. Without folders of its own a user has access to all of them, if none was taken away. */
export function accessOfUser(db: Database, userId: number): Access {
  const folders = db.all("SELECT folder_id FROM user_folders WHERE user_id = ?", userId);
  const user = db.get("SELECT permissions, assigned FROM users WHERE id = ?", userId);
  const isEverywhere = folders.length === 0 && user?.["assigned"] === 0;
  const assigned = isEverywhere ? undefined : new Set(folders.map((row) => Number(row["folder_id"])));
  return new Access(db, grantsOf(user), assigned);
}

/** What an external application may do, whatever its scopes. */
export function accessOfApplication(db: Database, clientId: string): Access {
  const row = db.get("SELECT permissions FROM applications WHERE client_id = ?", clientId);
  return new Access(db, grantsOf(row), undefined);
}

function grantsOf(row: ReturnType<Database["get"]>): readonly Grant[] | undefined {
  const stored = row?.["permissions"];
  return typeof stored === "string" ? (JSON.parse(stored) as readonly Grant[]) : undefined;
}
