import { DAY, HOUR, MINUTE } from "../../src/domain/time.ts";
import type { Forecast, StepForecast } from "../../src/forecast/forecast.ts";
import type { SuggestedPlan, Wish } from "../../src/forecast/suggested-plan.ts";
import type { VerifiesFrom } from "../../src/forecast/verification.ts";
import type { Check } from "../../src/release/events.ts";
import { COMMENT_BUDGETS, type CommentBudget } from "../../src/report/comment-budget.ts";
import {
  checkLines,
  checkList,
  forecastLines,
  forecastTable,
  replayLines,
  replayTable,
} from "../../src/report/forecast-table.ts";
import type { ToldReplay as Replayed } from "../../src/report/told.ts";
import { rendered } from "./rendered.ts";

const [ROOMY] = COMMENT_BUDGETS as readonly [CommentBudget];
const SMALL: CommentBudget = { rows: 2, length: 100 };
/** Everything that could break out of a line, a cell or a text. */
const HOSTILE =
  "a | b <img src=x onerror=alert(1)> @all #12 [x](https://a.example) `c` \n\n# d\n- e | f ::error::g <!-- h";
const FOLDED = HOSTILE.replace(/\s+/g, " ");

const STEP: StepForecast = { weight: 5, bake: 10 * MINUTE, hold: 0, calls: 1_234.4, errors: 0.034, slowdown: 1.42 };

function forecastOf(steps: readonly StepForecast[], over: Partial<Forecast> = {}): Forecast {
  return {
    function: "checkout",
    callsByHour: Array<number>(24).fill(6_000),
    recent: null,
    perMinute: { least: 30, most: 812 },
    errorRate: 0.001,
    latency: { p50: 120, p90: 1_450 },
    steps,
    verifies: { kind: "after", time: 12 * MINUTE, step: steps.length - 1, isHeld: false },
    ...over,
  };
}

const WISH: Wish = { mustDetect: 0.05, budget: HOUR };

function lines(forecasts: readonly Forecast[], proposals: readonly SuggestedPlan[] = [], wish: Wish | null = null) {
  return forecastLines({ forecasts, proposals, wish });
}

/** The cells of a line of the log, separated by two spaces. */
function cellsOf(line: string | undefined): readonly string[] {
  return (line ?? "").trim().split(/ {2,}/);
}

/** The cells of a table as a reader sees them, row by row. */
function rowsOf(markdown: string): readonly (readonly string[])[] {
  return [...rendered(markdown).html.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
    [...(row ?? "").matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) => shown(cell ?? "")),
  );
}

function shown(html: string): string {
  const text = html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"');
  return text.replaceAll("&amp;", "&").trim();
}

test("a forecast tells the traffic that it is made of, and of each step what it finds", () => {
  const blind: StepForecast = { ...STEP, weight: 50, bake: 90 * MINUTE, errors: "blind", slowdown: "unwatched" };
  const [traffic, , first, second] = lines([forecastOf([STEP, blind])]);
  for (const part of ["checkout", "30 to 812 calls a minute", "0.1 % failed", "120 ms", "1.45 s"]) {
    expect(traffic).toContain(part);
  }
  expect(cellsOf(first)).toStrictEqual(["5 % for 10m", "~1,234", "3.4 %", "1.4 × as slow", "–"]);
  expect(cellsOf(second)).toStrictEqual(["50 % for 1h30m", "~1,234", "nothing at all", "not watched", "minute 12"]);
});

/** The last column of three steps. */
function verifiesIn(verifies: VerifiesFrom): readonly string[] {
  const [, , ...rows] = lines([forecastOf([STEP, STEP, STEP], { verifies })]);
  return rows.map((row) => cellsOf(row)[4] ?? "?");
}

const VERIFIED: readonly [VerifiesFrom, string][] = [
  [{ kind: "after", time: 18 * MINUTE, step: 2, isHeld: true }, "minute 18, by waiting longer"],
  [
    { kind: "beyond", time: 117 * MINUTE, callsPerMinute: 900 },
    "not within this plan: needs about 2h, or 900 calls a minute",
  ],
  [{ kind: "beyond", time: 3 * HOUR + MINUTE, callsPerMinute: null }, "not within this plan: needs about 3h30m"],
  [{ kind: "beyond", time: null, callsPerMinute: 12_000 }, "not within this plan: needs 12,000 calls a minute"],
  [{ kind: "beyond", time: null, callsPerMinute: null }, "not within this plan, however many calls there are"],
  [{ kind: "uncompared" }, "never: no guard compares"],
  [{ kind: "unknown", guard: "metric A/B Average <= baseline" }, "unknown for metric A/B Average <= baseline"],
];

test.each(VERIFIED)(
  "from when a good version is shown to be good stands in the last step's row: %j",
  (verifies, said) => {
    expect(verifiesIn(verifies)).toStrictEqual(["–", "–", said]);
  },
);

test("if a good version is shown to be good in an earlier step, it stands there", () => {
  const verifies = { kind: "after", time: 8 * MINUTE, step: 1, isHeld: false } as const;
  expect(verifiesIn(verifies)).toStrictEqual(["–", "minute 8", "–"]);
});

