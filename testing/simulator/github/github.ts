import { HOUR, type Instant, MINUTE, SECOND } from "../../../src/domain/time.ts";
import { type Answer, answer, jsonOf, type Operation, Refusal, type Request, type Service } from "../service.ts";
import type { SimulatedTime } from "../time.ts";
import { type Author, Repository, WORKFLOW } from "./repository.ts";
import { commentShape, idOf, pullRequestShape, runShape } from "./shapes.ts";

const PREFIX = "/github";
const REPOSITORY = `^${PREFIX}/repos/(?<owner>[^/]+)/(?<repo>[^/]+)`;
/** Observed: "Body is too long (maximum is 65536 characters)". */
const LONGEST_BODY = 65_536;

/**
 * A workflow's own token shares this with every other workflow of the repository:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.
 */
const CALLS_OF_WORKFLOWS = 1_000;
/** Any other token has these for itself. */
const CALLS_OF_OTHERS = 5_000;
/** Limits on calls that write content. Beyond these, GitHub answers with a secondary rate limit. */
const WRITES = [
  { within: MINUTE, most: 80 },
  { within: HOUR, most: 500 },
];

/** What the token may do, in the words of a workflow's `permissions:`. */
export interface Rights {
  readonly pullRequests: "write" | "read" | "none";
  readonly actions: "read" | "none";
}

/** The hour in which calls are counted. It starts with the first call after the last one has ended. */
interface Hour {
  readonly ends: Instant;
  used: number;
}

interface GitHubCall {
  readonly request: Request;
  readonly author: Author;
  readonly owner: string;
  readonly repo: string;
  /** The number, id or commit in the path. */
  readonly id: string;
  readonly attempt: string;
}

interface Route {
  readonly operation: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: RegExp;
  readonly needs: Partial<Rights>;
  /** Counted apart from the REST API. */
  readonly isGraphQL?: true;
  readonly carryOut: (call: GitHubCall) => Answer;
}

/** GitHub's API under `/github`, for pull requests, their comments, workflow runs, and who a token belongs to. */
export class GitHub implements Service {
  readonly name = "github";
  readonly repository = new Repository();
  rights: Rights = { pullRequests: "write", actions: "read" };
  outage: "none" | "failing" | "rate-limited" | "secondary-limited" = "none";
  /** Who each token belongs to. Any other token is a workflow's own. An app's token is one of its installation. */
  readonly tokens = new Map<string, Author>();
  /** How many calls an hour the repository's other workflows make with their tokens. */
  callsOfOtherWorkflows = 0;
  /** Whether something between the job and GitHub lets nothing but the REST API through. */
  hasGraphQL = true;
  readonly #time: SimulatedTime;
  readonly #hours = new Map<string, Hour>();
  #writes: readonly Instant[] = [];

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  serves({ path }: Request): boolean {
    return path.startsWith(`${PREFIX}/`);
  }

  understand(request: Request): Operation {
    for (const route of this.#routes) {
      const match = request.method === route.method ? route.path.exec(request.path) : null;
      if (match === null) continue;
      const { owner = "", repo = "", id = "", attempt = "" } = match.groups ?? {};
      return {
        name: route.operation,
        target: id === "" ? "" : `#${id.slice(0, 12)}`,
        summary: headlineOf(request),
        permission: null,
        quota: null,
        carryOut: () => {
          const author = this.#authorOf(request);
          const limits = this.#count(author, route.isGraphQL ? "graphql" : "core");
          try {
            this.#admit(route.needs);
            const given = route.carryOut({ request, author, owner, repo, id, attempt });
            return { ...given, headers: { ...limits, ...given.headers } };
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            throw new Refusal(error.status, error.type, error.message, { ...limits, ...error.headers });
          }
        },
      };
    }
    const what = `${request.method} ${request.path.slice(PREFIX.length)}`;
    const known = this.#routes.map(({ operation }) => operation);
    throw new Refusal(404, "Not Found", `This simulator has no GitHub ${what}. It has: ${known.join(", ")}.`);
  }

  refuse({ status, message, headers }: Refusal): Answer {
    const body = { message, documentation_url: "https://docs.github.com/rest", status: String(status) };
    return answer(status, body, { headers, note: message });
  }

