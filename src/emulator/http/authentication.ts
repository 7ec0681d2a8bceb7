import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Database } from "../store/database.ts";
import { firstUser } from "../store/users.ts";
import { fold } from "../text.ts";
import type { Caller, Reply } from "./route.ts";

/** The emulator's own token, those it has given to applications and users, and personal access tokens of the tenant. */
export class Tokens {
  readonly own: string;
  readonly #issued = new Map<string, { readonly caller: Caller; readonly expires: number }>();

  constructor(own: string | undefined) {
    this.own = own ?? randomBytes(24).toString("base64url");
  }

  /** Who sends this Authorization header, if anybody may. */
  caller(header: string | undefined, db: Database, now: number): Caller | undefined {
    const token = tokenOf(header);
    if (token === undefined) return undefined;
    if (same(token, this.own)) return { kind: "user", userId: firstUser(db), isOwner: true };
    const issued = this.#issued.get(token);
    if (issued) return issued.expires > now ? issued.caller : undefined;
    const owner = db.get(
      "SELECT u.id FROM user_tokens t JOIN users u ON u.id = t.user_id WHERE t.token = ? AND u.active = 1",
      token,
    );
    return owner && { kind: "user", userId: Number(owner["id"]) };
  }

  /** The active user who has this name or e-mail address, and this password. */
  userOf(db: Database, name: string, password: string): number | undefined {
    const users = db.all("SELECT id, user_name, email, password FROM users WHERE active = 1 AND password IS NOT NULL");
    const wanted = fold(name);
    if (wanted === "") return undefined;
    const user = users.find((row) =>
      [row["user_name"], row["email"] ?? ""].some((each) => fold(String(each)) === wanted),
    );
    return user && same(password, String(user["password"])) ? Number(user["id"]) : undefined;
  }

  /** A new token, good until `expires`; those that have ended are forgotten. */
  give(caller: Caller, expires: number, now: number): string {
    for (const [old, issued] of this.#issued) if (issued.expires <= now) this.#issued.delete(old);
    const token = randomBytes(24).toString("base64url");
    this.#issued.set(token, { caller, expires });
    return token;
  }

  /** A token for a user or an external application by name, as if they had signed in; it does not end. */
  giveTo(db: Database, name: string, now: number): string {
    const user = db.get("SELECT id FROM users WHERE fold(user_name) = ? AND active = 1", fold(name));
    const application = db.get("SELECT scopes FROM applications WHERE client_id = ?", name);
    if (!user && !application) throw new RangeError(`The tenant has no user or application '${name}'.`);
    const caller: Caller = user
      ? { kind: "user", userId: Number(user["id"]) }
      : {
          kind: "application",
          clientId: name,
          scopes: JSON.parse(String(application?.["scopes"])) as readonly string[],
        };
    return this.give(caller, Infinity, now);
  }

  isOwn(header: string | undefined): boolean {
    const token = tokenOf(header);
    return token !== undefined && same(token, this.own);
  }

  /** The answer of the identity server to a token request. */
  issue(body: string, db: Database, now: number): Reply {
    const form = new URLSearchParams(body);
    if (form.get("grant_type") !== "client_credentials") return refuse("unsupported_grant_type");
    const clientId = form.get("client_id") ?? "";
    const application = db.get("SELECT * FROM applications WHERE client_id = ?", clientId);
    if (!application || !same(form.get("client_secret") ?? "", String(application["secret"]))) {
      return refuse("invalid_client");
    }
    const granted = JSON.parse(String(application["scopes"])) as readonly string[];
    const asked = (form.get("scope") ?? "").split(/\s+/).filter((scope) => scope !== "");
    if (asked.some((scope) => !granted.includes(scope))) return refuse("invalid_scope");
    const seconds = Number(application["token_seconds"]);
    const scopes = asked.length > 0 ? asked : granted;
    const token = this.give({ kind: "application", clientId, scopes }, now + seconds * 1000, now);
    const scope = scopes.join(" ");
    return { status: 200, body: { access_token: token, expires_in: seconds, token_type: "Bearer", scope } };
  }
}

/** The token in an Authorization header. */
export function tokenOf(header: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(header ?? "")?.[1];
}

function refuse(error: string): Reply {
  return { status: 400, body: { error } };
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
