import { type Routing, sameTarget, type Version } from "../domain/alias.ts";
import type { Outcome } from "../release/events.ts";
import { plain } from "./plain.ts";
import { type MemberStory, type Story, tell } from "./story.ts";
import type { ToldAnalysis, ToldEvent } from "./told.ts";

/**
 * The action's outputs, as far as they come from the journal.
 *
 * `version` is the version that was released. `previous-version` is the one before it, which a rollback goes back to.
 * For one function each is a number, empty if there is none. For a fleet it is a JSON object by function:
 * `{"checkout":"42","refund":"7"}`.
 */
export interface Outputs {
  readonly outcome: Outcome;
  /** One line. */
  readonly reason: string;
  readonly version: string;
  readonly "previous-version": string;
  readonly verified: "true" | "false";
  /** A `Report` as JSON. */
  readonly report: string;
}

/** The journal, for machines. */
export interface Report {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly verified: boolean;
  readonly functions: readonly FunctionReport[];
  /** All events. Of the looks, only those that changed a verdict or were the last of their step. */
  readonly events: readonly PublishedEvent[];
  /** True if all looks but the last were left out, because the output would have been too long. */
  readonly shortened: boolean;
}

/** An event without what only our own reports need. */
type PublishedEvent = ToldEvent extends infer E ? (E extends ToldEvent ? Omit<E, "traits"> : never) : never;

export interface FunctionReport {
  readonly function: string;
  readonly alias: string;
  readonly baseline: Version | null;
  readonly canary: Version | null;
  /** How it ended for this function. If one alias of a fleet can't be healed, the others may still be `rolled-back`. */
  readonly outcome: Outcome;
  /** What the alias served when it was read back; null if it wasn't. */
  readonly serving: Routing | null;
  /** The last verdict of each of its guards, and of those about all functions. */
  readonly guards: readonly ToldAnalysis[];
}

/**
 * All outputs of a job together may take 1 MiB, counted in UTF-16:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs.
 */
const LONGEST_REPORT = 400_000;

export function outputs(events: readonly ToldEvent[]): Outputs {
  const story = tell(events);
  const { outcome, reason, verified } = ending(story);
  return {
    outcome,
    reason,
    version: byFunction(story, ({ canary }) => canary),
    "previous-version": byFunction(story, before),
    verified: verified ? "true" : "false",
    report: JSON.stringify(report(story, events)),
  };
}

/** A journal without an end: the run was stopped before it could write one. */
function ending({ state }: Story): Pick<Report, "outcome" | "reason" | "verified"> {
  return state.kind === "ended"
    ? { outcome: state.outcome, reason: plain(state.reason), verified: state.verified }
    : { outcome: "failed", reason: "the run stopped before the release had ended", verified: false };
}

/** A rollback by hand may not know both versions. Then it went back to the one that serves now. */
function before({ baseline, serving, canary }: MemberStory): Version | null {
  return baseline ?? (canary === null ? (serving?.routing.primary ?? null) : null);
}

function byFunction({ members }: Story, version: (member: MemberStory) => Version | null): string {
  const [only] = members;
  if (members.length === 1 && only) return version(only) ?? "";
  const known = members.flatMap((member) => {
    const number = version(member);
    return number === null ? [] : [[member.target.function, number] as const];
  });
  return JSON.stringify(Object.fromEntries(known));
}

function report(story: Story, events: readonly ToldEvent[]): Report {
  const end = ending(story);
  const functions = story.members.map((member) => functionReport(story, member, end.outcome));
  const whole: Report = { ...end, functions, events: thinned(events).map(published), shortened: false };
  if (JSON.stringify(whole).length <= LONGEST_REPORT) return whole;
  const last = events.findLast(({ kind }) => kind === "judged");
  const kept = events.filter((event) => event.kind !== "judged" || event === last);
  return { ...whole, events: kept.map(published), shortened: true };
}

function published(event: ToldEvent): PublishedEvent {
  if (event.kind !== "started") return event;
  const { traits, ...others } = event;
  return others;
}

function functionReport({ rows }: Story, member: MemberStory, outcome: Outcome): FunctionReport {
  const { target, baseline, canary, serving } = member;
  return {
    function: target.function,
    alias: target.alias,
    baseline,
    canary,
    outcome: ownOutcome(member, outcome),
    serving: serving?.routing ?? null,
    guards: rows
      .map(({ analysis }) => analysis)
      .filter((analysis) => analysis.target === null || sameTarget(analysis.target, target)),
  };
}

/**
 * Members of a fleet can end differently: some had nothing to release, some are back on their baseline, others aren't.
 */
function ownOutcome({ baseline, canary, serving, stranded }: MemberStory, outcome: Outcome): Outcome {
  if (stranded !== null) return "failed";
  if (canary === null) return outcome;
  if (baseline === canary) return "unchanged";
  if (baseline === null) return serving === null ? outcome : "created";
  const isBack = serving?.routing.primary === baseline && serving.routing.additional === null;
  return outcome === "failed" && isBack ? "rolled-back" : outcome;
}

/** Leaves out looks without a new verdict, unless they were the last of their step. */
function thinned(events: readonly ToldEvent[]): readonly ToldEvent[] {
  let last = "";
  return events.filter((event, index) => {
    if (event.kind !== "judged") return true;
    const verdicts = JSON.stringify(event.analyses.map(({ rule, target, verdict }) => [rule, target, verdict]));
    const isNew = verdicts !== last;
    last = verdicts;
    const next = events.slice(index + 1).find(({ kind }) => kind !== "noted" && kind !== "warned");
    return isNew || next?.kind !== "judged";
  });
}
