import { wanted } from "../../src/analysis/analyse.ts";
import type { Counts, MinuteCounts } from "../../src/analysis/counts.ts";
import type { Observation } from "../../src/analysis/verdict.ts";
import type { Routing } from "../../src/domain/alias.ts";
import type { Usual } from "../../src/domain/member.ts";
import type { Reading, Series } from "../../src/domain/ports.ts";
import { type Duration, type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { type Advance, contextOf, newRelease, type Release } from "../../src/release/release.ts";
import { DEFAULT_HOLD_LIMITS, guardsOf, memberOf, planOf, termsOf } from "../fakes/terms.ts";
import { playOffline } from "../offline.ts";
import { Random } from "../simulator/random.ts";
import { growingFigures, wholeFigures } from "./paced-figures.ts";
import { drawHour, drawMinutes, type VerificationCell } from "./verification.ts";

/** A release whose weights follow from what it has seen, by the action's own rules. */
export interface PacingCell extends Pick<VerificationCell, "environment" | "polls" | "callsPerMinute" | "baseline"> {
  readonly steps: string;
  /** As in other cells, or how often it fails. */
  readonly canary: VerificationCell["canary"] | number;
}

/** How the steps follow each other; "step by step" if each has to show figures of its own, as min-invocations asks. */
export type Pace = Advance | "step by step";

/** A cell, how its steps follow each other, and how often it is played. */
export interface PacingTrial {
  readonly cell: PacingCell;
  readonly pace: Pace;
  readonly runs: number;
}

/** How one release went. Times are in minutes, from the first shift on. */
export interface Paced {
  readonly promoted: boolean;
  readonly verified: boolean;
  readonly lasted: number;
  /** The canary's calls that failed. */
  readonly failed: number;
}

const GUARDS = guardsOf("error-rate <= baseline * 1.5 + 0.5%");
const BASELINE = "1";
const CANARY = "2";
/** With figures by the minute, looks as often as by default see all of them. */
const POLLS: Readonly<Record<PacingCell["polls"], Duration>> = {
  "by the minute": 20 * SECOND,
  "every 15 s": 15 * SECOND,
};

/** Plays a release by the action's own decisions, from the first shift to the end. */
export function playPaced(cell: PacingCell, pace: Pace, run: number): Paced {
  const random = new Random("pacing", JSON.stringify(cell), run);
  const of = { ...cell, guard: "errors", canary: typeof cell.canary === "number" ? "identical" : cell.canary } as const;
  const plan = planOf(cell.steps);
  const planned = plan.steps.reduce((sum, { bake }) => sum + bake, 0) / MINUTE;
  const held = (plan.steps.at(-1)?.bake ?? 0) / MINUTE;
  const drawn = drawMinutes(of, planned, held, random);
  const { canary } = cell;
  const minutes = typeof canary === "number" ? drawn.map((each) => ({ ...each, canary })) : drawn;
  const usual = usualOf(drawHour(of, random));
  const poll = POLLS[cell.polls];
  // The first shift comes at any time of a minute.
  let at: Instant = poll * Math.floor(random.uniform() * (MINUTE / poll));
  const start = at;
  const figures = cell.polls === "every 15 s" ? growingFigures(minutes, random) : wholeFigures(minutes, random);
  const versions = { baseline: BASELINE, canary: CANARY };
  const member = memberOf("checkout", { ...versions, usualRate: cell.callsPerMinute, longestSilence: 0, usual });
  const terms = termsOf({
    members: [member],
    plan,
    guards: GUARDS,
    advance: pace === "when-shown" ? pace : "by-time",
    holdLimits: { ...DEFAULT_HOLD_LIMITS, minInvocations: pace === "step by step" ? 1 : 0 },
  });
  const world = {
    now: () => at,
    pass(time: Duration) {
      at += time;
    },
    observe(release: Release): Observation {
      const { from } = wanted(release.analysis, contextOf(release));
      return { at, reading: readingOf(figures.shown(from, at)), alarms: new Map() };
    },
    route: ({ primary, additional }: Routing) =>
      figures.route(at, primary === CANARY ? 1 : (additional?.weight ?? 0) / 100),
  };
  const { outcome, verified } = playOffline(newRelease(terms, [], start), world, poll);
  const promoted = outcome === "promoted";
  return { promoted, verified: promoted && verified, lasted: (at - start) / MINUTE, failed: figures.failedBy(at) };
}

function usualOf(counts: Counts): Usual {
  return { latency: {}, countsByDuration: true, hasErrorSamples: true, rates: { "error-rate": counts } };
}

/** CloudWatch's answers, from these minutes. */
function readingOf(minutes: readonly MinuteCounts[]): (series: Series) => Reading {
  const points = (of: (minute: MinuteCounts) => number): Reading => {
    const all = minutes.map((each): [Instant, number] => [each.minute, of(each)]);
    return { kind: "points", points: new Map(all.filter(([, figure]) => figure > 0)) };
  };
  const calls: Readonly<Record<string, Reading>> = {
    [CANARY]: points(({ canary }) => canary.calls),
    [BASELINE]: points(({ baseline }) => baseline.calls),
  };
  const failures: Readonly<Record<string, Reading>> = {
    [CANARY]: points(({ canary }) => canary.failures),
    [BASELINE]: points(({ baseline }) => baseline.failures),
  };
  const ofAll = points(({ canary, baseline }) => canary.calls + baseline.calls);
  const none: Reading = { kind: "points", points: new Map() };
  return (series) => {
    if (series.kind !== "lambda" || series.of === "unqualified") return none;
    const of = series.metric === "Errors" && series.statistic === "sum" ? failures : calls;
    return of[series.of] ?? ofAll;
  };
}
