import { readFileSync } from "node:fs";

const { version: own } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

/** This package's version, as `--version`, plans and the User-Agent give it. */
export const version: string = own;
