/** What a server says of its quota. */
export interface QuotaTold {
  readonly remaining: number;
  readonly limit?: number;
}

/**
 * Reads `RateLimit-Remaining` and `RateLimit-Limit`, with `X-` in front as older gateways write them. No document of
 * Orchestrator promises them; other UiPath services and gateways before it send them (Test Manager's rate limits).
 */
export function quotaTold(headers: Headers): QuotaTold | undefined {
  const remaining = number(headers, "remaining");
  if (remaining === undefined) return undefined;
  const limit = number(headers, "limit");
  return limit === undefined ? { remaining } : { remaining, limit };
}

function number(headers: Headers, name: string): number | undefined {
  const text = headers.get(`ratelimit-${name}`) ?? headers.get(`x-ratelimit-${name}`) ?? "";
  // A limit may be followed by its windows: `100, 100;w=60`.
  const digits = /^\s*(\d{1,15})\b/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
