import type { Database } from "../store/database.ts";
import type { Tokens } from "./authentication.ts";
import { bind, object, text } from "./body.ts";
import type { Reply } from "./route.ts";

/** What signing in with a password needs to know. */
interface Door {
  readonly db: Database;
  readonly tokens: Tokens;
  /** The tenant's name. */
  readonly tenant: string;
  readonly now: number;
}

const login = object({ tenancyName: text, usernameOrEmailAddress: text, password: text });
const seconds = 30 * 60; // ROPC authentication, API guide

/**
 * `POST /api/Account/Authenticate`, on premises only. A sign-in that fails is answered with 200 all the same, the
 * error inside (field report): clients that look at the status alone take it for a token.
 */
export function logIn(body: string, { db, tokens, tenant, now }: Door): Reply {
  const { tenancyName, usernameOrEmailAddress: name, password } = bind(body, "loginModel", login, 0);
  const isHere = tenancyName === undefined || tenancyName.toLowerCase() === tenant.toLowerCase();
  const user = isHere && name !== undefined && password !== undefined && tokens.userOf(db, name, password);
  if (typeof user !== "number") return { status: 200, body: envelope(null, failed) };
  return { status: 200, body: envelope(tokens.give({ kind: "user", userId: user }, now + seconds * 1000, now), null) };
}

const failed = {
  code: 0,
  message: "Invalid credentials, failed to login.",
  details: "Invalid user name or password",
  validationErrors: null,
};

function envelope(result: string | null, error: typeof failed | null): object {
  return { result, targetUrl: null, success: error === null, error, unAuthorizedRequest: false, __abp: true };
}