  readonly #routes: readonly Route[] = [
    {
      operation: "ListPullRequestsOfCommit",
      method: "GET",
      path: new RegExp(`${REPOSITORY}/commits/(?<id>[^/]+)/pulls$`),
      needs: { pullRequests: "read" },
      carryOut: ({ owner, repo, id }) => {
        const found = this.repository.pullRequests.filter(({ mergedAs, head }) => mergedAs === id || head === id);
        return answer(
          200,
          found.map((pull) => pullRequestShape(owner, repo, pull)),
        );
      },
    },
    {
      operation: "GetPullRequest",
      method: "GET",
      path: new RegExp(`${REPOSITORY}/pulls/(?<id>\\d+)$`),
      needs: { pullRequests: "read" },
      carryOut: ({ owner, repo, id }) => answer(200, pullRequestShape(owner, repo, this.#pullRequest(id))),
    },
    {
      operation: "ListComments",
      method: "GET",
      path: new RegExp(`${REPOSITORY}/issues/(?<id>\\d+)/comments$`),
      needs: { pullRequests: "read" },
      carryOut: (call) => this.#listComments(call),
    },
    {
      operation: "CreateComment",
      method: "POST",
      path: new RegExp(`${REPOSITORY}/issues/(?<id>\\d+)/comments$`),
      needs: { pullRequests: "write" },
      carryOut: ({ request, author, owner, repo, id }) => {
        const { number } = this.#pullRequest(id);
        const body = this.#bodyOf(request);
        const comment = this.repository.addComment(number, author, body, this.#time.now());
        return answer(201, commentShape(owner, repo, comment), { note: `comment ${comment.id}` });
      },
    },
    {
      operation: "UpdateComment",
      method: "PATCH",
      path: new RegExp(`${REPOSITORY}/issues/comments/(?<id>\\d+)$`),
      needs: { pullRequests: "write" },
      carryOut: ({ request, author, owner, repo, id }) => {
        const comment = this.#comment(id);
        // Whoever may write to the repository may edit everybody's comments: nothing but care keeps them whole.
        if (author.kind === "user" && comment.author.login !== author.login) throw notAccessible();
        const edited = this.repository.editComment(comment.id, this.#bodyOf(request), this.#time.now());
        return answer(200, commentShape(owner, repo, edited ?? comment));
      },
    },
    {
      operation: "DeleteComment",
      method: "DELETE",
      path: new RegExp(`${REPOSITORY}/issues/comments/(?<id>\\d+)$`),
      needs: { pullRequests: "write" },
      carryOut: ({ id }) => {
        this.repository.deleteComment(this.#comment(id).id);
        return { status: 204, headers: {}, body: "", note: "" };
      },
    },
    {
      operation: "GetRun",
      method: "GET",
      path: new RegExp(`${REPOSITORY}/actions/runs/(?<id>\\d+)(?:/attempts/(?<attempt>\\d+))?$`),
      needs: { actions: "read" },
      carryOut: ({ owner, repo, id, attempt }) => {
        const run = this.repository.runs.get(Number(id));
        if (run === undefined || Number(attempt) > run.attempt) throw new Refusal(404, "Not Found", "Not Found");
        // Earlier attempts are over once there is a later one.
        const isEarlier = attempt !== "" && Number(attempt) < run.attempt;
        const shown = isEarlier
          ? ({ ...run, attempt: Number(attempt), status: "completed", conclusion: "failure" } as const)
          : run;
        return answer(200, runShape(owner, repo, shown), { note: shown.status });
      },
    },
    {
      operation: "GetUser",
      method: "GET",
      path: new RegExp(`^${PREFIX}/user$`),
      needs: {},
      carryOut: ({ author }) => {
        // The token of a workflow, or of any other app, belongs to no user.
        if (author.kind === "app") throw notAccessible();
        return answer(200, { login: author.login, id: idOf(author), type: "User" });
      },
    },
    {
      operation: "GetViewer",
      method: "POST",
      path: new RegExp(`^${PREFIX}/graphql$`),
      needs: {},
      isGraphQL: true,
      carryOut: ({ request, author }) => {
        if (!this.hasGraphQL) throw new Refusal(404, "Not Found", "Not Found");
        const { query } = jsonOf(request, "Bad Request");
        if (!/^\s*(query\s*)?\{\s*viewer\s*\{[\s\w]*\}\s*\}\s*$/.test(String(query))) {
          return answer(200, { errors: [{ message: "This simulator answers only who the viewer is." }] });
        }
        return answer(200, { data: { viewer: { login: author.login, databaseId: idOf(author) } } });
      },
    },
  ];

  #authorOf({ headers }: Request): Author {
    if (this.outage === "failing") {
      throw new Refusal(503, "Service Unavailable", "We had issues producing the response to your request.");
    }
    const [, token] = /^(?:token|bearer) (\S+)$/i.exec(headers.authorization ?? "") ?? [];
    if (token === undefined) throw new Refusal(401, "Unauthorized", "Requires authentication");
    return this.tokens.get(token) ?? WORKFLOW;
  }

  /** Counts a call, and says how many are left. @throws Refusal if none is */
  #count({ login }: Author, resource: "core" | "graphql"): Readonly<Record<string, string>> {
    const now = this.#time.now();
    const key = `${resource} ${login}`;
    const known = this.#hours.get(key);
    const hour = known === undefined || now >= known.ends ? { ends: now + HOUR, used: 0 } : known;
    this.#hours.set(key, hour);
    const isWorkflows = login === WORKFLOW.login;
    const limit = isWorkflows ? CALLS_OF_WORKFLOWS : CALLS_OF_OTHERS;
    const others = isWorkflows && resource === "core" ? this.callsOfOtherWorkflows : 0;
    const isOver = this.outage === "rate-limited" || hour.used + others >= limit;
    if (!isOver) hour.used += 1;
    const used = isOver ? limit : hour.used + others;
    const limits = {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(limit - used),
      "x-ratelimit-used": String(used),
      "x-ratelimit-reset": String(Math.ceil(hour.ends / SECOND)),
      "x-ratelimit-resource": resource,
    };
    if (isOver) throw new Refusal(403, "Forbidden", "API rate limit exceeded for installation ID 1.", limits);
    return limits;
  }

  /** @throws Refusal unless the token has the rights that are needed now */
  #admit(needs: Partial<Rights>): void {
    if (this.outage === "secondary-limited") throw secondaryLimited();
    const { pullRequests, actions } = this.rights;
    if (needs.pullRequests === "write" && pullRequests !== "write") throw notAccessible();
    if (needs.pullRequests === "read" && pullRequests === "none") throw notAccessible();
    if (needs.actions === "read" && actions === "none") throw notAccessible();
    if (needs.pullRequests === "write") this.#countWrite(this.#time.now());
  }

  #countWrite(now: Instant): void {
    this.#writes = [...this.#writes.filter((at) => at > now - HOUR), now];
    for (const { within, most } of WRITES) {
      if (this.#writes.filter((at) => at > now - within).length <= most) continue;
      throw secondaryLimited();
    }
  }

  #pullRequest(number: string) {
    const pull = this.repository.pullRequests.find((each) => each.number === Number(number));
    if (pull === undefined) throw new Refusal(404, "Not Found", "Not Found");
    return pull;
  }

