import { type Percent, type Routing, sameTarget, type Target, type Version } from "../domain/alias.ts";
import type { Plan } from "../domain/plan.ts";
import type { Duration, Instant } from "../domain/time.ts";
import type { ForecastTold } from "../forecast/suggested-plan.ts";
import type { Guard } from "../guards/guard.ts";
import type { Change, Check, Ending, Outcome, Traits } from "../release/events.ts";
import { isSameRule, type ToldAnalysis, type ToldEvent, type ToldReplay } from "./told.ts";

/** Where the release stands. */
export type State =
  /** As far as is known, nothing is published or shifted yet. */
  | { readonly kind: "preparing" }
  /** The versions are known, and all traffic is on the baselines. */
  | { readonly kind: "ready" }
  /** `lacks` is what the step still waits for after its bake; null before. */
  | {
      readonly kind: "baking";
      readonly step: number;
      readonly since: Instant;
      readonly until: Instant;
      /** True if the step ends before that once it has shown the canary to be good. */
      readonly orSooner: boolean;
      readonly lacks: string | null;
    }
  /** All traffic is on the canaries; `until` is null when no final bake follows. */
  | {
      readonly kind: "promoted";
      readonly since: Instant;
      readonly until: Instant | null;
      readonly lacks: string | null;
    }
  | { readonly kind: "rolling-back"; readonly since: Instant; readonly reason: string }
  | {
      readonly kind: "ended";
      readonly at: Instant;
      readonly outcome: Outcome;
      readonly reason: string;
      readonly verified: boolean;
      /** What is known of a version that was promoted; null if none was. */
      readonly confidence: NonNullable<Ending["confidence"]> | null;
    };

/** One function, and what is known about it. */
export interface MemberStory extends Change {
  /** What the alias served when it was last read back. */
  readonly serving: { readonly at: Instant; readonly routing: Routing; readonly movingFrom: Version | null } | null;
  readonly stranded: Omit<Stranded, "target"> | null;
}

/** An alias that could not be healed; `command` heals it by hand. */
export interface Stranded {
  readonly target: Target;
  readonly reason: string;
  readonly command: string;
  /** The highest weight that the canary may have; null if nobody knows. */
  readonly weight: Percent | null;
}

/** A step of the plan, or the promotion, and how it went. */
export interface StepStory {
  readonly weight: Percent;
  readonly bake: Duration;
  readonly state: "ahead" | "at-hand" | "done" | "stopped";
  /** When traffic was shifted to it; null if it wasn't. */
  readonly since: Instant | null;
  /** When it ended; for the current step, when it can end at the earliest. */
  readonly until: Instant | null;
  /** True if the current step may end before that. */
  readonly orSooner: boolean;
}

/** The last verdict of one rule on one function. */
export interface Row {
  readonly analysis: ToldAnalysis;
  readonly at: Instant;
}

/** Everything that log, comment and summary show. It is made from the events alone. */
export interface Story extends Pick<Traits, "moves" | "aRollbackIs"> {
  readonly startedAt: Instant | null;
  /** The time of the last event. */
  readonly asOf: Instant | null;
  readonly plan: Plan | null;
  readonly guards: readonly Guard[];
  readonly members: readonly MemberStory[];
  readonly state: State;
  /** The shifts so far; the promotion counts as one more step. `left` is null for the current one. */
  readonly shifts: readonly { readonly step: number; readonly since: Instant; readonly left: Instant | null }[];
  readonly rows: readonly Row[];
  readonly lookedAt: Instant | null;
  readonly verified: boolean;
  /** What the steps are expected to see; null while that is unknown. */
  readonly forecast: ForecastTold | null;
  readonly checks: readonly Check[];
  readonly replayed: readonly ToldReplay[];
  readonly notes: readonly { readonly at: Instant; readonly text: string }[];
  readonly warnings: readonly string[];
  /** Whether a group is open in the log. */
  readonly inChapter: boolean;
}

