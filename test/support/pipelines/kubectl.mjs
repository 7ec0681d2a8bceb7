#!/usr/bin/env node
// Stands in for kubectl where recipes call it: a Job runs at once, here, and its log and end stay in a folder.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

const { KUBECTL_BIN, KUBECTL_FOLDER, KUBECTL_PROJECT, KUBECTL_SECRETS } = process.env;
const [verb, ...args] = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];
const read = () => parse(readFileSync(option("-f") === "-" ? 0 : option("-f"), "utf8"));
const place = (job) => join(KUBECTL_FOLDER, job.replace("job.batch/", ""));

function create() {
  const document = read();
  const { template } = (document.spec.jobTemplate ?? document).spec;
  const [container] = template.spec.containers;
  const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  const filled = container.args.map((each) => each.replace(/\$\((\w+)\)/g, (all, name) => env[name] ?? all));
  const inProject = filled.map((each) => each.replace("/project/", `${KUBECTL_PROJECT}/`));
  const settings = { ORCH_SYNC_ALLOWED_HOSTS: "127.0.0.1", ...JSON.parse(KUBECTL_SECRETS) };
  const run = spawnSync(process.execPath, [KUBECTL_BIN, ...inProject], {
    env: { ...env, ...settings },
    encoding: "utf8",
  });
  mkdirSync(KUBECTL_FOLDER, { recursive: true });
  const name = `job.batch/run-${readdirSync(KUBECTL_FOLDER).length}`;
  writeFileSync(
    place(name),
    JSON.stringify({ condition: run.status === 0 ? "Complete" : "Failed", log: run.stdout + run.stderr }),
  );
  process.stdout.write(`${name}\n`);
}

/** `set env --local -f FILE NAME=VALUE -o yaml` */
function setEnv() {
  const document = read();
  for (const pair of args.filter((each) => /^\w+=/.test(each))) {
    const [name, value] = pair.split("=");
    document.spec.template.spec.containers[0].env.find((each) => each.name === name).value = value;
  }
  process.stdout.write(stringify(document));
}

const job = () => JSON.parse(readFileSync(place(args.at(-1)), "utf8"));
if (verb === "create") create();
else if (verb === "set") setEnv();
else if (verb === "logs") process.stdout.write(job().log);
else if (verb === "wait") process.exitCode = args.includes(`--for=condition=${job().condition}`) ? 0 : 1;
else process.exitCode = 64;
