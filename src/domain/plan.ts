import type { Percent } from "./alias.ts";
import { type Excerpt, excerpts, type Mistake, mistakeAt, type Parsed, whole } from "./mistake.ts";
import { DAY, type Duration, firstWholeMinute, formatDuration, type Instant, MINUTE, parseDuration } from "./time.ts";

/** A weight and how long it is held under load. */
export interface Step {
  readonly weight: Percent;
  readonly bake: Duration;
}

/** The ordered steps before the promotion, and the bake after it (0 for none). */
export interface Plan {
  readonly steps: readonly Step[];
  readonly finalBake: Duration;
}

/** How long CloudWatch normally takes at most to show a minute after its end. */
export const METRIC_DELAY: Duration = 2 * MINUTE;

/**
 * By when CloudWatch has shown a minute, however late it is. AWS promises no bound; this is the delay after which the
 * Prometheus CloudWatch exporter takes figures for final.
 */
export const LATEST: Duration = 10 * MINUTE;

/** What the steps of a release wait for when their time is over. */
export interface Patience {
  /** How much longer than its bake each step may wait for data; null for as long as the bake again. */
  readonly maxHold: Duration | null;
  /** Whether each step has to show something before the next one, however short it is. */
  readonly inEachStep: boolean;
}

/** With a shorter bake, it isn't sure that a whole minute shows by its end. */
const SHORTEST_SHOWN: Duration = 2 * MINUTE + METRIC_DELAY;

/**
 * True for a step that is over before its figures can be there. The next one follows all the same; only the promotion
 * waits for the figures of all of them.
 */
export function runsAhead({ steps }: Plan, place: number, { inEachStep }: Pick<Patience, "inEachStep">): boolean {
  return !inEachStep && place < steps.length - 1 && bakeOf(steps, place) < SHORTEST_SHOWN;
}

/** True for a plan with such a step. */
function isAhead(plan: Plan, patience: Pick<Patience, "inEachStep">): boolean {
  return plan.steps.some((_, place) => runsAhead(plan, place, patience));
}

/**
 * When a bake can end at the earliest: it is over, and one whole minute after the shift has had time to arrive. So bakes
 * under four minutes are held a little longer.
 */
export function endOfBake(since: Instant, bake: Duration): Instant {
  return Math.max(since + bake, firstWholeMinute(since) + MINUTE + METRIC_DELAY);
}

/** When a step can end at the earliest. */
export function endOfStep(plan: Plan, place: number, since: Instant, patience: Pick<Patience, "inEachStep">): Instant {
  const bake = bakeOf(plan.steps, place);
  if (runsAhead(plan, place, patience)) return since + bake;
  if (place < plan.steps.length - 1 || !isAhead(plan, patience)) return endOfBake(since, bake);
  return Math.max(endOfBake(since, bake), firstWholeMinute(since + bake) + METRIC_DELAY);
}

function bakeOf(steps: readonly Step[], place: number): Duration {
  /* c8 ignore next -- for the types only: a step's number always comes from its plan */
  return steps[place]?.bake ?? 0;
}

/**
 * The longest that a plan takes if no step waits for more data.
 *
 * @param from the first step that is still to come
 */
export function plannedDuration(plan: Plan, patience: Pick<Patience, "inEachStep">, from = 0): Duration {
  const shown = (bake: Duration) => Math.max(bake, SHORTEST_SHOWN);
  const catchesUp = isAhead(plan, patience);
  const lengths = plan.steps.map(({ bake }, place) => {
    if (runsAhead(plan, place, patience)) return bake;
    const isLast = place === plan.steps.length - 1;
    return catchesUp && isLast ? Math.max(shown(bake), bake + MINUTE + METRIC_DELAY) : shown(bake);
  });
  const steps = lengths.slice(from).reduce((sum, length) => sum + length, 0);
  return steps + (plan.finalBake > 0 ? shown(plan.finalBake) : 0);
}

/**
 * The longest that a plan takes if the metrics can be read.
 *
 * @param from the first step that is still to come
 */
export function longestDuration(plan: Plan, patience: Patience, from = 0): Duration {
  const bakes = [...plan.steps.slice(from).map(({ bake }) => bake), ...(plan.finalBake > 0 ? [plan.finalBake] : [])];
  return plannedDuration(plan, patience, from) + bakes.reduce((sum, bake) => sum + (patience.maxHold ?? bake), 0);
}

/** `5% for 5m, 25% for 5m, 100% for 10m`, as in the input `steps`; "AllAtOnce" if nothing is baked. */
export function writePlan({ steps, finalBake }: Plan): string {
  const bakes = [...steps, ...(finalBake > 0 ? [{ weight: 100, bake: finalBake }] : [])];
  return bakes.map(({ weight, bake }) => `${weight}% for ${formatDuration(bake)}`).join(", ") || "AllAtOnce";
}