test.each([
  [
    { perMinute: 800, minutes: 3 },
    "checkout in the last 3 minutes that show: 800 calls a minute (there were hardly any before",
  ],
  [{ perMinute: 0.02, minutes: 1 }, "checkout in the last minute that shows: 0.02 calls a minute (there"],
  [{ perMinute: 800, minutes: 0 }, "checkout in its busiest minute so far: 800 calls a minute (there"],
])("of an alias that is new to its callers, the line tells which minutes its rate comes from: %j", (recent, start) => {
  const [traffic = ""] = lines([forecastOf([STEP], { recent })]);
  expect(traffic.slice(0, start.length)).toBe(start);
  expect(traffic).toMatch(/ 0\.1 % failed, p50 120 ms, p90 1\.45 s$/);
  expect(traffic).not.toMatch(/7 days|depending on the hour/);
});

test("the columns of the log stand under their heads", () => {
  const all = lines([forecastOf([STEP, { ...STEP, weight: 50, bake: 2 * DAY, calls: 1e7, errors: "blind" }])]);
  const [, head = "", ...rows] = all;
  for (const [column, name] of cellsOf(head).entries()) {
    const places = rows.map((row) => row.indexOf(cellsOf(row)[column] ?? "?"));
    expect({ name, places }).toStrictEqual({ name, places: rows.map(() => head.indexOf(name)) });
  }
});

test("an alias without calls is told as such, and a latency only where one is known", () => {
  const [none] = lines([forecastOf([], { errorRate: null, perMinute: { least: 0, most: 0 }, latency: {} })]);
  expect(none).toMatch(/^checkout had no calls/);
  const [unknown] = lines([forecastOf([], { latency: {} })]);
  expect(unknown).not.toMatch(/took|ms/);
});

test("the hours of the day are drawn, unless they would all be as high", () => {
  const day = (calls: readonly number[]) => lines([forecastOf([], { callsByHour: calls })])[0];
  const hours = Array<number>(24).fill(6_000);
  expect(day(hours)).not.toContain("UTC");
  expect(day(hours.with(3, 5_900))).not.toContain("UTC");
  expect(day(hours.with(3, 600))).toContain("depending on the hour (0 ███▂████████████████████ 24 UTC),");
});

test("the Markdown tells the same as the log", () => {
  const forecasts = [forecastOf([STEP, { ...STEP, errors: "blind" }])];
  const markdown = forecastTable({ forecasts, proposals: [], wish: null }, ROOMY);
  const [head, ...rows] = rowsOf(markdown);
  expect(head).toHaveLength(5);
  const log = lines(forecasts);
  expect(rows).toStrictEqual(log.slice(2).map(cellsOf));
  const [traffic = "?"] = log;
  expect(rendered(markdown).text.slice(0, traffic.length)).toBe(traffic);
});

const PROPOSALS: readonly [rule: string, proposal: SuggestedPlan, said: RegExp][] = [
  [
    "a plan can be copied into the input steps",
    {
      kind: "plan",
      plan: {
        steps: [
          { weight: 5, bake: 12 * MINUTE },
          { weight: 50, bake: 12 * MINUTE },
        ],
        finalBake: 0,
      },
    },
    /steps: 5% for 12m, 50% for 12m$/,
  ],
  ["what the guards allow is said not to be found", { kind: "allowed", allowed: 0.065 }, /allow up to 6\.5 %/],
  ["a missing guard is said", { kind: "unwatched" }, /no guard looks at error-rate/],
  [
    "too little traffic is said, with the best there is",
    { kind: "too-little-traffic", finds: 0.12 },
    /too little traffic.*12 %$/,
  ],
  ["and that it finds nothing", { kind: "too-little-traffic", finds: null }, /too little traffic.*nothing at all$/],
];

test.each(PROPOSALS)("of what was wished for, %s, in log and Markdown", (_rule, proposal, said) => {
  const last = lines([forecastOf([STEP])], [proposal], WISH).at(-1) ?? "";
  expect(last).toMatch(/5 %.*1h.*90 %/);
  expect(last).toMatch(said);
  const markdown = forecastTable({ forecasts: [forecastOf([STEP])], proposals: [proposal], wish: WISH }, ROOMY);
  expect(rendered(markdown).text.slice(-last.length)).toBe(last);
});

test("without a wish nothing is proposed, and each function has its own proposal", () => {
  const forecasts = ["a", "b"].map((name) => forecastOf([STEP], { function: name }));
  expect(lines(forecasts)).toHaveLength(6);
  const proposals: SuggestedPlan[] = [{ kind: "unwatched" }, { kind: "allowed", allowed: 0.5 }];
  const all = lines(forecasts, proposals, WISH);
  expect(all[3]).toMatch(/no guard/);
  expect(all[7]).toMatch(/50 %/);
});

const CHECKS: readonly Check[] = [
  { state: "fine", text: "lambda:UpdateAlias on checkout is allowed" },
  { state: "wrong", text: HOSTILE },
  { state: "unknown", text: "whether it is could not be asked" },
];

