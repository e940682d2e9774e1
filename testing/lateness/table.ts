import { formatDuration, MINUTE } from "../../src/domain/time.ts";
import { markdownTable } from "../markdown-table.ts";
import { median } from "../statistics.ts";
import { KINDS, type Kind } from "./kinds.ts";
import { type Outcome, playRelease, type Setting, USUALLY_FAILING } from "./release.ts";

/** A row of the table: one kind of lateness in one kind of traffic. */
export type Case = Pick<Setting, "kind" | "weather">;

/** What came of a case. */
export interface Found {
  readonly case: Case;
  readonly healthy: readonly Outcome[];
  readonly broken: readonly Outcome[];
}

export const BROKEN = 0.3;

export const CASES: readonly Case[] = (Object.keys(KINDS) as Kind[]).flatMap((kind) =>
  (["calm", "rough"] as const).map((weather) => ({ kind, weather })),
);

/** Plays releases of a good canary and of one that fails in 30 % of its calls. Each number is a seed. */
export function playCase(of: Case, seeds: readonly number[], seedsOfBroken: readonly number[]): Found {
  return {
    case: of,
    healthy: seeds.map((seed) => playRelease({ ...of, failing: USUALLY_FAILING }, seed)),
    broken: seedsOfBroken.map((seed) => playRelease({ ...of, failing: BROKEN }, seed)),
  };
}

/** How long releases lasted, in the median. */
export function lifetime(outcomes: readonly Outcome[]): number {
  return median(outcomes.map(({ lasted }) => lasted));
}

/** How long a canary with 30 % errors may live, in the median: until a call shows at the latest, and a minute more. */
export function longest({ kind }: Case): number {
  return MINUTE + KINDS[kind].latest + MINUTE;
}

/** What is missed: a good release that was taken back, a broken one that wasn't, or was too late. */
export function missesOf({ case: of, healthy, broken }: Found): readonly string[] {
  const where = `${KINDS[of.kind].about}, ${of.weather} traffic`;
  const back = healthy.filter(({ end }) => end === "rolled back");
  const passed = broken.filter(({ end }) => end !== "rolled back");
  return [
    ...back.map(({ reason }) => `${where}: a good release was taken back: ${reason}`),
    ...(passed.length > 0 ? [`${where}: ${passed.length} broken releases were promoted`] : []),
    ...(lifetime(broken) > longest(of)
      ? [
          `${where}: broken ones lived for ${formatDuration(lifetime(broken))}, at most ${formatDuration(longest(of))} was to be`,
        ]
      : []),
  ];
}

const HEAD = [
  ...["figures", "traffic", "good: taken back", "good: shown to be"],
  ...["broken: taken back", "after (median)", "goal"],
];

/** All that was found, in Markdown. */
export function tableOf(found: readonly Found[]): string {
  return markdownTable(HEAD, found.map(cellsOf));
}

function cellsOf({ case: of, healthy, broken }: Found): readonly string[] {
  const count = (outcomes: readonly Outcome[], end: Outcome["end"]) =>
    `${outcomes.filter((each) => each.end === end).length} of ${outcomes.length}`;
  return [
    KINDS[of.kind].about,
    of.weather,
    count(healthy, "rolled back"),
    count(healthy, "verified"),
    count(broken, "rolled back"),
    formatDuration(lifetime(broken)),
    `≤ ${formatDuration(longest(of))}`,
  ];
}
