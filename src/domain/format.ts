import { formatDuration } from "./time.ts";

/** `9,120`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/**
 * A share of calls as percent: `0.34 %`, `1.01 %`, `31 %`. Two decimals below 10 %, two significant digits below 0.1 %.
 */
export function formatShare(share: number): string {
  const percent = share * 100;
  const rounded = percent < 0.1 ? percent.toPrecision(2) : percent.toFixed(percent < 10 ? 2 : 0);
  return `${Number(rounded)} %`;
}

/** `a`, `a and b`, `a, b and c`. */
export function formatList(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** Shares as `0.34 %`, milliseconds as `216 ms`, `1.2 s` or `3m`, other figures with three significant digits. */
export function formatMeasure(value: number, unit: "share" | "ms" | "number"): string {
  if (unit === "share") return formatShare(value);
  if (unit === "number") return value >= 1_000 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3)));
  if (value < 1_000) return `${Number(value.toPrecision(3))} ms`;
  return value < 60_000 ? `${Number((value / 1_000).toPrecision(3))} s` : formatDuration(value);
}
