import { UpdateAliasCommand } from "@aws-sdk/client-lambda";
import {
  type Duration,
  firstWholeMinute,
  formatDuration,
  type Instant,
  MINUTE,
  SECOND,
} from "../../src/domain/time.ts";
import { STEADY } from "../../testing/simulator/traffic.ts";
import { type Figures, read, type Series } from "../figures.ts";
import { ALIAS } from "../fixture.ts";
import type { Answered } from "../traffic.ts";
import type { Finding, Trial } from "../trial.ts";

/** The share of the calls that version 2 gets. */
const WEIGHT = 0.05;
/** How often we look. What is measured is later than it was by this at most. */
const LOOK: Duration = 5 * SECOND;
/** How long after the last minute we wait for figures. */
const LONGEST: Duration = 10 * MINUTE;
/** How long a change of the alias gets before the calls count. */
const GRACE: Duration = 10 * SECOND;
/** When the last call of a minute begins. */
const LAST: Duration = 58 * SECOND;
/** More would happen by chance in one of a thousand runs. */
const SIGMAS = 3.3;

const count = (of: Series["of"]): Series => ({ metric: "Invocations", statistic: "Sum", of });

/** The series whose lateness is measured, and which calls each counts. */
const SERIES: readonly {
  readonly name: string;
  readonly series: Series;
  readonly counts: (call: Answered) => boolean;
  /** Nothing was known of it before the second minute. */
  readonly isNew?: boolean;
}[] = [
  { name: "the function", series: count("function"), counts: () => true },
  { name: "the alias", series: count("alias"), counts: () => true },
  { name: "the old version", series: count({ version: "1" }), counts: ({ version }) => version === "1" },
  { name: "the new version", series: count({ version: "2" }), counts: ({ version }) => version === "2", isNew: true },
];
const ERRORS: Series = { metric: "Errors", statistic: "Sum", of: "alias" };

/** A minute of a series, and when it was seen. */
interface Minute {
  readonly row: (typeof SERIES)[number];
  readonly minute: Instant;
  readonly expected: number;
  first: Duration | null;
  whole: Duration | null;
}

/** What the figures of three minutes showed. `again` reads them once more, later. */
export interface Figured {
  readonly findings: readonly Finding[];
  readonly again: () => Promise<Finding>;
}

/**
 * Three minutes of calls through the alias: one without weights, two at a weight for a new version; then a promotion.
 * Looks all the while when each minute shows.
 */
export async function figures(trial: Trial): Promise<Figured> {
  const { account, traffic, calls } = trial;
  const { lambda, cloudwatch, name: FunctionName } = account;
  const start = firstWholeMinute(Date.now() + 2 * SECOND);
  const [second, third, end] = [start + MINUTE, start + 2 * MINUTE, start + 3 * MINUTE];
  const set = (change: object) => lambda.send(new UpdateAliasCommand({ FunctionName, Name: ALIAS, ...change }));
  const perMinute = calls / ((LAST - GRACE + LAST) / MINUTE);

  trial.say(`Calling ${FunctionName}:${ALIAS} for three minutes, ${Math.round(perMinute)} times a minute`);
  const seen = new Map<string, Minute>();
  const all = SERIES.map(({ series }) => series);
  let last: readonly Figures[] = [];
  const look = async () => {
    last = await read(cloudwatch, FunctionName, [...all, ERRORS], [start, end]);
    const now = Date.now();
    for (const minute of [start, second, third]) {
      if (now < minute + MINUTE) continue;
      for (const [index, row] of SERIES.entries()) {
        const expected = traffic.between(minute, minute + MINUTE).filter(row.counts).length;
        if (expected === 0) continue;
        const key = `${row.name} ${minute}`;
        const known = seen.get(key) ?? { row, minute, expected, first: null, whole: null };
        seen.set(key, known);
        const figure = last[index]?.get(minute);
        const late = now - minute - MINUTE;
        if (figure !== undefined) known.first ??= late;
        if (figure !== undefined && figure >= expected) known.whole ??= late;
      }
    }
  };
  const looking = async () => {
    await account.pause(start + MINUTE - Date.now());
    while (Date.now() < end + LONGEST) {
      await look();
      if (Date.now() >= end && [...seen.values()].every(({ whole }) => whole !== null)) return;
      await account.pause(LOOK);
    }
  };
  let promotedAt = 0;
  const calling = async () => {
    await traffic.send(perMinute / 4, start, start + LAST);
    await account.pause(second - Date.now());
    await set({ RoutingConfig: { AdditionalVersionWeights: { "2": WEIGHT } } });
    await traffic.send(perMinute, second + GRACE, third + LAST);
    await account.pause(end + 2 * SECOND - Date.now());
    await set({ FunctionVersion: "2", RoutingConfig: { AdditionalVersionWeights: {} } });
    promotedAt = Date.now();
    await traffic.send(perMinute, promotedAt, promotedAt + GRACE);
  };
  await Promise.all([calling(), looking()]);

  const split = traffic.between(second + GRACE, end);
  const lateness = SERIES.map(({ name, isNew }) =>
    latenessOf(
      [...seen.values()].filter(({ row }) => row.name === name),
      name,
      isNew === true ? second : null,
    ),
  );
  const findings = [
    ...lateness.flat(),
    namesVersions(last, start),
    zeros(trial, last, start),
    shared(split),
    followed(trial, traffic.between(promotedAt, promotedAt + GRACE), promotedAt, perMinute),
    await ranks(trial, [start, end]),
  ];
  const again = async (): Promise<Finding> => {
    const now = await read(cloudwatch, FunctionName, [...all, ERRORS], [start, end]);
    const grown = now.filter((figures, index) => [...figures].some(([at, figure]) => last[index]?.get(at) !== figure));
    return {
      assumption: "Figures of whole minutes that still changed by the end of the run",
      simulator: "none",
      seen: grown.length === 0 ? "none" : `those of ${grown.length} of ${now.length} series`,
      same: grown.length === 0,
    };
  };
  return { findings, again };
}

