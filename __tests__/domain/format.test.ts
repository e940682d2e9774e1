import { formatCount, formatList, formatMeasure, formatShare, formatSkew } from "../../src/domain/format.ts";
import { MINUTE } from "../../src/domain/time.ts";

const SHARES: readonly [share: number, text: string][] = [
  [0, "0 %"],
  [31 / 9_120, "0.34 %"],
  [0.001, "0.1 %"],
  [0.0124, "1.24 %"],
  [0.00004, "0.004 %"],
  [1.5 * (31 / 9_120) + 0.005, "1.01 %"],
  [12 / 480, "2.5 %"],
  [0.05, "5 %"],
  [0.0996, "9.96 %"],
  [0.314, "31 %"],
  [1, "100 %"],
];

test("a share of calls is written in percent with the digits that matter", () => {
  expect(SHARES.map(([share]) => formatShare(share))).toStrictEqual(SHARES.map(([, text]) => text));
});

test("what is counted is grouped by thousands", () => {
  expect(formatCount(480)).toBe("480");
  expect(formatCount(9_120)).toBe("9,120");
  expect(formatCount(1_234_567)).toBe("1,234,567");
});

test("a list reads as a sentence does", () => {
  expect(formatList([])).toBe("");
  expect(formatList(["a"])).toBe("a");
  expect(formatList(["a", "b"])).toBe("a and b");
  expect(formatList(["a", "b", "c"])).toBe("a, b and c");
});

test("of a list that is too long, the rest is counted", () => {
  expect(formatList(["a", "b", "c"], 3)).toBe("a, b and c");
  expect(formatList(["a", "b", "c"], 2)).toBe("a, b and 1 more");
  expect(formatList(Array<string>(1_002).fill("a"), 1)).toBe("a and 1,001 more");
  expect(formatList([], 3)).toBe("");
});

test("a clock is ahead or behind", () => {
  expect(formatSkew(3 * MINUTE)).toBe("3m ahead of AWS's");
  expect(formatSkew(-90_000)).toBe("1m30s behind AWS's");
});

const MEASURES: readonly [value: number, unit: "share" | "ms" | "number", text: string][] = [
  [0.0034, "share", "0.34 %"],
  [0, "ms", "0 ms"],
  [1.2345, "ms", "1.23 ms"],
  [216, "ms", "216 ms"],
  [1_234, "ms", "1.23 s"],
  [59_000, "ms", "59 s"],
  [3 * MINUTE, "ms", "3m"],
  [90 * MINUTE, "ms", "1h30m"],
  [0, "number", "0"],
  [0.012345, "number", "0.0123"],
  [812.3, "number", "812"],
  [12_345.6, "number", "12,346"],
];

test("a measure is written in the unit in which a person reads it, with three digits that matter", () => {
  const written = MEASURES.map(([value, unit]) => formatMeasure(value, unit));
  expect(written).toStrictEqual(MEASURES.map(([, , text]) => text));
});
