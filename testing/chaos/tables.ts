import { SECOND } from "../../src/domain/time.ts";
import { median } from "../statistics.ts";
import { titleOf } from "./play.ts";
import type { Recording } from "./sites.ts";
import { NEVER_CAME, type Trial } from "./trial.ts";

/** What was tried, how it ended, and how long healing took. */
export function tables(recordings: readonly Recording[], trials: readonly Trial[]): string {
  // A fault that never struck shows nothing.
  const struck = trials.filter(({ end }) => end !== NEVER_CAME);
  return [byStory(recordings, struck), byFamily(struck), givenUp(struck)].join("\n\n");
}

/** Safe, but not robust: a release gave up because of a single fault that goes away by itself. */
function givenUp(trials: readonly Trial[]): string {
  const deploys = trials.filter(
    ({ chaosCase }) => chaosCase.fault.isTransient === true && chaosCase.site.story.task === "deploy",
  );
  const given = deploys.filter(({ end }) => end !== "promoted");
  const titles = given.map(({ chaosCase, end }) => `  ${titleOf(chaosCase)}: ${end}`);
  return [
    `${given.length} of ${deploys.length} releases gave up because of a single fault that goes away by itself`,
    ...titles,
  ].join("\n");
}

function byStory(recordings: readonly Recording[], trials: readonly Trial[]): string {
  const rows = recordings.map(({ story, calls }) => {
    const own = trials.filter(({ chaosCase }) => chaosCase.site.story === story);
    const struck = new Set(own.map(({ chaosCase }) => chaosCase.site)).size;
    const by = (player: Trial["by"]) => String(own.filter((trial) => trial.by === player).length);
    return [story.name, String(calls.length), String(struck), by("host"), by("bundle"), story.about];
  });
  return table(["story", "calls", "calls struck", "faults tried by a host", "by the bundle", ""], rows);
}

function byFamily(trials: readonly Trial[]): string {
  const families = Map.groupBy(trials, ({ chaosCase }) => chaosCase.fault.family);
  const rows = [...families].flatMap(([family, all]) => [
    row(family, all),
    ...[...Map.groupBy(all, ({ chaosCase }) => chaosCase.fault.name)].map(([name, those]) => row(`  ${name}`, those)),
  ]);
  const head = [
    "fault",
    "tried",
    "survived",
    "promoted",
    "rolled back",
    "superseded",
    "failed",
    "other",
    "healed by main",
    "post",
    "next",
    "seconds to heal, median",
    "longest",
  ];
  return table(head, [...rows, row("all", trials)]);
}

function row(name: string, trials: readonly Trial[]): readonly string[] {
  const ended = (...ends: string[]) => trials.filter(({ end }) => ends.includes(end)).length;
  const healed = (by: Trial["healedBy"]) =>
    trials.filter(({ healedBy, end }) => healedBy === by && end !== "promoted").length;
  const known = ["promoted", "rolled-back", "superseded", "failed"];
  // A promotion doesn't heal anything: it takes as long as its plan.
  const times = trials.flatMap(({ healedAfter, end }) =>
    healedAfter === null || end === "promoted" ? [] : [healedAfter],
  );
  const figure = (time: number) => (times.length === 0 ? "" : (time / SECOND).toFixed(1));
  return [
    name,
    String(trials.length),
    String(trials.filter(({ misses }) => misses.length === 0).length),
    ...known.map((end) => String(ended(end))),
    String(trials.filter(({ end }) => !known.includes(end)).length),
    ...(["main", "post", "next"] as const).map((by) => String(healed(by))),
    figure(median(times)),
    figure(Math.max(...times)),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}
