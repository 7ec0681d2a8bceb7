import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A comment of a pull request, or an issue: who wrote it is what a recipe must ask. */
interface Text {
  readonly id: number;
  readonly author: string;
  body: string;
  open: boolean;
}

/** What a recipe asks its system for, in the words of none: the pull requests and issues of one repository. */
export interface Forge {
  readonly url: string;
  readonly token: string;
  /** Of the pull request 7. */
  readonly comments: Text[];
  readonly issues: Text[];
  /** Commits that pull request 7 was merged as. */
  readonly merged: Set<string>;
  /** `POST /path` of each call that changed something. */
  readonly writes: string[];
}

export const self = "the pipeline";
const token = "a-token-of-the-system";

type Body = Readonly<Record<string, unknown>>;
interface Call {
  readonly query: URLSearchParams;
  readonly body: Body;
  /** What the groups of the route's path matched. */
  readonly of: readonly string[];
}
type Route = readonly [method: string, path: RegExp, answer: (forge: Forge, call: Call) => unknown];

/** A server that answers what GitHub, GitLab and Azure DevOps answer to the calls of comment.mjs, and 404 to others. */
export async function startForge(): Promise<Forge> {
  const server = createServer((request, response) => {
    void reply(forge, request, response);
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const forge: Forge = { url, token, comments: [], issues: [], merged: new Set(), writes: [] };
  return forge;
}

async function reply(forge: Forge, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [status, body] = await answer(forge, request);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function answer(forge: Forge, request: IncomingMessage): Promise<readonly [number, unknown]> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  const { headers, method = "" } = request;
  if (headers.authorization !== `Bearer ${token}` && headers["private-token"] !== token) return [401, {}];
  const { pathname, searchParams: query } = new URL(request.url ?? "", forge.url);
  const body = (text === "" ? {} : JSON.parse(text)) as Body;
  for (const [verb, pattern, make] of routes) {
    const match = verb === method ? pattern.exec(pathname) : null;
    if (match === null) continue;
    if (method !== "GET" && !pathname.endsWith("query")) forge.writes.push(`${method} ${pathname}`);
    return [method === "POST" ? 201 : 200, make(forge, { query, body, of: match.slice(1) })];
  }
  return [404, { message: `${method} ${pathname}` }];
}

function add(texts: Text[], body: unknown): Text {
  const made = { id: texts.length + 1, author: self, body: body as string, open: true };
  texts.push(made);
  return made;
}

function change(texts: readonly Text[], id: string | undefined, how: (text: Text) => void): object {
  const text = texts.find((each) => each.id === Number(id));
  if (text === undefined) throw new Error(`there is no ${String(id)}`);
  how(text);
  return {};
}

/** The page that is asked for. */
function page<T>(all: readonly T[], { query }: Call): T[] {
  const size = Number(query.get("per_page") ?? 30);
  const start = (Number(query.get("page") ?? 1) - 1) * size;
  return all.slice(start, start + size);
}

const mergedBy = ({ merged }: Forge, [commit = ""]: readonly string[]): boolean => merged.has(commit);
const login = (author: string): string => (author === self ? "github-actions[bot]" : author);
const open = (texts: readonly Text[]): Text[] => texts.filter((text) => text.open);
const changed = (text: Text, { body }: Call, word: string): void => {
  text.body = (body[word] as string | undefined) ?? text.body;
  if (body["state"] === "closed" || body["state_event"] === "close") text.open = false;
};

const github = "/repos/acme/automation";
const gitlab = "/api/v4/projects/42";
const azure = "/acme/Finance%20Team/_apis/git/repositories/5feb";
const path = (root: string, rest: string): RegExp => new RegExp(`^${root}${rest}$`);

const routes: readonly Route[] = [
  [
    "GET",
    path(github, "/commits/(\\w+)/pulls"),
    (forge, { of }) => {
      const unmerged = { number: 3, merged_at: null, merge_commit_sha: of[0], base: { ref: "main" } };
      const merged = { merged_at: "2026-11-22", merge_commit_sha: of[0] };
      const elsewhere = { ...merged, number: 4, base: { ref: "develop" } };
      const here = { ...merged, number: 7, base: { ref: "main" } };
      return [unmerged, elsewhere, ...(mergedBy(forge, of) ? [here] : [])];
    },
  ],
  [
    "GET",
    path(github, "/issues/7/comments"),
    ({ comments }, call) =>
      page(
        comments.map(({ id, body, author }) => ({ id, body, user: { login: login(author) } })),
        call,
      ),
  ],
  ["POST", path(github, "/issues/7/comments"), ({ comments }, { body }) => add(comments, body["body"])],
  [
    "PATCH",
    path(github, "/issues/comments/(\\d+)"),
    ({ comments }, call) => change(comments, call.of[0], (text) => changed(text, call, "body")),
  ],
  [
    "GET",
    path(github, "/issues"),
    ({ issues }, call) =>
      page(
        open(issues).map(({ id, body, author }) => ({ number: id, body, user: { login: login(author) } })),
        call,
      ),
  ],
  ["POST", path(github, "/issues"), ({ issues }, { body }) => add(issues, body["body"])],
  [
    "PATCH",
    path(github, "/issues/(\\d+)"),
    ({ issues }, call) => change(issues, call.of[0], (text) => changed(text, call, "body")),
  ],

  ["GET", /^\/api\/v4\/user$/, () => ({ id: self })],
  [
    "GET",
    path(gitlab, "/repository/commits/(\\w+)/merge_requests"),
    (forge, { of }) => {
      const own = {
        state: "merged",
        target_branch: "main",
        merge_commit_sha: of[0],
        squash_commit_sha: null,
        sha: "1",
      };
      return [
        { ...own, iid: 3, state: "opened" },
        { ...own, iid: 4, target_branch: "develop" },
        { ...own, iid: 5, merge_commit_sha: "2" },
        ...(mergedBy(forge, of) ? [{ ...own, iid: 7 }] : []),
      ];
    },
  ],
  [
    "GET",
    path(gitlab, "/merge_requests/7/notes"),
    ({ comments }, call) =>
      page(
        comments.map(({ id, body, author }) => ({ id, body, system: false, author: { id: author } })),
        call,
      ),
  ],
  ["POST", path(gitlab, "/merge_requests/7/notes"), ({ comments }, { body }) => add(comments, body["body"])],
  [
    "PUT",
    path(gitlab, "/merge_requests/7/notes/(\\d+)"),
    ({ comments }, call) => change(comments, call.of[0], (text) => changed(text, call, "body")),
  ],
  [
    "GET",
    path(gitlab, "/issues"),
    ({ issues }, call) =>
      page(
        open(issues)
          .filter(({ author }) => author === call.query.get("author_id"))
          .map(({ id, body }) => ({ iid: id, description: body })),
        call,
      ),
  ],
  ["POST", path(gitlab, "/issues"), ({ issues }, { body }) => add(issues, body["description"])],
  [
    "PUT",
    path(gitlab, "/issues/(\\d+)"),
    ({ issues }, call) => change(issues, call.of[0], (text) => changed(text, call, "description")),
  ],

  ["GET", /^\/acme\/_apis\/connectionData$/, () => ({ authenticatedUser: { id: self } })],
  [
    "POST",
    path(azure, "/pullrequestquery"),
    (forge, { body }) => {
      const [{ items } = { items: [""] }] = body["queries"] as { readonly items: readonly string[] }[];
      const [commit = ""] = items;
      const own = { status: "completed", targetRefName: "refs/heads/main", pullRequestId: 7 };
      const elsewhere = { ...own, targetRefName: "refs/heads/develop", pullRequestId: 4 };
      return { results: [{ [commit]: mergedBy(forge, items) ? [elsewhere, own] : [elsewhere] }] };
    },
  ],
  [
    "GET",
    path(azure, "/pullRequests/7/threads"),
    ({ comments }) => ({
      value: comments.map(({ id, body, author }) => ({
        id,
        comments: [{ id: 1, content: body, author: { id: author } }],
      })),
    }),
  ],
  [
    "POST",
    path(azure, "/pullRequests/7/threads"),
    ({ comments }, { body }) => {
      const [first] = body["comments"] as { readonly content: string }[];
      return add(comments, first?.content);
    },
  ],
  [
    "PATCH",
    path(azure, "/pullRequests/7/threads/(\\d+)/comments/1"),
    ({ comments }, call) => change(comments, call.of[0], (text) => changed(text, call, "content")),
  ],
];
