import type { Check } from "../release/journal.ts";
import type { Verdict } from "../release/verdict.ts";

export const VERDICT_SYMBOLS: Readonly<Record<Verdict, string>> = {
  pass: "✅",
  inconclusive: "⚪",
  error: "⚠️",
  fail: "❌",
};

export const CHECK_SYMBOLS: Readonly<Record<Check["state"], string>> = { fine: "✓", wrong: "✗", unknown: "?" };