/** The story before anything has happened. */
export const unwritten: Story = {
  moves: "forth",
  aRollbackIs: "a failure",
  startedAt: null,
  asOf: null,
  plan: null,
  guards: [],
  members: [],
  state: { kind: "preparing" },
  shifts: [],
  rows: [],
  lookedAt: null,
  verified: false,
  forecast: null,
  checks: [],
  replayed: [],
  notes: [],
  warnings: [],
  inChapter: false,
};

export function tell(events: readonly ToldEvent[]): Story {
  return events.reduce(advance, unwritten);
}

/** The story with one more event. */
export function advance(before: Story, event: ToldEvent): Story {
  const { at } = event;
  const story: Story = { ...before, asOf: at };
  switch (event.kind) {
    case "started": {
      const members = event.targets.map((target) => newMember({ target, baseline: null, canary: null }));
      const { plan, guards, traits } = event;
      const { moves, aRollbackIs } = traits;
      return { ...story, moves, aRollbackIs, plan, guards, members, startedAt: at };
    }
    case "chapter":
      return { ...story, inChapter: true };
    case "noted":
      return { ...story, notes: [...story.notes, { at, text: event.text }] };
    case "warned":
      return { ...story, warnings: [...story.warnings, event.text] };
    case "forecast": {
      const { forecasts, proposals, wish } = event;
      return { ...story, forecast: { forecasts, proposals, wish } };
    }
    case "checked":
      return { ...story, checks: event.checks };
    case "replayed":
      return { ...story, replayed: event.rows };
    case "prepared": {
      const members = event.changes.reduce((all, change) => withMember(all, change.target, change), story.members);
      return { ...story, members, state: { kind: "ready" } };
    }
    case "shifted": {
      const { step, until, orSooner = false } = event;
      return {
        ...moved(story, step, at),
        state: { kind: "baking", step, since: at, until, orSooner, lacks: null },
        inChapter: true,
      };
    }
    case "held": {
      const { state } = story;
      const isWaiting = state.kind === "baking" || state.kind === "promoted";
      return isWaiting ? { ...story, state: { ...state, until: event.until, lacks: event.lacks } } : story;
    }
    case "judged":
      return { ...story, rows: judgedRows(story, event.analyses, at), lookedAt: at, verified: event.verified };
    case "promoted": {
      const state = { kind: "promoted", since: at, until: event.until, lacks: null } as const;
      return { ...moved(story, story.plan?.steps.length ?? 0, at), state, inChapter: event.until !== null };
    }
    case "turned-back": {
      const state = { kind: "rolling-back", since: at, reason: event.reason } as const;
      return { ...story, shifts: leave(story, at), state, inChapter: false };
    }
    case "serving": {
      const { routing, movingFrom = null } = event;
      const serving = { at, routing, movingFrom };
      return { ...story, members: withMember(story.members, event.target, { serving }) };
    }
    case "stranded": {
      const { reason, command, weight } = event;
      const stranded = { reason, command, weight };
      return { ...story, members: withMember(story.members, event.target, { stranded }), inChapter: false };
    }
    case "ended": {
      const { outcome, reason, verified, confidence = null } = event;
      const state = { kind: "ended", at, outcome, reason, verified, confidence } as const;
      return { ...story, shifts: leave(story, at), state, verified, inChapter: false };
    }
  }
}

/**
 * What people wait for, as a text that changes with it: another step, verdict or hold, a warning, the end. Not the
 * figures.
 */
export function gist({ state, members, rows, warnings }: Story): string {
  const step = state.kind === "baking" ? state.step : null;
  const isHeld = (state.kind === "baking" || state.kind === "promoted") && state.lacks !== null;
  const verdicts = rows.map(({ analysis: { rule, target, verdict } }) => [rule, target, verdict]);
  const changes = members.map(({ canary, stranded }) => [canary, stranded !== null]);
  return JSON.stringify([state.kind, step, isHeld, verdicts, changes, warnings.length]);
}

