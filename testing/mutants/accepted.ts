/** A change that no test notices, and why that is all right. */
export interface Accepted {
  readonly file: string;
  /** The line that it starts on, trimmed. */
  readonly line: string;
  /** As `npm run mutants` prints it. */
  readonly change: string;
  readonly reason: string;
}

const EXACTLY_1 = "Evidence is a sum of logarithms. That it is exactly 1 doesn't happen.";
const PROMOTED_SHARE =
  "At a weight of 100 both counts are read from the alias's one series, so no share of them is odd.";
const OTHER_STATISTICS = "Only an average and percentiles are compared, and what isn't a percentile counts as a mean.";

export const ACCEPTED: readonly Accepted[] = [
  {
    file: "src/analysis/fewest.ts",
    line: "return weigh(noEvidence(0, null), minutes, tolerance, { alpha, beta: alpha }).bad >= 1;",
    change:
      "weigh(noEvidence(0, null), minutes, tolerance, { alpha, beta: alpha }).bad >= 1 → weigh(noEvidence(0, null), minutes, tolerance, { alpha, beta: alpha }).bad > 1",
    reason: EXACTLY_1,
  },
  {
    file: "src/analysis/judge.ts",
    line: 'const verdict = isStale && bad < 1 ? "inconclusive" : shown(bad, good);',
    change: "bad < 1 → bad <= 1",
    reason: EXACTLY_1,
  },
  {
    file: "src/analysis/judge.ts",
    line: "if (bad < 1) return sealed;",
    change: "bad < 1 → bad <= 1",
    reason: EXACTLY_1,
  },
  {
    file: "src/analysis/judge.ts",
    line: 'return bad >= 1 ? "fail" : good >= 1 ? "pass" : "inconclusive";',
    change: "bad >= 1 → bad > 1",
    reason: EXACTLY_1,
  },
  {
    file: "src/analysis/judge.ts",
    line: 'return bad >= 1 ? "fail" : good >= 1 ? "pass" : "inconclusive";',
    change: "good >= 1 → good > 1",
    reason: EXACTLY_1,
  },
  {
    file: "src/analysis/judge.ts",
    line: "return bad >= 1 ? 1 : Math.min(1, Math.max(-1, Math.max(0, bad) - Math.max(0, good)));",
    change: "bad >= 1 → bad > 1",
    reason: EXACTLY_1,
  },
  {
    file: "src/analysis/method.ts",
    line: "const [, percentile] = /^p(.*)$/.exec(statistic) ?? [];",
    change: "/^p(.*)$/ → /p(.*)$/",
    reason: OTHER_STATISTICS,
  },
  {
    file: "src/analysis/method.ts",
    line: "const [, percentile] = /^p(.*)$/.exec(statistic) ?? [];",
    change: "/^p(.*)$/ → /^p(.*)/",
    reason: "A statistic has no line break.",
  },
  {
    file: "src/analysis/method.ts",
    line: "const [, percentile] = /^p(.*)$/.exec(statistic) ?? [];",
    change: '[] → ["Stryker was here"]',
    reason: "Only what comes second in it is read.",
  },
  {
    file: "src/analysis/sign-flip.ts",
    line: "const gains = (sign: 1 | -1) => LOUDNESS.map((loudness) => Math.LN2 - Math.log1p(Math.exp(-2 * loudness * sign * z)));",
    change: "-2 * loudness * sign → -2 * loudness / sign",
    reason: "The sign is 1 or -1.",
  },
  {
    file: "src/analysis/traffic-check.ts",
    line: "const late = isLong === null ? lateness(latest, arrived, callsIn) : null;",
    change: "isLong === null → true",
    reason: "A silence begins before the last sealed minute, and what is late since then is left out further down.",
  },
  {
    file: "src/analysis/traffic-check.ts",
    line: "ofFunction: a.ofFunction + b.ofFunction,",
    change: "a.ofFunction + b.ofFunction → a.ofFunction - b.ofFunction",
    reason: "Nothing reads the sum: only whether a minute has any calls of the function.",
  },
  {
    file: "src/analysis/traffic-check.ts",
    line: "if (weight >= 100 || isMixed) return null;",
    change: "weight >= 100 → false",
    reason: PROMOTED_SHARE,
  },
  {
    file: "src/analysis/traffic-check.ts",
    line: "if (weight >= 100 || isMixed) return null;",
    change: "weight >= 100 → weight > 100",
    reason: PROMOTED_SHARE,
  },
  {
    file: "src/engine/credential-expiry.ts",
    line: "const expiry = await credentials.expiry().catch(() => null);",
    change: "() => null → () => undefined",
    reason: "All that is asked of it is whether it has a time.",
  },
  {
    file: "src/engine/fresh-traffic.ts",
    line: "if (last === null || found?.revision === last.alias.revision) return false;",
    change: "found?.revision === last.alias.revision → false",
    reason: "An alias at the same revision is the same alias, and two lines on the same setting isn't stale either.",
  },
  {
    file: "src/engine/ports.ts",
    line: 'override readonly name = "ReleaseError";',
    change: '"ReleaseError" → ""',
    reason: "People are told the message. The name stands only in a stack trace.",
  },
  {
    file: "src/release/decide.ts",
    line: "return at > end + awaited && lateFor(release) !== null ? withBake({ awaited: at - end }) : release;",
    change: "at > end + awaited → at >= end + awaited",
    reason: "At that very time, what is kept is the time that was kept before.",
  },
];