  #comment(id: string) {
    const comment = this.repository.comments.find((each) => each.id === Number(id));
    if (comment === undefined) throw new Refusal(404, "Not Found", "Not Found");
    return comment;
  }

  #bodyOf(request: Request): string {
    const { body } = jsonOf(request, "Bad Request");
    if (typeof body !== "string" || body.trim() === "") throw invalid("Body cannot be blank");
    if (Buffer.byteLength(body) > LONGEST_BODY) throw invalid("Body is too long (maximum is 65536 characters)");
    return body;
  }

  #listComments({ request, owner, repo, id }: GitHubCall): Answer {
    const { number } = this.#pullRequest(id);
    const all = this.repository.comments.filter(({ issue }) => issue === number);
    const size = Math.min(100, Math.max(1, Number(request.query.get("per_page") ?? 30)));
    const page = Math.max(1, Number(request.query.get("page") ?? 1));
    const last = Math.max(1, Math.ceil(all.length / size));
    const link = (to: number, relation: string) => {
      const query = new URLSearchParams(request.query);
      query.set("page", String(to));
      return `<http://${request.headers.host}${request.path}?${query}>; rel="${relation}"`;
    };
    const links = [
      ...(page > 1 ? [link(1, "first"), link(page - 1, "prev")] : []),
      ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
    ];
    const shown = all.slice((page - 1) * size, page * size);
    return answer(
      200,
      shown.map((comment) => commentShape(owner, repo, comment)),
      { headers: links.length > 0 ? { link: links.join(", ") } : {}, note: `page ${page} of ${last}` },
    );
  }
}

function notAccessible(): Refusal {
  return new Refusal(403, "Forbidden", "Resource not accessible by integration");
}

function invalid(message: string): Refusal {
  return new Refusal(422, "Unprocessable Entity", `Validation Failed: ${message}`);
}

function secondaryLimited(): Refusal {
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  return new Refusal(403, "Forbidden", message, { "retry-after": "60" });
}

/** The first line of a comment that people see. */
function headlineOf({ method, body }: Request): string {
  if (method !== "POST" && method !== "PATCH") return "";
  try {
    const text = String(JSON.parse(body.toString("utf8")).body ?? "");
    const lines = text.replace(/<!--.*?-->/gs, "").split("\n");
    return (lines.find((line) => line.trim() !== "") ?? "").slice(0, 100);
  } catch {
    return "";
  }
}
