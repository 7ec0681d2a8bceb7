import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Database } from "../store/database.ts";
import { firstUser } from "../store/users.ts";
import type { Caller, Reply } from "./route.ts";

/** The emulator's own token and those it has given to external applications. */
export class Tokens {
  readonly own: string;
  readonly #issued = new Map<string, { readonly clientId: string; readonly expires: number }>();

  constructor(own: string | undefined) {
    this.own = own ?? randomBytes(24).toString("base64url");
  }

  /** Who sends this Authorization header, if anybody may. */
  caller(header: string | undefined, db: Database, now: number): Caller | undefined {
    const token = /^bearer +(\S+)$/i.exec(header ?? "")?.[1];
    if (token === undefined) return undefined;
    if (same(token, this.own)) return { kind: "user", userId: firstUser(db) };
    const issued = this.#issued.get(token);
    return issued && issued.expires > now ? { kind: "application", clientId: issued.clientId } : undefined;
  }

  isOwn(header: string | undefined): boolean {
    const token = /^bearer +(\S+)$/i.exec(header ?? "")?.[1];
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
    for (const [old, { expires }] of this.#issued) if (expires <= now) this.#issued.delete(old);
    const token = randomBytes(24).toString("base64url");
    const seconds = Number(application["token_seconds"]);
    this.#issued.set(token, { clientId, expires: now + seconds * 1000 });
    const scope = (asked.length > 0 ? asked : granted).join(" ");
    return { status: 200, body: { access_token: token, expires_in: seconds, token_type: "Bearer", scope } };
  }
}

function refuse(error: string): Reply {
  return { status: 400, body: { error } };
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
