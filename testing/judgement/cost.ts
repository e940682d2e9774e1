import { type Evidence, type MinuteCounts, noEvidence } from "../../src/analysis/counts.ts";
import { RISKS } from "../../src/analysis/e-process.ts";
import type { Method } from "../../src/analysis/method.ts";
import { seriesOf } from "../../src/analysis/series.ts";
import { stepFrom } from "../../src/analysis/state.ts";
import type { Observation } from "../../src/analysis/verdict.ts";
import { type ActiveWatch, judgeWatch } from "../../src/analysis/watch.ts";
import type { LambdaSeries, Reading } from "../../src/domain/ports.ts";
import { type Instant, MINUTE } from "../../src/domain/time.ts";
import { type MeasuredGuard, NORMAL } from "../../src/guards/guard.ts";

import { memberOf } from "../fakes/terms.ts";
import { BAKE, type Cell, drawBake } from "./environments.ts";

const FUNCTIONS = 500;
const GUARDS = 4;
const LOOKS = 15;

const TRAFFIC: Cell = {
  weather: "rough",
  weight: 0.1,
  polls: "by the minute",
  callsPerMinute: 1_000,
  baseline: 0.01,
  canary: "identical",
};

export interface Cost {
  readonly what: string;
  /** Milliseconds of CPU: the fastest of several looks, which was disturbed least. */
  readonly cpu: number;
}

/** A watch, and CloudWatch's answers for its series. */
interface Watched {
  readonly active: ActiveWatch;
  readonly reading: Observation["reading"];
}

/**
 * What one look over a fleet of 500 functions with 4 guards each costs an hour into its bake, judged as in a release.
 */
export function measureCost(): { readonly carried: Cost; readonly all: Cost; readonly anew: Cost } {
  const histories = Array.from({ length: FUNCTIONS }, (_, run) => drawBake(TRAFFIC, run).looks.at(-1)?.minutes ?? []);
  const watches = histories.flatMap((minutes) => Array.from({ length: GUARDS }, () => minutes));
  const at = BAKE * MINUTE;
  // Looks are a minute apart, so each of them seals one minute.
  const watched = watches.map((minutes): readonly [readonly MinuteCounts[], ActiveWatch] => {
    const active = activeWatch(noEvidence(0, null));
    const { watch } = judgeWatch(active, { at: at - MINUTE, reading: readingOf(minutes), alarms: NO_ALARMS }, TERMS);
    return [minutes, { ...active, watch }];
  });
  const carried = watched.map(([minutes, active]): Watched => {
    const from = active.watch.method.kind === "counts" ? active.watch.method.evidence.from : 0;
    return { active, reading: readingOf(minutes.filter(({ minute }) => minute >= from)) };
  });
  const all = watched.map(([minutes, active]): Watched => ({ active, reading: readingOf(minutes) }));
  const anew = all.map(({ reading }): Watched => ({ active: activeWatch(noEvidence(0, null)), reading }));
  return {
    carried: { what: "reads the unsealed minutes, as a release does", cpu: measure(carried, at) },
    all: { what: "reads all minutes, weighs the unsealed ones", cpu: measure(all, at) },
    anew: { what: "reads and weighs all minutes", cpu: measure(anew, at) },
  };
}

const TERMS = { risks: RISKS, share: 0.1 };
const NO_ALARMS: Observation["alarms"] = new Map();

function activeWatch(evidence: Evidence): ActiveWatch {
  const member = memberOf("checkout", { baseline: "1", canary: "2", timeout: 30_000 });
  const guard: MeasuredGuard = {
    kind: "counts",
    text: "error-rate <= baseline",
    place: 0,
    signal: "error-rate",
    tolerance: NORMAL,
  };
  const counted = { kind: "events", signal: "error-rate" } as const;
  const method: Method = { kind: "counts", counted, tolerance: NORMAL, evidence };
  const series = (of: string) => seriesOf(method, "canary", member.target, of, of);
  return {
    watch: { member, guard, method, apart: "yes", limit: null, ofStep: stepFrom(0) },
    canary: series(member.canary),
    baseline: series(member.baseline),
    shown: [],
    handover: null,
    whole: null,
  };
}

function readingOf(minutes: readonly MinuteCounts[]): Observation["reading"] {
  const points = (figure: (minute: MinuteCounts) => number): Reading => ({
    kind: "points",
    points: new Map(minutes.map((each) => [each.minute, figure(each)])),
  });
  const canary = {
    Invocations: points((each) => each.canary.calls),
    Errors: points((each) => each.canary.failures),
  };
  const baseline = {
    Invocations: points((each) => each.baseline.calls),
    Errors: points((each) => each.baseline.failures),
  };
  return (series) => {
    const { of, metric } = series as LambdaSeries;
    return (of === "2" ? canary : baseline)[metric as "Invocations" | "Errors"];
  };
}

function measure(watched: readonly Watched[], at: Instant): number {
  const times = Array.from({ length: LOOKS }, () => {
    const start = process.cpuUsage();
    for (const { active, reading } of watched) judgeWatch(active, { at, reading, alarms: NO_ALARMS }, TERMS);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}
