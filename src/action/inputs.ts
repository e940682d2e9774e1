import type { Version } from "../domain/alias.ts";
import { formatList } from "../domain/format.ts";
import { type Excerpt, type Mistake, mistakeAt, type Parsed, whole } from "../domain/mistake.ts";
import { type Plan, parsePlan } from "../domain/plan.ts";
import { NO_REPLAY, parseReplayWindow } from "../domain/replay-window.ts";
import { DAY, type Duration, HOUR, type Instant, MINUTE, parseDuration, SECOND } from "../domain/time.ts";
import type { Wish } from "../forecast/suggested-plan.ts";
import { parseGuards } from "../guards/grammar.ts";
import type { Guard } from "../guards/guard.ts";
import type { FunctionReference } from "../preflight/order.ts";
import type { Command } from "../release/events.ts";
import type { HoldLimits, WhenInconclusive } from "../release/release.ts";
import { readCodes } from "./code-sha256.ts";
import { readPlace } from "./location.ts";

/** All inputs, parsed. */
export interface Inputs {
  readonly command: Command;
  readonly functions: readonly FunctionReference[];
  readonly alias: string;
  readonly version: Version | null;
  /** The SHA-256 of the code that must be released, by function name; empty if any may be. */
  readonly codes: ReadonlyMap<string, string>;
  readonly plan: Plan;
  readonly guards: readonly Guard[];
  readonly pollInterval: Duration;
  readonly whenInconclusive: WhenInconclusive;
  readonly holdLimits: HoldLimits;
  readonly waitForRelease: Duration;
  /** What a proposed plan must be able to find. */
  readonly wish: Wish;
  /** The part of the past to replay; both 0 for other commands. */
  readonly from: Instant;
  readonly to: Instant;
  readonly comment: boolean;
  readonly pullRequest: number | null;
  readonly githubToken: string;
  /** Null to use the AWS SDK's own credential chain. */
  readonly role: RoleToAssume | null;
  /** Null if neither an input nor an ARN names it. */
  readonly region: string | null;
}

/** A role that the action assumes itself. */
export interface RoleToAssume {
  readonly arn: string;
  /** Null for a name made from the run's id. */
  readonly session: string | null;
  readonly duration: Duration;
}

/**
 * Reads all inputs, and finds every mistake in them.
 *
 * @param read returns an input's text by its name, "" if it isn't set
 */
export function readInputs(read: (name: string) => string): Parsed<Inputs> {
  const mistakes: Mistake[] = [];
  const take = <T>(parsed: Parsed<T>, fallback: T): T => {
    if (parsed.ok) return parsed.value;
    mistakes.push(...parsed.mistakes);
    return fallback;
  };
  const one = <T>(name: string, parse: (excerpt: Excerpt) => T | Mistake, fallback: T): T => {
    const excerpt = whole(read(name));
    if (excerpt.text === "") return fallback;
    const result = parse(excerpt);
    if (!isMistake(result)) return result;
    mistakes.push(result);
    return fallback;
  };
  const choice = <T extends string>(name: string, ...options: [T, ...T[]]): T =>
    one<T>(
      name,
      (excerpt) =>
        options.find((option) => option === excerpt.text) ??
        mistakeAt(
          name,
          excerpt,
          `"${excerpt.text}" is not a choice`,
          `write ${formatList(options).replace(/ and /, " or ")}`,
        ),
      options[0],
    );

  const command = choice<Command>("command", "deploy", "rollback", "plan", "replay", "heal");
  const place = take(readPlace(read), { functions: [], region: null, role: null });
  const version = one("version", parseVersion, null);
  if (version !== null && place.functions.length > 1) {
    const problem = `version ${version} can't apply to ${place.functions.length} functions`;
    mistakes.push(mistakeAt("version", whole(version), problem, "name one function, or leave out the version"));
  }
  const role = {
    arn: place.role,
    session: one("role-session-name", parseSessionName, null),
    duration: one("role-duration", parseRoleDuration, HOUR),
  };
  if (role.session !== null && read("role-to-assume").trim() === "") {
    const problem = "a session name needs a role";
    mistakes.push(
      mistakeAt("role-session-name", whole(role.session), problem, "set role-to-assume, or leave out the name"),
    );
  }
  // Only checked here: it takes effect before any other input is read, in secrets.ts.
  choice("mask-account-id", "true", "false");
  const [from, to] = [read("from"), read("to")];
  const window = command === "replay" ? take(parseReplayWindow(from, to), NO_REPLAY) : NO_REPLAY;
  const isRelease = command === "deploy" || command === "plan";
  const inputs: Inputs = {
    command,
    functions: place.functions,
    alias: one("alias", parseAlias, "live"),
    version,
    // In an emergency, a mistake in inputs that a rollback doesn't use must not stop it.
    codes: isRelease ? take(readCodes(read("code-sha256"), place.functions), new Map()) : new Map(),
    plan: isRelease ? take(parsePlan(read("steps")), NO_PLAN) : NO_PLAN,
    guards: isRelease || command === "replay" ? take(parseGuards(read("guards")), []) : [],
    pollInterval: one("poll-interval", parsePollInterval, 20 * SECOND),
    waitForRelease: one("wait-for-release", parseWait, 0),
    holdLimits: {
      minInvocations: one("min-invocations", parseCount, 0),
      maxHold: one("max-hold", parseHold, null),
      maxUnreadable: one("max-unreadable", parseUnreadable, 5 * MINUTE),
    },
    wish: {
      mustDetect: one("must-detect", parseMustDetect, 0.05),
      budget: one("budget", parseBudget, HOUR),
    },
    ...window,
    whenInconclusive: choice<WhenInconclusive>("when-inconclusive", "proceed", "rollback"),
    comment: choice("comment", "true", "false") === "true",
    pullRequest: one("pull-request", parsePullRequest, null),
    githubToken: read("github-token").trim(),
    role: role.arn === null ? null : { ...role, arn: role.arn },
    region: place.region,
  };
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, value: inputs };
}

