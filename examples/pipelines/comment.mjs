// Keeps orch-sync's plan in one comment of a pull request, and drift in one issue. Copy it into your repository, for
// example as ci/comment.mjs. It needs Node.js and nothing else, and knows GitHub, Azure DevOps and GitLab.
//
//   node comment.mjs put TARGET FILE [SHARD]   the comment of this pull request: made once, then updated in place
//   node comment.mjs id TARGET [SHARD]         prints the id of the plan in the comment of the pull request that this
//                                              commit was merged as, onto this branch
//   node comment.mjs drift TARGET FILE         the issue about drift: opened, then updated in place
//   node comment.mjs clear TARGET              closes that issue, if there is one
//
// FILE is what `orch-sync plan -o markdown` printed. An empty one means that there is no plan. SHARD is what --shard was
// given, such as 2/4: each shard has a comment of its own.
import { readFileSync, statSync } from "node:fs";
import process from "node:process";

const { env } = process;

/** One call of the system's API. Nothing is sent twice, redirects are not followed, no token is ever printed. */
async function call(method, url, headers, body) {
  const response = await fetch(url, {
    method,
    headers: { accept: "application/json", "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: "error",
    signal: AbortSignal.timeout(30_000),
  });
  // Azure DevOps answers 203 and a page to sign in at when the token is not valid.
  if (!response.ok || response.status === 203)
    throw new Error(`${method} ${new URL(url).pathname}: ${response.status}`);
  return response.json();
}

/** All pages of a list, as GitHub and GitLab number them. */
async function pages(get, path) {
  const all = [];
  for (let page = 1; ; page++) {
    const some = await get(`${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`);
    all.push(...some);
    if (some.length < 100) return all;
  }
}

function need(name) {
  if (env[name]) return env[name];
  throw new Error(`${name} is not set`);
}

/**
 * Also for Jenkins and others that build what is on GitHub: they set GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_REF_NAME (the
 * branch) and COMMENT_AUTHOR.
 */
function github() {
  const root = `${env.GITHUB_API_URL || "https://api.github.com"}/repos/${need("GITHUB_REPOSITORY")}`;
  const headers = { authorization: `Bearer ${need("GITHUB_TOKEN")}`, "X-GitHub-Api-Version": "2022-11-28" };
  const send = (method, path, body) => call(method, root + path, headers, body);
  const list = (path) => pages((page) => send("GET", page), path);
  const author = env.COMMENT_AUTHOR || "github-actions[bot]"; // what GITHUB_TOKEN writes as
  const own = ({ user }) => user?.login === author;
  return {
    pullRequest: () => need("PULL_REQUEST"),
    async merged() {
      const [commit, branch] = [need("GITHUB_SHA"), need("GITHUB_REF_NAME")];
      const pulls = await list(`/commits/${commit}/pulls`);
      const isMerge = (pull) => pull.merged_at !== null && pull.merge_commit_sha === commit && pull.base.ref === branch;
      return pulls.find(isMerge)?.number;
    },
    async comments(number) {
      const found = await list(`/issues/${number}/comments`);
      return found.filter(own).map(({ id, body }) => ({ id, body }));
    },
    add: (number, body) => send("POST", `/issues/${number}/comments`, { body }),
    update: (_number, id, body) => send("PATCH", `/issues/comments/${id}`, { body }),
    async issues() {
      const found = await list("/issues?state=open");
      return found.filter((each) => own(each) && !each.pull_request).map(({ number, body }) => ({ id: number, body }));
    },
    openIssue: (title, body) => send("POST", "/issues", { title, body }),
    updateIssue: (number, body) => send("PATCH", `/issues/${number}`, { body }),
    closeIssue: (number) => send("PATCH", `/issues/${number}`, { state: "closed" }),
  };
}

/** GITLAB_TOKEN is a project access token: role Reporter, scope api. The job's own token may not write notes. */
function gitlab() {
  const root = `${need("CI_API_V4_URL")}/projects/${need("CI_PROJECT_ID")}`;
  const headers = { "PRIVATE-TOKEN": need("GITLAB_TOKEN") };
  const send = (method, path, body) => call(method, root + path, headers, body);
  const list = (path) => pages((page) => send("GET", page), path);
  const self = async () => (await call("GET", `${env.CI_API_V4_URL}/user`, headers)).id;
  return {
    pullRequest: () => need("CI_MERGE_REQUEST_IID"),
    async merged() {
      const [commit, branch] = [need("CI_COMMIT_SHA"), need("CI_COMMIT_BRANCH")];
      const requests = await list(`/repository/commits/${commit}/merge_requests`);
      // Also those come that only contain the commit, such as one that brought it to another branch before.
      const isMerge = ({ merge_commit_sha: merge, squash_commit_sha: squash, sha, ...request }) =>
        request.state === "merged" && request.target_branch === branch && [merge, squash, sha].includes(commit);
      return requests.find(isMerge)?.iid;
    },
    async comments(iid) {
      const id = await self();
      const notes = await list(`/merge_requests/${iid}/notes?sort=asc&order_by=created_at`);
      return notes
        .filter((note) => !note.system && note.author.id === id)
        .map((note) => ({ id: note.id, body: note.body }));
    },
    add: (iid, body) => send("POST", `/merge_requests/${iid}/notes`, { body }),
    update: (iid, id, body) => send("PUT", `/merge_requests/${iid}/notes/${id}`, { body }),
    async issues() {
      const found = await list(`/issues?state=opened&author_id=${await self()}`);
      return found.map(({ iid, description }) => ({ id: iid, body: description ?? "" }));
    },
    openIssue: (title, description) => send("POST", "/issues", { title, description }),
    updateIssue: (iid, description) => send("PUT", `/issues/${iid}`, { description }),
    closeIssue: (iid) => send("PUT", `/issues/${iid}`, { state_event: "close" }),
  };
}

/** SYSTEM_ACCESSTOKEN is the job's own; its identity needs "Contribute to pull requests" on the repository. */
function azure() {
  const server = need("SYSTEM_COLLECTIONURI");
  const project = encodeURIComponent(need("SYSTEM_TEAMPROJECT"));
  const root = `${server}${project}/_apis/git/repositories/${need("BUILD_REPOSITORY_ID")}`;
  const headers = { authorization: `Bearer ${need("SYSTEM_ACCESSTOKEN")}` };
  const send = (method, path, body) => call(method, `${root}${path}?api-version=7.1`, headers, body);
  return {
    pullRequest: () => need("SYSTEM_PULLREQUEST_PULLREQUESTID"),
    async merged() {
      const [commit, branch] = [need("BUILD_SOURCEVERSION"), need("BUILD_SOURCEBRANCH")];
      const { results } = await send("POST", "/pullrequestquery", {
        queries: [{ type: "lastMergeCommit", items: [commit] }],
      });
      const isMerge = ({ status, targetRefName }) => status === "completed" && targetRefName === branch;
      return results[0]?.[commit]?.find(isMerge)?.pullRequestId;
    },
    async comments(number) {
      const data = await call("GET", `${server}_apis/connectionData?api-version=7.1-preview.1`, headers);
      const { value: threads } = await send("GET", `/pullRequests/${number}/threads`);
      return threads.flatMap((thread) => {
        const [first] = thread.isDeleted ? [] : thread.comments;
        if (first === undefined || first.isDeleted || first.author.id !== data.authenticatedUser.id) return [];
        return [{ id: `${thread.id}/comments/${first.id}`, body: first.content ?? "" }];
      });
    },
    // Closed: a thread that is open would keep the pull request from being completed where a policy says so.
    add: (number, content) =>
      send("POST", `/pullRequests/${number}/threads`, {
        comments: [{ parentCommentId: 0, content, commentType: "text" }],
        status: "closed",
      }),
    update: (number, id, content) => send("PATCH", `/pullRequests/${number}/threads/${id}`, { content }),
  };
}

function system() {
  if (env.SYSTEM_COLLECTIONURI) return azure();
  if (env.CI_API_V4_URL) return gitlab();
  return github();
}

/** What `orch-sync plan -o markdown` begins with. Only the first line counts: below it stand texts of the tenant. */
const firstLine = /^<!-- orch-sync (plan|drift) target=(\S+)(?: shard=(\d+\/\d+))?(?: id=([0-9a-f]{64}))? -->/;

const marker = (what, target, shard) =>
  `<!-- orch-sync ${what} target=${encodeURIComponent(target)}${shard === undefined ? "" : ` shard=${shard}`} -->`;

/** The plan's id, or "" where the text tells of none; undefined for a text about something else. */
function idOf(text, what, target, shard) {
  const [, kind, name, part, id = ""] = firstLine.exec(text) ?? [];
  return kind === what && name === encodeURIComponent(target) && part === shard ? id : undefined;
}

const of = (what, target, shard) => (each) => idOf(each.body, what, target, shard) !== undefined;

/** The file's text, or words for none; it always begins with the marker. */
function textOf(file, target, shard) {
  const text = statSync(file, { throwIfNoEntry: false }) === undefined ? "" : readFileSync(file, "utf8");
  const what = shard === undefined ? `\`${target}\`` : `\`${target}\`, shard ${shard}`;
  if (idOf(text, "plan", target, shard)) return text;
  if (text.trim() !== "") throw new Error(`${file} is no plan for ${what.replaceAll("`", "")}`);
  const words = "The run ended before there was one: see its log.";
  return `${marker("plan", target, shard)}\n\n### No plan for ${what}\n\n${words}\n`;
}

async function put(target, file, shard) {
  const body = textOf(file, target, shard);
  const to = system();
  const number = to.pullRequest();
  const own = (await to.comments(number)).find(of("plan", target, shard));
  await (own === undefined ? to.add(number, body) : to.update(number, own.id, body));
}

async function printId(target, shard) {
  const from = system();
  const number = await from.merged();
  if (number === undefined)
    throw new Error("no pull request was merged as this commit: nobody has reviewed a plan for it");
  const own = (await from.comments(number)).find(of("plan", target, shard));
  const id = own && idOf(own.body, "plan", target, shard);
  if (!id)
    throw new Error(
      `the pull request ${number} has no plan for ${target}${shard === undefined ? "" : `, shard ${shard}`}`,
    );
  process.stdout.write(`${id}\n`);
}

/** With a first line of its own in place of the plan's: what is as large as a comment may be is as large as an issue may be. */
async function drift(target, file) {
  const body = textOf(file, target).replace(firstLine, () => marker("drift", target));
  const to = system();
  const own = (await to.issues()).find(of("drift", target));
  await (own === undefined ? to.openIssue(`Drift of ${target}`, body) : to.updateIssue(own.id, body));
}

async function clear(target) {
  const to = system();
  const own = (await to.issues()).find(of("drift", target));
  if (own !== undefined) await to.closeIssue(own.id);
}

const [command, ...args] = process.argv.slice(2);
const commands = { put: [put, 2, 3], id: [printId, 1, 2], drift: [drift, 2, 2], clear: [clear, 1, 1] };
try {
  const [run, least, most] = (Object.hasOwn(commands, command ?? "") && commands[command]) || [];
  // Pipelines give a variable that may be empty; and a single shard is no shard.
  const given = ["", "1/1"].includes(args.at(-1)) ? args.slice(0, -1) : args;
  if (run === undefined || given.length < least || given.length > most)
    throw new Error("usage: put TARGET FILE [SHARD] | id TARGET [SHARD] | drift TARGET FILE | clear TARGET");
  await run(...given);
} catch (error) {
  // What fetch says of a connection that failed stands in its cause.
  process.stderr.write(`comment: ${error.message}${error.cause?.code ? ` (${error.cause.code})` : ""}\n`);
  process.exitCode = 1;
}
