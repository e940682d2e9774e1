import { type Duration, MINUTE, SECOND } from "../../../src/domain/time.ts";
import type { Fault as Effect } from "../../simulator/faults.ts";
import { throttling, tooManyRequests } from "../../simulator/quotas.ts";
import { Refusal } from "../../simulator/service.ts";
import type { Site } from "../sites.ts";
import type { Scope, Strike } from "../strike.ts";
import {
  anywhere,
  atAws,
  atCloudWatch,
  atGitHub,
  atWrites,
  type Expectation,
  type Family,
  type Fault,
} from "./fault.ts";

const TRANSIENT: Expectation = { isTransient: true };

function fault(
  family: Family,
  name: string,
  suits: Fault["suits"],
  effect: Effect | ((site: Site) => Effect),
  scope?: Scope,
  more: Expectation = {},
): Fault {
  const arm = (strike: Strike) => strike.cause(typeof effect === "function" ? effect(strike.site) : effect, scope);
  return { family, name, suits, arm, ...more };
}

/** An effect that starts at the call and lasts for a while. */
function lasting(duration: Duration, family: Family, name: string, effect: Effect, scope: Scope): Fault {
  return {
    family,
    name,
    suits: anywhere,
    arm(strike) {
      const { clock } = strike.testbed;
      strike.meanwhile("before", () => void clock.at(clock.now() + duration, () => strike.end()));
      strike.cause(effect, scope);
    },
  };
}

const refused = (status: number, type: string, text: string, headers = {}): Effect => ({
  kind: "refused",
  refusal: new Refusal(status, type, text, headers),
});

/** Each service has its own words for too many calls. */
function throttled({ service }: Site): Effect {
  if (service === "lambda") return { kind: "refused", refusal: tooManyRequests(2) };
  if (service === "cloudwatch") return { kind: "refused", refusal: throttling() };
  return refused(429, "Too Many Requests", "You have exceeded a rate limit.", { "retry-after": "2" });
}

const RESET: Effect = { kind: "reset" };
const failing = (status: 500 | 503): Effect =>
  refused(status, status === 500 ? "InternalFailure" : "ServiceUnavailable", "Service is having trouble.");
const DENIED = (operation: string) =>
  refused(403, "AccessDeniedException", `not authorized to perform: lambda:${operation}`);
const EXPIRED = refused(403, "ExpiredTokenException", "The security token included in the request is expired");
const page = (body: string): Effect => ({
  kind: "intercepted",
  status: 200,
  headers: { "content-type": "text/html" },
  body,
});

const NETWORK: readonly Fault[] = [
  fault("network", "reset", anywhere, RESET, {}, TRANSIENT),
  lasting(MINUTE, "network", "reset, like all calls for a minute", RESET, { of: "all" }),
  fault("network", "no network from then on, for the whole job", anywhere, RESET, { of: "all" }, { outlastsJob: true }),
  fault("network", "hanging, not carried out", anywhere, { kind: "hang", carriedOut: false }, {}, TRANSIENT),
  fault("network", "hanging, carried out", atWrites, { kind: "hang", carriedOut: true }, {}, TRANSIENT),
  lasting(
    MINUTE,
    "network",
    "its service hanging for a minute",
    { kind: "hang", carriedOut: false },
    { of: "its service" },
  ),
  fault("network", "answered 4 s late", anywhere, { kind: "late", by: 4 * SECOND }, {}, TRANSIENT),
  {
    family: "network",
    name: "connections refused for 30 s",
    needsLine: true,
    suits: anywhere,
    arm(strike) {
      const { clock } = strike.testbed;
      strike.meanwhile("before", () => {
        strike.testbed.line?.cut();
        clock.at(clock.now() + 30 * SECOND, () => strike.testbed.line?.mend());
      });
      strike.cause(RESET);
    },
  },
];

const FAILING: readonly Fault[] = [
  fault("throttled or failing", "429 with Retry-After", anywhere, throttled, {}, TRANSIENT),
  fault("throttled or failing", "500", anywhere, failing(500), {}, TRANSIENT),
  fault("throttled or failing", "503", anywhere, failing(503), {}, TRANSIENT),
  fault("throttled or failing", "20 × 429", anywhere, throttled, { of: "its operation", times: 20 }),
  fault("throttled or failing", "20 × 503", anywhere, failing(503), { of: "its service", times: 20 }),
  lasting(10 * MINUTE, "throttled or failing", "503 of all of AWS for ten minutes", failing(503), { of: "AWS" }),
];

