import type { Verdict } from "../analysis/verdict.ts";
import type { Check } from "../release/events.ts";

export const VERDICT_SYMBOLS: Readonly<Record<Verdict, string>> = {
  pass: "✅",
  inconclusive: "⚪",
  error: "⚠️",
  fail: "❌",
};

export const CHECK_SYMBOLS: Readonly<Record<Check["state"], string>> = { fine: "✓", wrong: "✗", unknown: "?" };
