import assert from "node:assert/strict";
import type { Analysis } from "../../src/analysis/verdict.ts";
import type { Ending } from "../../src/release/events.ts";
import { reasonSentence } from "../../src/report/sentences.ts";
import { inWords, type ToldAnalysis } from "../../src/report/told.ts";

/** An ending with its reason in words. */
export function worded(ending: Ending) {
  return { ...ending, reason: reasonSentence(ending.reason) };
}

/** A verdict with its reason in words. */
export function wordedAnalysis(analysis: Analysis): ToldAnalysis {
  const event = inWords({ at: 0, kind: "judged", analyses: [analysis], verified: false });
  const [only] = event.kind === "judged" ? event.analyses : [];
  assert(only !== undefined);
  return only;
}