const LOST: readonly Fault[] = [
  fault("answer lost", "lost after it took effect", atWrites, { kind: "lost" }, {}, TRANSIENT),
  fault(
    "answer lost",
    "lost four times, retries included",
    atWrites,
    { kind: "lost" },
    { of: "its operation", times: 4 },
  ),
];

const RIGHTS: readonly Fault[] = [
  fault("denied", "AccessDenied", atAws, (site) => DENIED(site.operation)),
  fault(
    "denied",
    "AccessDenied from then on",
    atAws,
    (site) => DENIED(site.operation),
    { of: "its operation" },
    { outlastsJob: true },
  ),
  fault("denied", "credentials expired from then on", anywhere, EXPIRED, { of: "AWS" }, { outlastsJob: true }),
];

const MALFORMED: readonly Fault[] = [
  fault("malformed answer", "half of the body", anywhere, { kind: "garbled" }),
  fault(
    "malformed answer",
    "half of the body, five times",
    anywhere,
    { kind: "garbled" },
    { of: "its operation", times: 5 },
  ),
  fault("malformed answer", "a page of HTML", anywhere, page("<html><body>Sign in</body></html>")),
  fault("malformed answer", "an empty object", anywhere, page("{}")),
  fault("malformed answer", "no body", anywhere, page("")),
];

function cloudWatch(name: string, trouble: (strike: Strike) => void, calm?: (strike: Strike) => void): Fault {
  const arm = (strike: Strike) => {
    strike.meanwhile("before", () => trouble(strike));
    if (calm !== undefined) strike.meanwhile("after", () => calm(strike));
  };
  return { family: "CloudWatch", name, suits: atCloudWatch, arm };
}

const unreadable =
  (status: "PartialData" | "InternalError" | "Forbidden" | null) =>
  ({ testbed }: Strike) => {
    testbed.simulator.cloudwatch.unreadable = status === null ? null : { status };
  };

const CLOUDWATCH: readonly Fault[] = [
  cloudWatch("silent from then on", ({ testbed }) => {
    const now = testbed.clock.now();
    testbed.simulator.cloudwatch.metrics.silence = { from: now - (now % MINUTE), to: Number.MAX_SAFE_INTEGER };
  }),
  cloudWatch("late by ten minutes", ({ testbed }) => {
    testbed.simulator.cloudwatch.metrics.extraLag = 10 * MINUTE;
  }),
  cloudWatch("partial once", unreadable("PartialData"), unreadable(null)),
  cloudWatch("partial from then on", unreadable("PartialData")),
  cloudWatch("InternalError once", unreadable("InternalError"), unreadable(null)),
  cloudWatch("InternalError from then on", unreadable("InternalError")),
  cloudWatch("Forbidden from then on", unreadable("Forbidden")),
];

const HARMLESS: Expectation = { isHarmless: true };
const ALL: Scope = { of: "GitHub" };
const SECONDARY = { "retry-after": "60" };

const GITHUB: readonly Fault[] = [
  fault("GitHub", "down from then on", atGitHub, RESET, ALL, HARMLESS),
  fault("GitHub", "never answering from then on", atGitHub, { kind: "hang", carriedOut: false }, ALL, HARMLESS),
  fault("GitHub", "500 from then on", atGitHub, refused(500, "Error", "Server Error"), ALL, HARMLESS),
  fault(
    "GitHub",
    "403 from then on",
    atGitHub,
    refused(403, "Forbidden", "Resource not accessible by integration"),
    ALL,
    HARMLESS,
  ),
  fault("GitHub", "401 from then on", atGitHub, refused(401, "Unauthorized", "Bad credentials"), ALL, HARMLESS),
  fault(
    "GitHub",
    "secondary rate limit",
    atGitHub,
    refused(403, "Forbidden", "You have exceeded a secondary rate limit.", SECONDARY),
    { of: "GitHub", times: 3 },
    HARMLESS,
  ),
  fault(
    "GitHub",
    "422 too long",
    atGitHub,
    refused(422, "Unprocessable Entity", "Validation Failed: Body is too long"),
    {},
    HARMLESS,
  ),
  {
    family: "GitHub",
    name: "comment deleted by someone",
    suits: ({ operation }) => operation === "UpdateComment",
    ...HARMLESS,
    arm: (strike) =>
      strike.meanwhile("before", () => {
        const { repository } = strike.testbed.simulator.github;
        for (const { id } of repository.comments) repository.deleteComment(id);
      }),
  },
];

export const SERVICES: readonly Fault[] = [
  ...NETWORK,
  ...FAILING,
  ...LOST,
  ...RIGHTS,
  ...MALFORMED,
  ...CLOUDWATCH,
  ...GITHUB,
];
