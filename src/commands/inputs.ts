import type { FunctionReference, Version } from "../domain/alias.ts";
import { type ReadInput, readChoice, readDuration, readOne, together } from "../domain/input.ts";
import { mistakeAt, type Parsed, whole } from "../domain/mistake.ts";
import { parsePlan } from "../domain/plan.ts";
import { DAY, type Duration, MINUTE, parseDuration, SECOND } from "../domain/time.ts";
import { parseGuards } from "../guards/grammar.ts";
import { type Guard, isComparing } from "../guards/guard.ts";
import type { Upload } from "../preflight/upload.ts";
import type { Advance, HoldLimits, Release, WhenInconclusive } from "../release/release.ts";
import { readCodes } from "./code-sha256.ts";

/** What a release is to be like: the inputs of `deploy`, which `plan` checks beforehand. */
export interface ReleaseInputs
  extends Upload,
    Pick<Release, "plan" | "advance" | "guards" | "whenInconclusive" | "holdLimits"> {
  readonly pollInterval: Duration;
  /** How long to wait for another release that is using an alias. */
  readonly waitForRelease: Duration;
}

/** Each of the inputs of a release, parsed by itself. */
export function readReleaseInputs(read: ReadInput, functions: readonly FunctionReference[]) {
  const guards = parseGuards(read("guards"));
  return {
    version: readVersion(read, functions),
    codes: readCodes(read("code-sha256"), functions),
    plan: parsePlan(read("steps")),
    advance: readAdvance(read, guards),
    guards,
    pollInterval: readDuration(read, "poll-interval", { usual: 20 * SECOND, least: 5 * SECOND, most: 5 * MINUTE }),
    waitForRelease: readWait(read, "wait-for-release", 0),
    holdLimits: together<HoldLimits>({
      minInvocations: readCount(read),
      maxHold: readWait(read, "max-hold", null),
      maxUnreadable: readDuration(read, "max-unreadable", { usual: 5 * MINUTE, least: MINUTE, most: DAY }),
    }),
    whenInconclusive: readChoice<WhenInconclusive>(read, "when-inconclusive", ["proceed", "rollback"]),
  };
}

/** Whether steps may end before their time: only if a guard can show that the canary is good. */
function readAdvance(read: ReadInput, guards: Parsed<readonly Guard[]>): Parsed<Advance> {
  const advance = readChoice<Advance>(read, "advance", ["by-time", "when-shown"]);
  const canShow = !guards.ok || guards.value.some(isComparing);
  if (!advance.ok || advance.value === "by-time" || canShow) return advance;
  const problem = "no guard compares with the baseline, so no step could show anything";
  const remedy = "add one, such as error-rate <= baseline * 1.5 + 0.5%, or write by-time";
  return { ok: false, mistakes: [mistakeAt("advance", whole(read("advance")), problem, remedy)] };
}

/** A published version; null if none is given. */
export function readVersion(read: ReadInput, functions: readonly FunctionReference[]): Parsed<Version | null> {
  return readOne<Version | null>(read, "version", null, (excerpt) => {
    const { text } = excerpt;
    if (!/^[1-9]\d*$/.test(text)) {
      return mistakeAt("version", excerpt, `"${text}" is not a published version`, "give its number, such as 42");
    }
    if (functions.length <= 1) return text;
    const problem = `version ${text} can't apply to ${functions.length} functions`;
    return mistakeAt("version", excerpt, problem, "name one function, or leave out the version");
  });
}

function readCount(read: ReadInput): Parsed<number> {
  return readOne(read, "min-invocations", 0, (excerpt) => {
    if (/^\d{1,12}$/.test(excerpt.text)) return Number(excerpt.text);
    return mistakeAt("min-invocations", excerpt, `"${excerpt.text}" is not a number of calls`, "give one, such as 500");
  });
}

/** A time to wait; 0 for not at all. */
function readWait<T extends Duration | null>(read: ReadInput, name: string, usual: T): Parsed<Duration | T> {
  return readOne<Duration | T>(read, name, usual, (excerpt) => {
    const wait = excerpt.text === "0" ? 0 : parseDuration(excerpt.text);
    if (wait !== null && wait <= 5 * DAY) return wait;
    return mistakeAt(name, excerpt, `"${excerpt.text}" is not a time to wait`, 'write it as "10m", or 0 for none');
  });
}