/** How late a series was; of a new one, also its first minute apart. */
function latenessOf(minutes: readonly Minute[], name: string, firstOfNew: Instant | null): readonly Finding[] {
  const most = STEADY.lag[1];
  const finding = (assumption: string, those: readonly Minute[]): Finding => {
    const simulator = `${formatDuration(most)} after it at the latest`;
    const wholes = those.flatMap(({ whole }) => whole ?? []);
    const firsts = those.flatMap(({ first }) => first ?? []);
    if (those.length === 0) return { assumption, simulator, seen: "not measured: no calls", same: null };
    const shown = firsts.length === 0 ? "never shown" : `first shown after ${range(firsts)}`;
    if (wholes.length < those.length) {
      const missing = `${those.length - wholes.length} of ${those.length} not whole after ${formatDuration(LONGEST)}`;
      return { assumption, simulator, seen: `${missing}; ${shown}`, same: false };
    }
    const same = Math.max(...wholes) <= most + LOOK;
    return { assumption, simulator, seen: `${range(wholes)} after it; ${shown}`, same };
  };
  const first = minutes.filter(({ minute }) => minute === firstOfNew);
  const others = minutes.filter(({ minute }) => minute !== firstOfNew);
  return [
    ...(firstOfNew === null ? [] : [finding(`When the very first minute of ${name} is whole`, first)]),
    finding(`When a minute of ${name} is whole`, others),
  ];
}

function range(durations: readonly Duration[]): string {
  const [least, most] = [Math.min(...durations), Math.max(...durations)].map(formatDuration);
  return least === most ? `${least}` : `${least} to ${most}`;
}

/** Whether calls through an alias without weights count for their version. */
function namesVersions(last: readonly Figures[], minute: Instant): Finding {
  const old = SERIES.findIndex(({ name }) => name === "the old version");
  const isNamed = last[old]?.has(minute) === true;
  const simulator = STEADY.versionSeries === "always" ? "they do" : "they don't";
  const seen = isNamed ? "they do" : "they don't";
  const assumption = "Whether calls through an alias without weights count for their version too";
  return { assumption, simulator, seen, same: seen === simulator };
}

/** What Errors shows for a minute in which nothing failed. */
function zeros({ simulator: { cloudwatch } }: Trial, last: readonly Figures[], minute: Instant): Finding {
  const simulator = cloudwatch.metrics.leavesOutZeros ? "nothing" : "0";
  const figure = last[SERIES.length]?.get(minute);
  const seen = figure === undefined ? "nothing" : String(figure);
  return {
    assumption: "What Errors shows for a minute with calls and no failure",
    simulator,
    seen,
    same: seen === simulator,
  };
}

/** How the calls were shared between the two versions. */
function shared(split: readonly Answered[]): Finding {
  const given = split.filter(({ version }) => version === "2").length;
  const [mean, deviation] = [split.length * WEIGHT, Math.sqrt(split.length * WEIGHT * (1 - WEIGHT))];
  const [least, most] = [mean - SIGMAS * deviation, mean + SIGMAS * deviation];
  return {
    assumption: `How many calls a weight of ${WEIGHT} gives to the new version`,
    simulator: `${Math.max(0, Math.ceil(least))} to ${Math.floor(most)} of ${split.length}, at random`,
    seen: `${given} of ${split.length} (${((100 * given) / split.length).toFixed(1)} %)`,
    same: given >= least && given <= most,
  };
}

/** How soon calls follow a promotion. */
function followed(
  { simulator: { account }, own }: Trial,
  calls: readonly Answered[],
  promotedAt: Instant,
  perMinute: number,
): Finding {
  const assumption = "How long after a promotion calls still reach the old version";
  const most = account.functions.get(own.name)?.pace.propagation ?? 0;
  const last = calls
    .filter(({ version }) => version === "1")
    .reduce((late, { at }) => Math.max(late, at - promotedAt), 0);
  const same = last <= most + MINUTE / perMinute;
  return {
    assumption,
    simulator: `for ${seconds(most)} at most`,
    seen: last === 0 ? "not at all" : `for ${seconds(last)}`,
    same,
  };
}

function seconds(duration: Duration): string {
  return `${(duration / SECOND).toFixed(1)} s`;
}

/** Whether CloudWatch tells what share of the calls took at most so long. */
async function ranks({ account, simulator }: Trial, range: readonly [Instant, Instant]): Promise<Finding> {
  const assumption = "Percentile ranks of Duration, such as PR(:100)";
  const rank = (bound: number): Series => ({ metric: "Duration", statistic: `PR(:${bound})`, of: "alias" });
  const told = async () => {
    try {
      const [some, all] = await read(account.cloudwatch, account.name, [rank(100), rank(100_000)], range);
      if (some === undefined || all === undefined || all.size === 0) return "silent";
      const isRight = [...all.values()].every((share) => Math.abs(share - 100) < 0.1);
      const isShare = [...some.values()].every((share) => share >= 0 && share <= 100);
      return isRight && isShare ? "served" : `wrong: ${[...all.values()].join(", ")} % took at most 100 s`;
    } catch (error) {
      const { name, $metadata } = error as Error & { readonly $metadata?: object };
      if ($metadata === undefined) throw error;
      return /^Validation/.test(name) ? "refused" : `refused: ${name}`;
    }
  };
  const seen = await told();
  const assumed = simulator.cloudwatch.ranks;
  return { assumption, simulator: assumed, seen, same: seen === assumed };
}
