import { VERDICTS } from "../analysis/verdict.ts";
import { type Routing, sameTarget, type Version } from "../domain/alias.ts";
import type { Ending, Outcome } from "../release/events.ts";
import { clip, plain } from "./plain.ts";
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
  /** What is known of a version that was promoted: `shown`, `unopposed` or `unjudged`; null if none was. */
  readonly confidence: NonNullable<Ending["confidence"]> | null;
  readonly functions: readonly FunctionReport[];
  /** All events. Of the looks, only those that changed a verdict or were the last of their step. */
  readonly events: readonly PublishedEvent[];
  /**
   * True if the output would have been too long. Then all looks but the last were left out; if that wasn't enough, the
   * last too, then the verdicts of each function, its worst at last, and then early events, and the ends of long lists
   * and texts.
   */
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
 * What the report and the reason leave is for the versions of a fleet.
 */
const LONGEST_REPORT = 350_000;
const LONGEST_REASON = 50_000;

/** How much a report may hold. */
interface ReportBudget {
  /** Which looks. "news": those that changed a verdict or were the last of their step. */
  readonly looks: "news" | "last" | "none";
  /** The most verdicts of each function. */
  readonly verdicts: number;
  /** The most rows of each list. */
  readonly rows: number;
  /** The most characters of each text. */
  readonly length: number;
}

const ALL = Number.POSITIVE_INFINITY;
/** No command by which an alias is healed is longer: half of one would be dangerous. */
const LONG = 2_000;

/** The largest first: the first that fits is used. */
const REPORT_BUDGETS: readonly ReportBudget[] = [
  { looks: "news", verdicts: ALL, rows: ALL, length: ALL },
  { looks: "last", verdicts: ALL, rows: ALL, length: ALL },
  { looks: "none", verdicts: ALL, rows: ALL, length: ALL },
  { looks: "none", verdicts: 1, rows: ALL, length: LONG },
  { looks: "none", verdicts: 0, rows: ALL, length: LONG },
  { looks: "none", verdicts: 0, rows: 200, length: LONG },
  { looks: "none", verdicts: 0, rows: 20, length: LONG },
  { looks: "none", verdicts: 0, rows: 5, length: LONG },
];

export function outputs(events: readonly ToldEvent[]): Outputs {
  const story = tell(events);
  const { outcome, reason, verified } = ending(story);
  return {
    outcome,
    reason,
    version: byFunction(story, ({ canary }) => canary),
    "previous-version": byFunction(story, before),
    verified: verified ? "true" : "false",
    report: report(story, events),
  };
}

/** A journal without an end: the run was stopped before it could write one. */
function ending({ state }: Story): Pick<Report, "outcome" | "reason" | "verified" | "confidence"> {
  if (state.kind !== "ended") {
    const reason = "the run stopped before the release had ended";
    return { outcome: "failed", reason, verified: false, confidence: null };
  }
  const { outcome, verified, confidence } = state;
  return { outcome, reason: clip(plain(state.reason), LONGEST_REASON), verified, confidence };
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

/** The first report that fits. */
function report(story: Story, events: readonly ToldEvent[]): string {
  let text = "";
  for (const budget of REPORT_BUDGETS) {
    text = JSON.stringify(reportWithin(budget, story, events), (_, value: unknown) => cut(budget, value));
    if (text.length <= LONGEST_REPORT) break;
  }
  return text;
}

function reportWithin(budget: ReportBudget, story: Story, events: readonly ToldEvent[]): Report {
  const end = ending(story);
  return {
    ...end,
    functions: story.members.map((member) => functionReport(story, member, end.outcome, budget)),
    // The end tells the most.
    events: looksWithin(budget, events).slice(-budget.rows).map(published),
    shortened: budget.looks !== "news",
  };
}

function looksWithin({ looks }: ReportBudget, events: readonly ToldEvent[]): readonly ToldEvent[] {
  if (looks === "news") return thinned(events);
  const last = looks === "last" ? events.findLast(({ kind }) => kind === "judged") : null;
  return events.filter((event) => event.kind !== "judged" || event === last);
}

function cut({ rows, length }: ReportBudget, value: unknown): unknown {
  if (typeof value === "string") return clip(value, length);
  return Array.isArray(value) ? value.slice(0, rows) : value;
}

function published(event: ToldEvent): PublishedEvent {
  if (event.kind !== "started") return event;
  const { traits, ...others } = event;
  return others;
}

function functionReport(
  { rows }: Story,
  member: MemberStory,
  outcome: Outcome,
  { verdicts }: ReportBudget,
): FunctionReport {
  const { target, baseline, canary, serving } = member;
  const guards = rows
    .map(({ analysis }) => analysis)
    .filter((analysis) => analysis.target === null || sameTarget(analysis.target, target));
  return {
    function: target.function,
    alias: target.alias,
    baseline,
    canary,
    outcome: ownOutcome(member, outcome),
    serving: serving?.routing ?? null,
    guards: verdicts < guards.length ? worstFirst(guards).slice(0, verdicts) : guards,
  };
}

function worstFirst(guards: readonly ToldAnalysis[]): readonly ToldAnalysis[] {
  return guards.toSorted((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict));
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
