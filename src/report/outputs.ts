import { type Routing, sameTarget, type Version } from "../release/alias.ts";
import type { Event, Outcome } from "../release/journal.ts";
import type { Analysis } from "../release/verdict.ts";
import { plain } from "./plain.ts";
import { type MemberStory, type Story, tell } from "./story.ts";

/**
 * The outputs of the action that the journal gives, by their names.
 *
 * `version` is the version that was released, and `previous-version` the one before it, to which a rollback goes back.
 * For one function each is its number (empty while there is none); for a fleet it is a JSON object by function:
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

/** The journal for machines. */
export interface Report {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly verified: boolean;
  readonly functions: readonly FunctionReport[];
  /** All that happened; of the looks only those that changed a verdict or were the last of their step. */
  readonly events: readonly Event[];
  /** True where all looks but the last were left out, because the whole would have been too long for an output. */
  readonly shortened: boolean;
}

export interface FunctionReport {
  readonly function: string;
  readonly alias: string;
  readonly baseline: Version | null;
  readonly canary: Version | null;
  /** Its own end: where one alias of a fleet could not be healed, the others may be `rolled-back`. */
  readonly outcome: Outcome;
  /** What the alias served when it was read back; null when it wasn't. */
  readonly serving: Routing | null;
  /** The last verdict of each guard over it, those about all functions included. */
  readonly guards: readonly Analysis[];
}

/** A job's outputs together may take 1 MiB, counted in UTF-16. */
const LONGEST_REPORT = 400_000;

export function outputs(events: readonly Event[]): Outputs {
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

/** A run that wrote no end was stopped before it could. */
function ending({ state }: Story): Pick<Report, "outcome" | "reason" | "verified"> {
  return state.kind === "ended"
    ? { outcome: state.outcome, reason: plain(state.reason), verified: state.verified }
    : { outcome: "failed", reason: "the run stopped before the release had ended", verified: false };
}

/** A rollback by hand doesn't tell both versions: the one that it went back to is then the one that serves. */
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

function report(story: Story, events: readonly Event[]): Report {
  const end = ending(story);
  const functions = story.members.map((member) => functionReport(story, member, end.outcome));
  const whole: Report = { ...end, functions, events: thinned(events), shortened: false };
  if (JSON.stringify(whole).length <= LONGEST_REPORT) return whole;
  const last = events.findLast(({ kind }) => kind === "judged");
  return { ...whole, events: events.filter((event) => event.kind !== "judged" || event === last), shortened: true };
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

/** In a fleet, some may have had nothing to release, and some may be back on their baseline while others aren't. */
function ownOutcome({ baseline, canary, serving, stranded }: MemberStory, outcome: Outcome): Outcome {
  if (stranded !== null) return "failed";
  if (canary === null) return outcome;
  if (baseline === canary) return "unchanged";
  if (baseline === null) return serving === null ? outcome : "created";
  const isBack = serving?.routing.primary === baseline && serving.routing.additional === null;
  return outcome === "failed" && isBack ? "rolled-back" : outcome;
}

/** Without the looks that brought nothing new and after which the step went on. */
function thinned(events: readonly Event[]): readonly Event[] {
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
