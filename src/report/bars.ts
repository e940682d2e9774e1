import type { Percent } from "../domain/alias.ts";

const WEIGHT_WIDTH = 20;

/** The canary's share of the traffic. Never empty, and full only at 100 %. */
export function weightBar(weight: Percent): string {
  const exact = (weight / 100) * WEIGHT_WIDTH;
  const filled = weight >= 100 ? WEIGHT_WIDTH : clamp(Math.round(exact), 1, WEIGHT_WIDTH - 1);
  return "■".repeat(filled) + "□".repeat(WEIGHT_WIDTH - filled);
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