// The names of https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html (Lambda), which
// SAM uses without the prefix.
const CODEDEPLOY = /^(?:CodeDeployDefault\.)?(?:Lambda)?(AllAtOnce|(Canary|Linear)10Percent(?:Every)?(\d+)Minutes?)$/;
const CODEDEPLOY_NAMES: readonly string[] = [
  "AllAtOnce",
  ...[5, 10, 15, 30].map((minutes) => `Canary10Percent${minutes}Minutes`),
  "Linear10PercentEvery1Minute",
  ...[2, 3, 10].map((minutes) => `Linear10PercentEvery${minutes}Minutes`),
];

function codeDeployPlan(name: string): Plan | null {
  const [, shape, kind, minutes] = CODEDEPLOY.exec(name) ?? [];
  if (shape === undefined || !CODEDEPLOY_NAMES.includes(shape)) return null;
  const bake = Number(minutes) * MINUTE;
  const weights = kind === "Linear" ? [10, 20, 30, 40, 50, 60, 70, 80, 90] : kind === "Canary" ? [10] : [];
  return { steps: weights.map((weight) => ({ weight, bake })), finalBake: 0 };
}

/** The longest that a job can run, on a self-hosted runner: https://docs.github.com/en/actions/reference/limits. */
const LONGEST_BAKE: Duration = 5 * DAY;
const STEP = /^(\S+?)\s*%\s+for\s+(\S+)$/d;
const REMEDY = 'write steps as "5% for 5m, 25% for 10m", or a CodeDeploy name such as Canary10Percent5Minutes';

/** Parses the `steps` input; finds every mistake, not only the first. */
export function parsePlan(text: string): Parsed<Plan> {
  const pieces = excerpts(text, /,/);
  const [only] = pieces;
  if (only === undefined) {
    const nothing = { ...whole(text), text: "" };
    return { ok: false, mistakes: [mistakeAt("steps", nothing, "no step is given", REMEDY)] };
  }
  const named = pieces.length === 1 ? codeDeployPlan(only.text) : null;
  if (named !== null) return { ok: true, value: named };

  const mistakes: Mistake[] = [];
  const steps: Step[] = [];
  for (const piece of pieces) {
    const wrong = wrongIn(piece);
    const { weight, bake, mistakes: found } = readStep(piece);
    mistakes.push(...found);
    const before = steps.at(-1)?.weight ?? 0;
    if (weight === null) continue;
    if (before === 100) mistakes.push(wrong("no step can follow 100%", "make 100% the last step"));
    else if (weight <= before) {
      const problem = `${weight}% is not higher than the step before it, ${before}%`;
      mistakes.push(wrong(problem, "make each weight higher than the one before", [0, String(weight).length]));
    }
    steps.push({ weight, bake: bake ?? 0 });
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  const final = steps.at(-1)?.weight === 100 ? steps.pop() : undefined;
  return { ok: true, value: { steps, finalBake: final?.bake ?? 0 } };
}

function wrongIn(piece: Excerpt) {
  return (problem: string, remedy: string, part: readonly [number, number] = [0, piece.text.length]): Mistake =>
    mistakeAt("steps", piece, problem, remedy, part);
}

interface StepRead {
  readonly weight: Percent | null;
  readonly bake: Duration | null;
  readonly mistakes: readonly Mistake[];
}

function readStep(piece: Excerpt): StepRead {
  const wrong = wrongIn(piece);
  const found = STEP.exec(piece.text);
  const [, percent, duration] = found ?? [];
  const [, ofPercent, ofDuration] = found?.indices ?? [];
  if (percent === undefined || duration === undefined) {
    const problem = /^[A-Za-z]/.test(piece.text) ? "this is not a CodeDeploy name that works here" : "not a step";
    return { weight: null, bake: null, mistakes: [wrong(problem, REMEDY)] };
  }
  const mistakes: Mistake[] = [];
  const weight = Number(percent);
  if (!/^\d+(\.\d+)?$/.test(percent) || weight <= 0 || weight > 100) {
    mistakes.push(wrong(`"${percent}%" is not a weight`, "give a weight from 1% to 100%", ofPercent));
  } else if (Math.round(weight) !== weight) {
    const remedy = `Lambda takes only whole percents: write ${Math.ceil(weight)}%`;
    mistakes.push(wrong(`"${percent}%" is not a whole percent`, remedy, ofPercent));
  }
  const valid = mistakes.length === 0;
  const bake = parseDuration(duration);
  if (bake === null || bake <= 0) {
    mistakes.push(wrong(`"${duration}" is not a duration`, 'write it as "30s", "5m" or "1h"', ofDuration));
  } else if (bake > LONGEST_BAKE) {
    mistakes.push(
      wrong(
        `${duration} is longer than any job can run`,
        "a job can run for 5 days at most: use a shorter time",
        ofDuration,
      ),
    );
  }
  return { weight: valid ? weight : null, bake, mistakes };
}
