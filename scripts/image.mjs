// `npm run check:image`: the steps of the Dockerfile without an engine, each stage a folder of its own, and then what the
// image would run. After that the packed package in an empty folder, as a user installs it. Needs the npm registry.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "orch-sync-image-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

/** Nothing of this run's own npm reaches the commands: not its node_modules/.bin, not what `npm run` has set. */
const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
const environment = { ...outside, PATH: `${dirname(process.execPath)}:${outside.PATH}`, HOME: work };
// What npm has fetched before serves again: only what is missing comes from the registry.
environment.npm_config_cache = process.env.npm_config_cache ?? join(homedir(), ".npm");
environment.npm_config_prefer_offline = "true";

function run(command, args, cwd, more = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...environment, ...more },
    encoding: "utf8",
  });
  if (status !== 0) fail(`${[command, ...args].join(" ")} ended with ${status}${error ?? ""}\n${stdout}${stderr}`);
  return stdout;
}

/** `INSTRUCTION rest`, lines that go on put together, comments left out. */
const instructions = readFileSync(join(root, "Dockerfile"), "utf8")
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll("\\\n", " ")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line) ?? fail(`not understood: ${line}`))
  .map(([, name, rest]) => ({ name, rest }));

const stages = new Map();
let stage;
for (const { name, rest } of instructions) {
  const words = rest.split(/\s+/);
  const within = (path) => (isAbsolute(path) ? join(stage.root, path) : join(stage.root, stage.workdir, path));
  if (name === "FROM") {
    if (!/^node:\d+\.\d+\.\d+-\w+-slim(@sha256:[0-9a-f]{64})?$/.test(words[0])) fail(`${words[0]} is not pinned`);
    stage = { root: mkdtempSync(join(work, "stage-")), workdir: "/", env: {} };
    stages.set(words[2] ?? "image", stage);
  } else if (name === "WORKDIR") {
    stage.workdir = rest;
    mkdirSync(within("."), { recursive: true });
  } else if (name === "ENV") {
    const [, key, value] = /^(\w+)=(\S+)$/.exec(rest) ?? fail(`not understood: ENV ${rest}`);
    stage.env[key] = value;
  } else if (name === "USER") stage.user = rest;
  else if (name === "ENTRYPOINT" || name === "CMD") stage[name] = JSON.parse(rest);
  else if (name === "COPY") {
    const from = /^--from=(\w+)$/.exec(words[0])?.[1];
    const sources = words.slice(from === undefined ? 0 : 1, -1);
    const target = words.at(-1);
    for (const source of sources) {
      const path = join(from === undefined ? root : stages.get(from).root, source);
      if (!existsSync(path)) fail(`COPY ${source}: it is not there`);
      if (from === undefined) mustBeSent(source);
      cpSync(path, target.endsWith("/") ? join(within(target), basename(source)) : within(target), { recursive: true });
    }
  } else if (name === "RUN" && rest.startsWith("npm ci ") && !rest.includes("--omit"))
    sameAsHere(within("node_modules"));
  else if (name === "RUN") run("sh", ["-ec", rest], within("."), stage.env);
  else fail(`not understood: ${name}`);
}

/**
 * All dependencies have been installed here already, by the same lock file: the build reads them where they are, without the
 * minute that the step takes.
 */
function sameAsHere(target) {
  symlinkSync(realpathSync(join(root, "node_modules")), target, "dir");
}

/** What .dockerignore keeps back no COPY finds. */
function mustBeSent(source) {
  const sent = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
  if (!sent.includes(`!${source}`)) fail(`COPY ${source}: .dockerignore keeps it back`);
}

const image = stages.get("image");
if (!/^[1-9]\d*:[1-9]\d*$/.test(image.user ?? ""))
  fail("the image runs as root, or as a name that no kubelet can judge");
const entry = image.ENTRYPOINT.map((word) => (word.startsWith("/opt/") ? join(image.root, word) : word));
const [command, ...first] = entry[0] === "node" ? [process.execPath, ...entry.slice(1)] : fail("no node");
const version = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
/** A project from nothing, applied: what either way of installing must be able to do. */
function tryOut(what, program, args) {
  const folder = mkdtempSync(join(work, "project-"));
  const said = run(program, [...args, "--version"], folder).trim();
  if (said !== version) fail(`${what} is ${said}, not ${version}`);
  run(program, [...args, "init"], folder);
  run(program, [...args, "validate"], folder);
  run(program, [...args, "apply", "--auto-approve"], folder);
  process.stdout.write(`${what}: init, validate, apply\n`);
}
run(command, [...first, ...image.CMD], join(image.root, image.workdir), image.env);
const dev = readdirSync(join(image.root, "opt/orch-sync/node_modules")).filter((name) => name === "typescript");
if (dev.length > 0) fail("the image has dev dependencies");
tryOut("the image", command, first);

const packed = mkdtempSync(join(work, "packed-"));
run("npm", ["pack", "--ignore-scripts", "--pack-destination", packed], root);
const [tarball] = globSync("*.tgz", { cwd: packed });
const empty = mkdtempSync(join(work, "empty-"));
run("npm", ["init", "--yes"], empty);
run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", join(packed, tarball)], empty);
tryOut("the package", process.execPath, [join(empty, "node_modules/orch-sync/dist/bin.js")]);
