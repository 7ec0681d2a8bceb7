import { readFileSync } from "node:fs";
import type { Path } from "../core/locate.ts";
import { describe } from "../document/read.ts";
import type { Environment, Resolution } from "../document/values.ts";

/** True for places whose values are never shown. */
export function isPrivate(path: Path): boolean {
  return path[0] === "targets" && path[2] === "auth" && !shown.has(path[3]);
}

/** Keys under `auth` that say nothing secret. `type` is none of them: people put a token there. */
const shown: ReadonlySet<unknown> = new Set(["scope", "identityUrl"]);

/** Looks up `${secret:NAME}`: the environment, else the content of the file that NAME_FILE names. */
export function secretFrom(env: Environment): (name: string, path: Path) => Resolution {
  return (name, path) => {
    if (!isPrivate(path)) {
      const message = `\${secret:${name}} is used outside auth, where values are shown`;
      return { type: "problem", code: "CF006", message, hint: `use \${env:${name}} if it is no secret` };
    }
    const value = env[name];
    if (value !== undefined && value !== "") return { type: "value", value };
    const file = env[`${name}_FILE`];
    return file === undefined || file === "" ? unset(name) : fromFile(name, file);
  };
}

function unset(name: string): Resolution {
  return {
    type: "problem",
    code: "CF005",
    message: `secret ${name} is not set`,
    hint: `set ${name}, or ${name}_FILE to a file that holds it`,
  };
}

function fromFile(name: string, file: string): Resolution {
  try {
    const value = readFileSync(file, "utf8").trim();
    if (value !== "") return { type: "value", value };
    return { type: "problem", code: "CF005", message: `secret ${name} is not set: the file of ${name}_FILE is empty` };
  } catch (error) {
    const message = `secret ${name} is not set: the file of ${name}_FILE ${describe(error)}`;
    return { type: "problem", code: "CF005", message };
  }
}
