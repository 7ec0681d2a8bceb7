import type { Path } from "../core/locate.ts";
import type { SecretPolicy } from "../document/values.ts";

/** True for places whose values are never shown. */
export function isPrivate(path: Path): boolean {
  return path[0] === "targets" && (path[2] === "proxy" || (path[2] === "auth" && !shown.has(path[3])));
}

/** Keys under `auth` that say nothing secret. `type` is none of them: people put a token there. */
const shown: ReadonlySet<unknown> = new Set(["scope", "identityUrl"]);

/** Secrets sign in, at a proxy too, and go on in variables; whatever else a config says is shown. */
export const configSecrets: SecretPolicy = {
  allows: (path) => isPrivate(path) || (path[0] === "targets" && path[2] === "variables"),
  unset: "CF005",
  refused: {
    code: "CF006",
    why: "is used outside auth, proxy and variables, where values are shown",
    hint: (name) => `use \${env:${name}} if it is no secret`,
  },
};
