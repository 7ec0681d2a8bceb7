#!/usr/bin/env node
// Stands in for kubectl where recipes call it: a Job runs at once, here, and its log and end stay in a folder.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse, stringify } from "yaml";

const { KUBECTL_BIN, KUBECTL_FOLDER, KUBECTL_PROJECT, KUBECTL_SECRETS } = process.env;
const [verb, ...args] = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];
const read = () => parse(readFileSync(option("-f") === "-" ? 0 : option("-f"), "utf8"));
const place = (job) => join(KUBECTL_FOLDER, job.replace("job.batch/", ""));

const configMap = (name) => join(KUBECTL_FOLDER, "..", `configmap-${name}.json`);

/** `create configmap --namespace N NAME --from-file=FILE …` */
function createConfigMap() {
  const files = args.flatMap((each) => (each.startsWith("--from-file=") ? [each.slice("--from-file=".length)] : []));
  const content = Object.fromEntries(files.map((file) => [basename(file), readFileSync(file, "utf8")]));
  writeFileSync(configMap(args[args.indexOf("--namespace") + 2]), JSON.stringify(content), { flag: "wx" });
}

/** What the pod finds below /project: the mounted keys of its ConfigMap; of the one that kustomize made, the checkout. */
function projectOf({ volumes, containers: [{ volumeMounts }] }) {
  const { name } = volumes.find((volume) => volume.name === "project").configMap;
  if (name === "orch-sync-project") return KUBECTL_PROJECT;
  const content = JSON.parse(readFileSync(configMap(name), "utf8"));
  const folder = mkdtempSync(join(KUBECTL_FOLDER, "../project-"));
  for (const { name: volume, mountPath, subPath } of volumeMounts) {
    if (volume !== "project") continue;
    const file = mountPath.replace("/project", folder);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content[subPath]);
  }
  return folder;
}

function create() {
  const document = read();
  const { template } = (document.spec.jobTemplate ?? document).spec;
  const [container] = template.spec.containers;
  const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  const filled = container.args.map((each) => each.replace(/\$\((\w+)\)/g, (all, name) => env[name] ?? all));
  mkdirSync(KUBECTL_FOLDER, { recursive: true });
  const project = projectOf(template.spec);
  const inProject = filled.map((each) => each.replace("/project/", `${project}/`));
  const settings = { ORCH_SYNC_ALLOWED_HOSTS: "127.0.0.1", ...JSON.parse(KUBECTL_SECRETS) };
  const run = spawnSync(process.execPath, [KUBECTL_BIN, ...inProject], {
    env: { ...env, ...settings },
    encoding: "utf8",
  });
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
if (verb === "create" && args[0] === "configmap") createConfigMap();
else if (verb === "create") create();
else if (verb === "delete") rmSync(configMap(args.at(-1)));
else if (verb === "get")
  process.stdout.write(`SuccessCriteriaMet ${job().condition}`.replace(/^.* Failed$/, "FailureTarget Failed"));
else if (verb === "set") setEnv();
else if (verb === "logs") process.stdout.write(job().log);
else if (verb === "wait") process.exitCode = args.includes(`--for=condition=${job().condition}`) ? 0 : 1;
else process.exitCode = 64;
