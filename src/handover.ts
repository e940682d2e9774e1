import * as core from "@actions/core";
import type { Handover } from "./conductor/heal.ts";
import { nameOf, type Version } from "./release/alias.ts";
import type { Change } from "./release/journal.ts";
import { formatInstant, type Instant, parseInstant } from "./release/time.ts";

/** Main is about to shift: if it is killed from here on, post heals what it leaves. */
export function handOver(changes: readonly Change[]): void {
  const served = changes.flatMap(({ target, baseline }) => (baseline === null ? [] : [[nameOf(target), baseline]]));
  core.saveState("baselines", JSON.stringify(Object.fromEntries(served)));
  core.saveState("main", "shifting");
}

/** Main has ended by itself; what failed after it had begun to shift is looked at once more by post. */
export function markEnd(hasFailed: boolean, at: Instant): void {
  if (hasFailed) core.saveState("failed-at", formatInstant(at));
  else core.saveState("main", "ended");
}

/**
 * What there is to look after; null when there is nothing. Before main's first write there isn't: what stands on the alias
 * then is another job's of this run.
 */
export function takeOver(): Handover | null {
  if (core.getState("main") !== "shifting") return null;
  const [saved, failedAt] = [core.getState("baselines"), core.getState("failed-at")];
  const baselines = new Map(saved === "" ? [] : Object.entries(JSON.parse(saved) as Record<string, Version>));
  return { baselines, failedAt: failedAt === "" ? null : parseInstant(failedAt) };
}
