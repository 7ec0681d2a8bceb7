// `npm run compare:clients`, after `npm run build`: see test/foreign-clients/compare.mjs. Their package is installed if need be.
import { existsSync } from "node:fs";
import { folder, guarded, install } from "./foreign-package.mjs";

if (!existsSync(`${folder}node_modules`)) install();
guarded("compare.mjs");