function isMistake(value: unknown): value is Mistake {
  return typeof value === "object" && value !== null && "remedy" in value;
}

function parseAlias(excerpt: Excerpt): string | Mistake {
  if (/^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/.test(excerpt.text)) return excerpt.text;
  const remedy = "letters, digits, - and _, 128 at most, and not only digits";
  return mistakeAt("alias", excerpt, `"${excerpt.text}" is not an alias`, remedy);
}

function parseVersion(excerpt: Excerpt): Version | Mistake {
  if (/^[1-9]\d*$/.test(excerpt.text)) return excerpt.text;
  return mistakeAt("version", excerpt, `"${excerpt.text}" is not a published version`, "give its number, such as 42");
}

function parsePollInterval(excerpt: Excerpt): Duration | Mistake {
  const interval = parseDuration(excerpt.text);
  if (interval !== null && interval >= 5 * SECOND && interval <= 300 * SECOND) return interval;
  const remedy = 'write it as "20s": from 5s to 5m';
  return mistakeAt("poll-interval", excerpt, `"${excerpt.text}" can't be used`, remedy);
}

const NO_PLAN: Plan = { steps: [], finalBake: 0 };

function parseMustDetect(excerpt: Excerpt): number | Mistake {
  const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(excerpt.text) ?? [];
  if (percent !== undefined && Number(percent) > 0 && Number(percent) <= 100) return Number(percent) / 100;
  return mistakeAt("must-detect", excerpt, `"${excerpt.text}" is not a share of calls`, 'write it as "5%"');
}

function parseBudget(excerpt: Excerpt): Duration | Mistake {
  const budget = parseDuration(excerpt.text);
  if (budget !== null && budget >= 10 * MINUTE && budget <= 5 * DAY) return budget;
  return mistakeAt("budget", excerpt, `"${excerpt.text}" can't be used`, 'write it as "1h": from 10m to 120h');
}

function parseCount(excerpt: Excerpt): number | Mistake {
  if (/^\d{1,12}$/.test(excerpt.text)) return Number(excerpt.text);
  return mistakeAt("min-invocations", excerpt, `"${excerpt.text}" is not a number of calls`, "give one, such as 500");
}

const parseHold = waiting("max-hold");
const parseWait = waiting("wait-for-release");

/** A time to wait; 0 for not at all. */
function waiting(input: string) {
  return (excerpt: Excerpt): Duration | Mistake => {
    const wait = excerpt.text === "0" ? 0 : parseDuration(excerpt.text);
    if (wait !== null && wait <= 5 * DAY) return wait;
    return mistakeAt(input, excerpt, `"${excerpt.text}" is not a time to wait`, 'write it as "10m", or 0 for none');
  };
}

function parseUnreadable(excerpt: Excerpt): Duration | Mistake {
  const holdLimits = parseDuration(excerpt.text);
  if (holdLimits !== null && holdLimits >= MINUTE && holdLimits <= DAY) return holdLimits;
  const remedy = 'write it as "5m": from 1m to 24h';
  return mistakeAt("max-unreadable", excerpt, `"${excerpt.text}" can't be used`, remedy);
}

function parsePullRequest(excerpt: Excerpt): number | Mistake {
  if (/^[1-9]\d{0,9}$/.test(excerpt.text)) return Number(excerpt.text);
  return mistakeAt("pull-request", excerpt, `"${excerpt.text}" is not a pull request`, "give its number, such as 123");
}

// The pattern and limits from STS's API model.
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

function parseSessionName(excerpt: Excerpt): string | Mistake {
  if (SESSION_NAME.test(excerpt.text)) return excerpt.text;
  const remedy = "from 2 to 64 letters, digits and _ + = , . @ -";
  return mistakeAt("role-session-name", excerpt, `"${excerpt.text}" can't name a session`, remedy);
}

function parseRoleDuration(excerpt: Excerpt): Duration | Mistake {
  const duration = parseDuration(excerpt.text);
  if (duration !== null && duration >= 15 * MINUTE && duration <= 12 * HOUR)
    return Math.round(duration / SECOND) * SECOND;
  return mistakeAt("role-duration", excerpt, `"${excerpt.text}" can't be used`, 'write it as "1h": from 15m to 12h');
}
