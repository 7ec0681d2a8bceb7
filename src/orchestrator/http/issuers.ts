import { isRecord } from "../../core/json.ts";
import { reveal, type Auth, type Issuer } from "./auth.ts";
import { member, readErrorBody } from "./error-body.ts";

/** OAuth client credentials, at the identity server's token endpoint (API guide). */
export function clientCredentials(auth: Extract<Auth, { readonly type: "clientCredentials" }>, url: URL): Issuer {
  const { clientId, clientSecret, scope } = auth;
  return {
    url,
    contentType: "application/x-www-form-urlencoded",
    body: form({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: reveal(clientSecret),
      ...(scope === undefined ? {} : { scope }),
    }),
    read: (answer) => {
      const token = isRecord(answer) ? filled(answer["access_token"]) : undefined;
      if (token === undefined || !isRecord(answer)) return undefined;
      const seconds = Number(answer["expires_in"] ?? 3600);
      return { token, seconds: Number.isFinite(seconds) ? seconds : 3600, scope: filled(answer["scope"]) };
    },
    hint: "check clientId, clientSecret and scope: it names application scopes that the application has; OR.Default leaves it to its roles",
  };
}

const passwordSeconds = 30 * 60; // ROPC authentication, API guide

/**
 * A user's password, at an on-premises Orchestrator itself. The answer may be 200 and hold an error instead of a
 * token (field report); it names no lifetime, the page does.
 */
export function passwordSignIn(
  auth: Extract<Auth, { readonly type: "password" }>,
  base: URL,
  tenantName: string | undefined,
): Issuer {
  return {
    url: new URL(`${base.href.replace(/\/+$/, "")}/api/Account/Authenticate`),
    contentType: "application/json",
    body: JSON.stringify({
      ...(tenantName === undefined ? {} : { tenancyName: tenantName }),
      usernameOrEmailAddress: reveal(auth.username),
      password: reveal(auth.password),
    }),
    read: (answer) => {
      const token = isRecord(answer) ? filled(member(answer, "result")) : undefined;
      return token === undefined ? undefined : { token, seconds: passwordSeconds };
    },
    refusal: (answer) => (isRecord(answer) ? readErrorBody(JSON.stringify(answer)).message : undefined),
    hint: "check username, password and tenant; passwords are taken on premises only",
  };
}

/** application/x-www-form-urlencoded with %20: some identity servers take + in a scope literally (field report). */
function form(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

function filled(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
