import type { Percent } from "../domain/alias.ts";

const WEIGHT_WIDTH = 20;
const EVIDENCE_HALF = 5;

/** The canary's share of the traffic. Never empty, and full only at 100 %. */
export function weightBar(weight: Percent): string {
  const exact = (weight / 100) * WEIGHT_WIDTH;
  const filled = weight >= 100 ? WEIGHT_WIDTH : clamp(Math.round(exact), 1, WEIGHT_WIDTH - 1);
  return "■".repeat(filled) + "□".repeat(WEIGHT_WIDTH - filled);
}

/** Where the evidence stands: "shown good" is at the left end, "shown bad" at the right. */
export function evidenceBar(evidence: number): string {
  // Rounded towards the middle: the marker reaches an end only once that is shown.
  const place = EVIDENCE_HALF + Math.trunc(clamp(evidence, -1, 1) * EVIDENCE_HALF);
  return Array.from({ length: 2 * EVIDENCE_HALF + 1 }, (_, index) =>
    index === place ? "●" : index === EVIDENCE_HALF ? "┼" : "─",
  ).join("");
}

const HEIGHTS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** A bar chart, one character per figure, scaled to the largest. */
export function skyline(figures: readonly number[]): string {
  const highest = Math.max(...figures, Number.MIN_VALUE);
  return figures.map((figure) => HEIGHTS[Math.round((figure / highest) * (HEIGHTS.length - 1))] ?? "").join("");
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
