import { isRecord } from "../../core/json.ts";

/** What a token says of itself, or whoever gave it. */
export interface TokenFacts {
  /** By the clock of whoever gave it; undefined where nobody tells. */
  readonly ends?: Date;
  /** OAuth scopes; undefined where nobody tells. */
  readonly scopes?: readonly string[];
}

/**
 * End and scopes of a token that is a JSON Web Token (RFC 7519), as the identity server's are; personal access tokens
 * are opaque and say nothing (field report). Nothing is verified: that is the server's part.
 */
export function readToken(token: string): TokenFacts {
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(token)?.[1];
  const claims = payload === undefined ? undefined : parse(Buffer.from(payload, "base64url").toString("utf8"));
  if (!isRecord(claims)) return {};
  const { exp, scope } = claims;
  const ends = typeof exp === "number" ? new Date(exp * 1000) : undefined;
  const scopes = scopesOf(scope);
  return {
    ...(ends === undefined || Number.isNaN(ends.getTime()) ? {} : { ends }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

/** Scopes as one text or as a list; undefined where there is none of Orchestrator's, which says nothing about it. */
export function scopesOf(scope: unknown): readonly string[] | undefined {
  const names = typeof scope === "string" ? scope.split(/\s+/) : Array.isArray(scope) ? scope : [];
  const texts = names.filter((name): name is string => typeof name === "string" && name !== "");
  return texts.some((name) => name.startsWith("OR.")) ? texts : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
