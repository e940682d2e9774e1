import { isUnjudged } from "../analysis/replay-result.ts";
import { formatCount, formatMeasure, formatShare } from "../domain/format.ts";
import { writePlan } from "../domain/plan.ts";
import { type Duration, formatDuration, HOUR, MINUTE } from "../domain/time.ts";
import type { Findable, Forecast, StepForecast } from "../forecast/forecast.ts";
import type { ForecastTold, SuggestedPlan, Wish } from "../forecast/suggested-plan.ts";
import type { RecentRate } from "../forecast/traffic-profile.ts";
import type { VerifiesFrom } from "../forecast/verification.ts";
import type { Check } from "../release/events.ts";
import { skyline } from "./bars.ts";
import { dayAndClock } from "./clock.ts";
import { type CommentBudget, cut, within } from "./comment-budget.ts";
import { bullets, code, paragraphs, prose, table } from "./markdown.ts";
import { CHECK_SYMBOLS, VERDICT_SYMBOLS } from "./symbols.ts";
import type { ToldReplay } from "./told.ts";

const HEAD = ["Step", "Canary calls", "Finds failures from", "Finds slowdowns from", "Verifies from"] as const;
/** The last column may be of any length. */
const WIDTHS = [20, 14, 21, 22] as const;

function rowsOf({ steps, verifies }: Forecast): readonly (readonly string[])[] {
  const verifying = verifies.kind === "after" ? verifies.step : steps.length - 1;
  return steps.map((step, index) => [
    `${step.weight} % for ${lasting(step)}`,
    `~${formatCount(Math.round(step.calls))}`,
    found(step.errors, formatShare),
    found(step.slowdown, (times) => `${times.toFixed(1)} × as slow`),
    index === verifying ? verified(verifies) : "–",
  ]);
}

function verified(verifies: VerifiesFrom): string {
  switch (verifies.kind) {
    case "after":
      return `minute ${formatCount(verifies.time / MINUTE)}${verifies.isHeld ? ", by waiting longer" : ""}`;
    case "beyond": {
      const { time, callsPerMinute } = verifies;
      const needs = [
        ...(time === null ? [] : [`about ${formatDuration(roundUp(time))}`]),
        ...(callsPerMinute === null ? [] : [`${formatMeasure(callsPerMinute, "number")} calls a minute`]),
      ];
      return `not within this plan${needs.length === 0 ? ", however many calls there are" : `: needs ${needs.join(", or ")}`}`;
    }
    case "uncompared":
      return "never: no guard compares";
    case "unknown":
      return `unknown for ${verifies.guard}`;
  }
}

/** To five minutes, or to half an hour if it is long: it is only about that. */
function roundUp(time: Duration): Duration {
  const unit = time > 2 * HOUR ? HOUR / 2 : 5 * MINUTE;
  return Math.ceil(time / unit) * unit;
}

/** `5m`, or `5m to 10m` if it is expected to wait for more data. */
function lasting({ bake, hold }: StepForecast): string {
  return hold === 0 ? formatDuration(bake) : `${formatDuration(bake)} to ${formatDuration(bake + hold)}`;
}

function found(findable: Findable, format: (figure: number) => string): string {
  if (typeof findable === "number") return format(findable);
  return findable === "blind" ? "nothing at all" : "not watched";
}

/** `checkout in the last 7 days: 30 to 800 calls a minute, depending on the hour, 0.1 % failed, p50 120 ms, …` */
function traffic({ function: name, perMinute, callsByHour, recent, errorRate, latency }: Forecast): string {
  if (errorRate === null) return `${name} had no calls through the alias in the last 7 days`;
  const { least, most } = perMinute;
  const { p50, p90 } = latency;
  const rate = (calls: number) => formatMeasure(calls, "number");
  const slow = [
    ...(p50 === undefined ? [] : [`p50 ${formatMeasure(p50, "ms")}`]),
    ...(p90 === undefined ? [] : [`p90 ${formatMeasure(p90, "ms")}`]),
  ];
  const quality = [`${formatShare(errorRate)} failed`, ...slow].join(", ");
  if (recent !== null) {
    const figure = `${rate(recent.perMinute)} calls a minute (there were hardly any before, so this is taken for every hour)`;
    return `${name} in ${measuredIn(recent)}: ${figure}, ${quality}`;
  }
  const range = `${rate(least)} to ${rate(most)} calls a minute, depending on the hour${hours(callsByHour)}`;
  return `${name} in the last 7 days: ${range}, ${quality}`;
}

/** CloudWatch shows a minute up to two minutes after its end, so the last ones are never among them. */
function measuredIn({ minutes }: RecentRate): string {
  if (minutes === 0) return "its busiest minute so far";
  return minutes === 1 ? "the last minute that shows" : `the last ${formatCount(minutes)} minutes that show`;
}

