import type { Percent } from "../release/alias.ts";

const WEIGHT_WIDTH = 20;
const EVIDENCE_HALF = 5;

/** How much of the traffic is on the canary: some, and full only at 100 %. */
export function weightBar(weight: Percent): string {
  const exact = (weight / 100) * WEIGHT_WIDTH;
  const filled = weight >= 100 ? WEIGHT_WIDTH : clamp(Math.round(exact), 1, WEIGHT_WIDTH - 1);
  return "■".repeat(filled) + "□".repeat(WEIGHT_WIDTH - filled);
}

/** Where the evidence stands between "shown good", on the left, and "shown bad", on the right. */
export function evidenceBar(evidence: number): string {
  // Rounded towards the middle: an end is reached only when it was shown.
  const place = EVIDENCE_HALF + Math.trunc(clamp(evidence, -1, 1) * EVIDENCE_HALF);
  return Array.from({ length: 2 * EVIDENCE_HALF + 1 }, (_, index) =>
    index === place ? "●" : index === EVIDENCE_HALF ? "┼" : "─",
  ).join("");
}

const HEIGHTS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** Figures side by side, each as high as it is big beside the biggest. */
export function skyline(figures: readonly number[]): string {
  const highest = Math.max(...figures, Number.MIN_VALUE);
  return figures.map((figure) => HEIGHTS[Math.round((figure / highest) * (HEIGHTS.length - 1))] ?? "").join("");
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
