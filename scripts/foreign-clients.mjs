// `npm run test:foreign`: clients that others wrote, against the embedded Orchestrator. They are a package of their own,
// so that the project's `npm ci` stays small; what they install stays in its folder. Plain JavaScript and node:test:
// each client has a process of its own.
import { readdirSync } from "node:fs";
import { folder, guarded, install } from "./foreign-package.mjs";

install();
guarded("--test", ...readdirSync(folder).filter((name) => name.endsWith(".client.mjs")));