/** The hours of the day as a chart; empty if it would be flat. */
function hours(calls: readonly number[]): string {
  const line = skyline(calls);
  return new Set(line).size > 1 ? ` (0 ${line} 24 UTC)` : "";
}

interface Proposed {
  readonly sentence: string;
  /** The line to copy into the inputs; null if there is no plan. */
  readonly steps: string | null;
}

function proposed(proposal: SuggestedPlan, { mustDetect, budget }: Wish): Proposed {
  const wish = `To find an error rate of ${formatShare(mustDetect)} within ${formatDuration(budget)}, with 90 % probability`;
  const none = (why: string): Proposed => ({ sentence: `${wish}: ${why}`, steps: null });
  switch (proposal.kind) {
    case "plan": {
      const steps = writePlan(proposal.plan);
      return { sentence: `${wish}:`, steps: `steps: ${steps}` };
    }
    case "allowed":
      return none(`the guards allow up to ${formatShare(proposal.allowed)}, so nothing would be found`);
    case "unwatched":
      return none("no guard looks at error-rate");
    case "too-little-traffic": {
      const best = proposal.finds === null ? "nothing at all" : `only failures from ${formatShare(proposal.finds)}`;
      return none(`there is too little traffic: even half of it for the whole time finds ${best}`);
    }
  }
}

/** For the log. */
export function forecastLines({ forecasts, proposals, wish }: ForecastTold): readonly string[] {
  return forecasts.flatMap((forecast, index) => {
    const proposal = proposals[index];
    const row = (texts: readonly string[]) =>
      `    ${texts.map((text, column) => text.padEnd(WIDTHS[column] ?? 0)).join("")}`.trimEnd();
    return [
      traffic(forecast),
      row(HEAD),
      ...rowsOf(forecast).map(row),
      ...(proposal === undefined || wish === null ? [] : [inOneLine(proposed(proposal, wish))]),
    ];
  });
}

function inOneLine({ sentence, steps }: Proposed): string {
  return steps === null ? sentence : `${sentence} ${steps}`;
}

function inMarkdown({ sentence, steps }: Proposed, budget: CommentBudget): string {
  return `${prose(within(budget, sentence))}${steps === null ? "" : ` ${code(steps)}`}`;
}

/** For comment and summary. */
export function forecastTable({ forecasts, proposals, wish }: ForecastTold, budget: CommentBudget): string {
  const { kept, left } = cut(budget, forecasts, "functions are");
  const parts = kept.flatMap((forecast, index) => {
    const proposal = proposals[index];
    const rows = rowsOf(forecast).map((cells) => cells.map((cell) => prose(within(budget, cell))));
    return [
      prose(within(budget, traffic(forecast))),
      rows.length === 0 ? "" : table(HEAD, ["left", "center", "center", "center", "center"], rows),
      proposal === undefined || wish === null ? "" : inMarkdown(proposed(proposal, wish), budget),
    ];
  });
  return paragraphs(...parts, left);
}

export function checkLines(checks: readonly Check[]): readonly string[] {
  return checks.map(({ state, text }) => `${CHECK_SYMBOLS[state]} ${text}`);
}

export function checkList(checks: readonly Check[], budget: CommentBudget): string {
  const { kept, left } = cut(budget, checks, "checks are");
  return bullets(...kept.map(({ state, text }) => `${CHECK_SYMBOLS[state]} ${prose(within(budget, text))}`), left);
}

function fired({ firedAt, analysis }: ToldReplay): string {
  if (isUnjudged(analysis)) return "unknown";
  return firedAt === null ? "never" : `at ${dayAndClock(firedAt)} UTC`;
}

export function replayLines(rows: readonly ToldReplay[]): readonly string[] {
  return rows.map((row) => {
    const { rule, target, reason } = row.analysis;
    const name = `${rule}${target === null ? "" : ` (${target.function})`}`;
    if (isUnjudged(row.analysis)) return `${name}: ${reason}`;
    return `${name}: ${row.firedAt === null ? "would never have fired" : `would have fired ${fired(row)}`}; ${reason}`;
  });
}

export function replayTable(rows: readonly ToldReplay[], budget: CommentBudget): string {
  const { kept, left } = cut(budget, rows, "guards are");
  const text = table(
    ["Guard", "Function", "Would have fired", "What it said"],
    ["left", "left", "left", "left"],
    kept.map((row) => {
      const { rule, target, verdict, reason } = row.analysis;
      return [
        code(within(budget, rule)),
        target === null ? "" : code(within(budget, target.function)),
        prose(fired(row)),
        `${VERDICT_SYMBOLS[verdict]}&nbsp;${prose(within(budget, reason))}`,
      ];
    }),
  );
  return paragraphs(text, left);
}