test("checks are a line each, with how they stand before them", () => {
  expect(checkLines(CHECKS).map((line) => line.slice(0, 2))).toStrictEqual(["✓ ", "✗ ", "? "]);
  const { text, tags } = rendered(checkList(CHECKS, ROOMY));
  expect(text).toBe(`✓ ${CHECKS[0]?.text} ✗ ${FOLDED} ? ${CHECKS[2]?.text}`);
  expect([...tags].sort()).toStrictEqual(["code", "li", "ul"]);
});

test("a check's text stays one inert item of its list", () => {
  const source = checkList(CHECKS, ROOMY);
  expect(source.split("\n")).toHaveLength(CHECKS.length);
  expect(source).toContain("`@all`");
  expect(source).toContain("`#12`");
});

test("how many checks were left out is an item of its own, not the end of the last check", () => {
  const { html } = rendered(checkList(CHECKS, SMALL));
  expect(html.match(/<li>/g)).toHaveLength(3);
});

const ROW: Replayed = {
  firedAt: Date.UTC(2026, 10, 21, 14, 7),
  analysis: {
    kind: "comparison",
    rule: "error-rate <= baseline",
    place: 0,
    target: { function: "checkout", alias: "live" },
    verdict: "fail",
    reason: "12 of 480 canary calls failed",
    figures: null,
  },
};
const NEVER: Replayed = {
  firedAt: null,
  analysis: { ...ROW.analysis, target: null, verdict: "pass", reason: "all is well" },
};

test("a replay tells of each guard when it would have fired, and what it said", () => {
  const [fired, never] = replayLines([ROW, NEVER]);
  for (const part of ["error-rate <= baseline (checkout)", "2026-11-21 14:07 UTC", "12 of 480 canary calls failed"]) {
    expect(fired).toContain(part);
  }
  expect(never).toMatch(/^error-rate <= baseline: .*never.*all is well$/);
  const [, first, second] = rowsOf(replayTable([ROW, NEVER], ROOMY));
  expect(first?.slice(0, 2)).toStrictEqual(["error-rate <= baseline", "checkout"]);
  expect(first?.[2]).toMatch(/2026-11-21 14:07 UTC$/);
  expect(first?.[3]).toMatch(/^❌.*12 of 480 canary calls failed$/);
  expect(second?.slice(0, 3)).toStrictEqual(["error-rate <= baseline", "", "never"]);
  expect(second?.[3]).toMatch(/^✅/);
});

test("no text of a replay gets out of its cell", () => {
  const hostile = { ...ROW.analysis, rule: HOSTILE, reason: HOSTILE, target: { function: HOSTILE, alias: "live" } };
  const markdown = replayTable([{ ...ROW, analysis: hostile }, ROW], ROOMY);
  const rows = rowsOf(markdown);
  expect(rows.map((row) => row.length)).toStrictEqual([4, 4, 4]);
  expect(rows[1]?.slice(0, 2)).toStrictEqual([FOLDED, FOLDED]);
  expect(rows[1]?.[3]?.slice(-FOLDED.length)).toBe(FOLDED);
  const { tags } = rendered(markdown);
  expect([...tags].sort()).toStrictEqual(["code", "table", "tbody", "td", "th", "thead", "tr"]);
});

test("no text of a forecast gets out of its paragraph", () => {
  const hostile = { function: HOSTILE, verifies: { kind: "unknown", guard: HOSTILE } } as const;
  const forecasts = [forecastOf([STEP], hostile), forecastOf([], { ...hostile, errorRate: null })];
  const { text, tags } = rendered(forecastTable({ forecasts, proposals: [], wish: null }, ROOMY));
  expect(text.slice(0, FOLDED.length)).toBe(FOLDED);
  expect([...tags].sort()).toStrictEqual(["code", "p", "table", "tbody", "td", "th", "thead", "tr"]);
});

test("what there is no room for is left out and counted, and long texts are cut", () => {
  const many = <T>(one: T): T[] => Array.from({ length: 1_002 }, () => one);
  const long = "x".repeat(5_000);
  const outlook = {
    forecasts: many(forecastOf([STEP], { function: long, verifies: { kind: "unknown", guard: long } })),
    proposals: [],
    wish: null,
  };
  const row = { ...ROW, analysis: { ...ROW.analysis, rule: long, reason: long } };
  for (const markdown of [
    forecastTable(outlook, SMALL),
    checkList(many({ state: "fine", text: long }), SMALL),
    replayTable(many(row), SMALL),
  ]) {
    expect(markdown).toMatch(/1,000 more/);
    expect(markdown.length).toBeLessThan(2_000);
  }
});

test("where all is kept, nothing is said to be left out", () => {
  const forecasts = [forecastOf([STEP])];
  for (const markdown of [
    forecastTable({ forecasts, proposals: [], wish: null }, SMALL),
    checkList(CHECKS.slice(0, 2), SMALL),
    replayTable([ROW], SMALL),
  ]) {
    expect(markdown).not.toMatch(/left out/);
  }
});