/** The plan's steps in order, and then the promotion. */
export function stepsOf({ plan, shifts, state }: Story): readonly StepStory[] {
  if (plan === null) return [];
  const latest = shifts.at(-1)?.step ?? -1;
  const promoted = state.kind === "ended" && state.outcome === "promoted";
  return [...plan.steps, { weight: 100, bake: plan.finalBake }].map(({ weight, bake }, step): StepStory => {
    const shift = shifts.find((each) => each.step === step);
    const since = shift?.since ?? null;
    const left = shift?.left ?? null;
    const of = { weight, bake, since, orSooner: false };
    if (step < latest || (promoted && step === latest)) return { ...of, state: "done", until: left };
    if (step > latest) return { ...of, state: "ahead", until: null };
    if (left !== null) return { ...of, state: "stopped", until: left };
    const until = state.kind === "baking" || state.kind === "promoted" ? state.until : null;
    return { ...of, state: "at-hand", until, orSooner: state.kind === "baking" && state.orSooner };
  });
}

/** The canaries' share of the traffic in percent. Once the release has ended, it is 0 unless it was promoted. */
export function weightNow({ plan, shifts, state }: Story): Percent {
  if (state.kind === "ended" && state.outcome !== "promoted") return 0;
  const latest = shifts.at(-1);
  if (latest === undefined) return 0;
  return plan?.steps[latest.step]?.weight ?? 100;
}

/** The aliases that could not be healed, and what heals them. */
export function strandedOf({ members }: Story): readonly Stranded[] {
  return members.flatMap(({ target, stranded }) => (stranded === null ? [] : [{ target, ...stranded }]));
}

/**
 * True if somebody has to do something in production: not after a rollback that has brought all traffic back, or where no
 * traffic was moved.
 */
export function needsSomebody(story: Story): boolean {
  const { state } = story;
  if (strandedOf(story).length > 0) return true;
  if (state.kind !== "ended") return false;
  switch (state.outcome) {
    case "promoted":
      return state.confidence === "unjudged";
    case "superseded":
      return !isAllOnBaselines(story);
    case "failed":
      return story.moves !== "nothing" && !(story.moves === "forth" && story.shifts.length === 0 && !isWeighted(story));
    case "rolled-back":
    case "unchanged":
    case "created":
    case "planned":
    case "replayed":
      return false;
  }
}

/** True if an alias has weights that this run didn't set. */
function isWeighted({ members }: Story): boolean {
  return members.some(({ serving }) => (serving?.routing.additional ?? null) !== null);
}

function isAllOnBaselines({ members }: Story): boolean {
  return members.every(
    ({ serving, baseline }) => serving?.routing.additional === null && serving.routing.primary === baseline,
  );
}

/** The members that go from one version to another: not those that were just created or had nothing new. */
export function releasedOf({ members }: Story): readonly MemberStory[] {
  return members.filter(({ baseline, canary }) => baseline !== null && canary !== null && baseline !== canary);
}

function newMember(change: Change): MemberStory {
  return { ...change, serving: null, stranded: null };
}

function withMember(
  members: readonly MemberStory[],
  target: Target,
  news: Partial<Omit<MemberStory, "target">>,
): readonly MemberStory[] {
  const known = members.some((member) => sameTarget(member.target, target));
  const all = known ? members : [...members, newMember({ target, baseline: null, canary: null })];
  return all.map((member) => (sameTarget(member.target, target) ? { ...member, ...news, target } : member));
}

function moved(story: Story, step: number, at: Instant): Story {
  return { ...story, shifts: [...leave(story, at), { step, since: at, left: null }] };
}

function leave({ shifts }: Story, at: Instant): Story["shifts"] {
  return shifts.map((shift) => ({ ...shift, left: shift.left ?? at }));
}

/** A guard that is no longer judged keeps its last row, such as a comparison after the promotion. */
function judgedRows({ rows, guards }: Story, analyses: readonly ToldAnalysis[], at: Instant): readonly Row[] {
  const isNew = ({ analysis }: Row) => analyses.some((each) => isSameRule(each, analysis));
  const kept = rows.filter((row) => !isNew(row) && row.analysis.kind !== "traffic" && row.analysis.kind !== "alias");
  const all = [...kept, ...analyses.map((analysis) => ({ analysis, at }))];
  const place = ({ analysis }: Row) => analysis.place ?? guards.length;
  return all.sort((a, b) => place(a) - place(b));
}
