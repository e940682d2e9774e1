import type { Simulator } from "../testing/simulator/server.ts";
import type { Place } from "./place.ts";
import type { Traffic } from "./traffic.ts";

/** A row of the report. */
export interface Finding {
  readonly assumption: string;
  readonly simulator: string;
  readonly seen: string;
  /** Null if it couldn't be measured. */
  readonly same: boolean | null;
}

/** A run: the account, and beside it a simulator of our own that is asked the same. */
export interface Trial {
  readonly account: Place;
  readonly own: Place;
  readonly simulator: Simulator;
  readonly traffic: Traffic;
  /** How many calls are split by weight. */
  readonly calls: number;
  readonly signal: AbortSignal;
  say(text: string): void;
}

/** Asks the account and our simulator the same, and compares what they tell. */
export async function compared(
  trial: Trial,
  assumption: string,
  ask: (place: Place) => Promise<string>,
): Promise<readonly Finding[]> {
  return attempt(trial, assumption, async () => {
    const [seen, simulator] = await Promise.all([ask(trial.account), ask(trial.own)]);
    return [{ assumption, simulator, seen, same: seen === simulator }];
  });
}

/** What a check finds; if it fails, that it couldn't be measured. */
export async function attempt(
  { signal }: Trial,
  assumption: string,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    // The run is interrupted: that says nothing about the account.
    signal.throwIfAborted();
    return [{ assumption, simulator: "", seen: `not measured: ${(error as Error).message}`, same: null }];
  }
}
