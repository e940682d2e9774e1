import { type Duration, formatDuration } from "./time.ts";

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

/**
 * `a`, `a and b`, `a, b and c`.
 *
 * @param limit how many are named: of a longer list, the rest is counted (`a, b and 3 more`)
 */
export function formatList(items: readonly string[], limit: number = items.length): string {
  const more = items.length - limit;
  if (more > 0) return formatList([...items.slice(0, limit), `${formatCount(more)} more`]);
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** `3m ahead of AWS's`: how far a clock is off. */
export function formatSkew(ahead: Duration): string {
  return `${formatDuration(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} AWS's`;
}

/** Shares as `0.34 %`, milliseconds as `216 ms`, `1.2 s` or `3m`, other figures with three significant digits. */
export function formatMeasure(value: number, unit: "share" | "ms" | "number"): string {
  if (unit === "share") return formatShare(value);
  if (unit === "number") return value >= 1_000 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3)));
  if (value < 1_000) return `${Number(value.toPrecision(3))} ms`;
  return value < 60_000 ? `${Number((value / 1_000).toPrecision(3))} s` : formatDuration(value);
}
