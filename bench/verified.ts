import { formatCount } from "../src/domain/format.ts";
import type { Member } from "../src/domain/member.ts";
import { METRIC_DELAY } from "../src/domain/plan.ts";
import type { Reading, Series } from "../src/domain/ports.ts";
import { HOUR, type Instant, MINUTE } from "../src/domain/time.ts";
import { newRelease } from "../src/release/release.ts";
import { DEFAULT_HOLD_LIMITS, guardsOf, memberOf, planOf, termsOf } from "../testing/fakes/terms.ts";
import { poisson } from "../testing/judgement/draws.ts";
import { markdownTable } from "../testing/markdown-table.ts";
import { playOffline } from "../testing/offline.ts";
import { Random } from "../testing/simulator/random.ts";

/**
 * `npx node bench/verified.ts` (half a minute): how much traffic a release needs to end as verified, as a Markdown
 * table.
 */

/** A release to play many times: its traffic and its inputs. */
interface Setting {
  readonly callsPerMinute: number;
  /** The share of calls that fail, for both versions. */
  readonly failing: number;
  readonly steps: string;
}

const GUARDS = guardsOf("error-rate <= baseline * 1.5 + 0.5%");
const PLANS = ["5% for 5m, 25% for 5m, 50% for 5m", "5% for 10m, 50% for 20m", "10% for 15m, 50% for 45m"];
/** The share of calls that fail, for both versions. */
const FAILING = [0.001, 0.01];
const CALLS_PER_MINUTE = [50, 100, 200, 500, 1_000, 2_000, 5_000];
const RUNS = 200;

const BASELINE = "1";
const CANARY = "2";
const START: Instant = Date.parse("2026-11-21T09:00:00Z");

/** The share of releases that end as verified if the new version is as good as the old one. Seeded. */
function shareVerified(setting: Setting): number {
  const ends = Array.from({ length: RUNS }, (_, run) => isReleaseVerified(setting, run));
  return ends.filter(Boolean).length / RUNS;
}

interface Calls {
  readonly calls: number;
  readonly failures: number;
}

/** The function, with the last hour's figures as a release reads them before its first shift. */
function memberIn({ callsPerMinute, failing }: Setting): Member {
  const calls = (callsPerMinute * HOUR) / MINUTE;
  const { usual, ...member } = memberOf("checkout", { baseline: BASELINE, canary: CANARY });
  return { ...member, usual: { ...usual, rates: { "error-rate": { calls, failures: calls * failing } } } };
}

/** Plays one release with the action's own decisions, over random calls. */
function isReleaseVerified(setting: Setting, run: number): boolean {
  const terms = termsOf({
    members: [memberIn(setting)],
    plan: planOf(setting.steps),
    guards: GUARDS,
    holdLimits: DEFAULT_HOLD_LIMITS,
  });
  const start = newRelease(terms, [], START);
  const random = new Random("verified", JSON.stringify(setting), run);
  const seen = new Map<Instant, { readonly canary: Calls; readonly baseline: Calls }>();
  let [at, weight] = [START, 0];
  const { outcome, verified } = playOffline(
    start,
    {
      now: () => at,
      pass(time) {
        for (const end = at + time; at < end; at += MINUTE) seen.set(at, drawMinute(setting, weight / 100, random));
      },
      observe: () => ({ at, reading: readingAt(at, seen), alarms: new Map() }),
      route({ additional }) {
        weight = additional?.weight ?? 0;
      },
    },
    MINUTE,
  );
  return outcome === "promoted" && verified;
}

function drawMinute({ callsPerMinute, failing }: Setting, share: number, random: Random) {
  const draw = (mean: number): Calls => {
    const failures = poisson(random, mean * failing);
    return { calls: failures + poisson(random, mean * (1 - failing)), failures };
  };
  return { canary: draw(callsPerMinute * share), baseline: draw(callsPerMinute * (1 - share)) };
}

/** What CloudWatch would show: a minute appears once it has had time to arrive. */
function readingAt(at: Instant, seen: ReadonlyMap<Instant, { readonly canary: Calls; readonly baseline: Calls }>) {
  return (series: Series): Reading => {
    const points = new Map<Instant, number>();
    for (const [minute, { canary, baseline }] of seen) {
      if (minute + MINUTE + METRIC_DELAY > at || series.kind !== "lambda") continue;
      const of = series.of === CANARY ? [canary] : series.of === BASELINE ? [baseline] : [canary, baseline];
      const isFailures = series.metric === "Errors" && series.statistic === "sum";
      const value = of.reduce((sum, each) => sum + (isFailures ? each.failures : each.calls), 0);
      const hadCalls = of.some(({ calls }) => calls > 0);
      if (hadCalls) points.set(minute, value);
    }
    return { kind: "points", points };
  };
}

/** The table, with a row for each number of calls a minute: `| 200 | 23 %, 2 % | … |`. */
export function verifiedTable(callsPerMinute: readonly number[]): string {
  const rows = callsPerMinute.map((calls) => {
    const cells = PLANS.map((steps) =>
      FAILING.map((failing) => {
        const share = shareVerified({ callsPerMinute: calls, failing, steps });
        return `${Math.round(share * 100)} %`;
      }).join(", "),
    );
    return [formatCount(calls), ...cells];
  });
  return markdownTable(["calls a minute", ...PLANS.map((plan) => `\`${plan}\``)], rows);
}

if (import.meta.main) process.stdout.write(`${verifiedTable(CALLS_PER_MINUTE)}\n`);
