import assert from "node:assert/strict";
import { analyse, wanted } from "../../src/analysis/analyse.ts";
import { atWeight, risksOf } from "../../src/analysis/state.ts";
import type { Analysis } from "../../src/analysis/verdict.ts";
import { activeWatches, judgeWatch } from "../../src/analysis/watch.ts";
import { statisticOf } from "../../src/aws/cloudwatch-names.ts";
import type { Usual } from "../../src/domain/member.ts";
import type { Reading, Series } from "../../src/domain/ports.ts";
import { type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import type { ToldAnalysis } from "../../src/report/told.ts";
import { guardsOf, memberOf } from "../../testing/fakes/terms.ts";
import { wordedAnalysis } from "../../testing/fakes/worded.ts";
import { type InRelease, inBake, promoted } from "./in-release.ts";

const START = Date.UTC(2026, 10, 21, 14);
const target = { function: "checkout", alias: "live" };

const RANKS: Usual = { latency: { p90: 180 }, countsByDuration: true, hasErrorSamples: true, rates: {} };
const NO_RANKS: Usual = { latency: {}, countsByDuration: false, hasErrorSamples: true, rates: {} };

/** A release in its first bake, from the baseline 41 to the canary 42. */
function baking(guards: string, weight = 5, usual = RANKS, usualRate = 0): InRelease {
  return inBake([memberOf("checkout", { usualRate, usual })], guardsOf(guards), weight, START);
}

/** `42 Errors Sum`, or `Shop/T p90` followed by the dimensions' values. */
function keyOf(series: Series): string {
  return series.kind === "lambda"
    ? `${series.of} ${series.metric} ${statisticOf(series)}`
    : [`${series.namespace}/${series.name} ${series.statistic}`, ...Object.values(series.dimensions)].join(" ");
}

/**
 * By series: a figure for every minute since the shift, or one for each (null for no point), or why none can be read.
 */
type Told = Readonly<Record<string, number | readonly (number | null)[] | string>>;

function readingOf(told: Told, minutes: number): (series: Series) => Reading {
  const at = (key: string, index: number) => {
    const each = told[key];
    return typeof each === "object" ? (each[index] ?? null) : (each ?? null);
  };
  return (series) => {
    const key = keyOf(series);
    const why = told[key];
    if (typeof why === "string") return { kind: "unreadable", reason: why };
    const points = Array.from({ length: minutes }, (_, index): [Instant, number | null] => {
      if (told[key] === undefined) return [START + index * MINUTE, samplesAt(key, (name) => at(name, index))];
      return [START + index * MINUTE, Number(at(key, index) ?? Number.NaN)];
    });
    const shown = points.filter((point): point is [Instant, number] => Number.isFinite(point[1] ?? Number.NaN));
    return { kind: "points", points: new Map(shown) };
  };
}

/** As Lambda does it, unless a test says otherwise: Errors has a sample for each call. */
function samplesAt(key: string, figure: (key: string) => string | number | null): number | null {
  const [, of, metric] = /^(\S+) (Errors) SampleCount$/.exec(key) ?? [];
  if (of === undefined) return null;
  const calls = Number(figure(`${of} Invocations Sum`) ?? 0);
  const samples = Math.max(calls, Number(figure(`${of} ${metric} Sum`) ?? 0));
  return samples === 0 ? null : samples;
}

/** Looks once at the release's only guard, a bit more than this many minutes after the start. */
function look(release: InRelease, told: Told, minutes: number): { release: InRelease; analysis: Analysis } {
  const [active] = activeWatches(release.watches, release.context.promotedAt);
  assert(active !== undefined);
  const observation = {
    at: START + (minutes + 2) * MINUTE + 5 * SECOND,
    reading: readingOf(told, minutes),
    alarms: new Map(),
  };
  const terms = { risks: risksOf(release), share: release.context.weight / 100 };
  const { watch, analysis } = judgeWatch(active, observation, terms);
  return { release: { ...release, watches: [watch] }, analysis };
}

function judged(release: InRelease, told: Told, minutes = 10): ToldAnalysis {
  return wordedAnalysis(look(release, told, minutes).analysis);
}

/** The series that a release's guards ask for, of both versions. */
function asked(release: InRelease) {
  return activeWatches(release.watches, release.context.promotedAt).map(({ canary, baseline }) => ({
    canary: canary.map(keyOf),
    baseline: baseline.map(keyOf),
  }));
}

test("the reason tells the calls of both versions, their shares and what is allowed", () => {
  const first = (failures: number) => [failures, ...Array.from({ length: 9 }, () => null)];
  const told = {
    "42 Invocations Sum": 48,
    "42 Errors Sum": first(12),
    "41 Invocations Sum": 912,
    "41 Errors Sum": first(31),
  };
  const { reason, figures, rule, target: about } = judged(baking("error-rate <= baseline * 1.5 + 0.5%"), told);
  const sentence =
    "12 of 480 calls of version 42 failed (2.5 %), 31 of 9,120 of version 41 (0.34 %); allowed up to 1.01 %: ";
  expect(reason.slice(0, sentence.length)).toBe(sentence);
  expect([rule, about]).toStrictEqual(["error-rate <= baseline * 1.5 + 0.5%", target]);
  expect(figures?.canary).toStrictEqual({ calls: 480, failures: 12 });
  expect(figures?.baseline).toStrictEqual({ calls: 9_120, failures: 31 });
  expect(Math.abs((figures?.allowed ?? 0) - (1.5 * (31 / 9_120) + 0.005))).toBeLessThan(1e-12);
});

const HEALTHY = { "42 Invocations Sum": 500, "41 Invocations Sum": 500 };

test("a canary that fails beside a baseline that doesn't is a fail, one that doesn't either a pass in time", () => {
  const release = baking("error-rate <= baseline", 50);
  const failing = judged(release, { ...HEALTHY, "42 Errors Sum": 100 });
  expect([failing.verdict, failing.figures?.evidence]).toStrictEqual(["fail", 1]);
  const good = judged(release, HEALTHY, 30);
  expect([good.verdict, good.figures?.evidence]).toStrictEqual(["pass", -1]);
  const both = judged(release, { ...HEALTHY, "42 Errors Sum": 100, "41 Errors Sum": 100 });
  expect(both.verdict).not.toBe("fail");
  const soon = judged(release, { ...HEALTHY, "41 Errors Sum": 4, "42 Errors Sum": 8 }, 3);
  expect(soon.verdict).toBe("inconclusive");
  expect(Math.abs(soon.figures?.evidence ?? 1)).toBeLessThan(1);
});

test("against a number a minute counts once the calls that usually take long are over, or fast failures would stand alone", () => {
  const release = baking("error-rate < 1%");
  const slow = {
    ...release,
    watches: release.watches.map((watch) => ({
      ...watch,
      member: {
        ...watch.member,
        timeout: 15 * MINUTE,
        usual: { latency: { p90: 2 * MINUTE }, countsByDuration: true, hasErrorSamples: true, rates: {} },
      },
    })),
  };
  const failures = { "42 Invocations Sum": [8, 8, 8, 8], "42 Errors Sum": [8, 8, 8, 8] };
  expect(judged(release, failures, 5).verdict).toBe("fail");
  expect(judged(slow, failures, 5).verdict).toBe("inconclusive");
  expect(judged(slow, failures, 20).verdict).toBe("fail");
});

test("a canary is shown to be good by minutes only in which no call can be under way any more", () => {
  const release = baking("error-rate <= baseline", 50);
  const slow = {
    ...release,
    watches: release.watches.map((watch) => ({ ...watch, member: { ...watch.member, timeout: 15 * MINUTE } })),
  };
  expect(judged(release, HEALTHY, 20).verdict).toBe("pass");
  expect(judged(slow, HEALTHY, 17).verdict).toBe("inconclusive");
  expect(judged(slow, HEALTHY, 35).verdict).toBe("pass");
});

test("a canary that was shown to be good and turns bad is a fail, with nothing good about it", () => {
  const errors = Array.from({ length: 40 }, (_, minute) => (minute < 30 ? 0 : 12));
  const told = { ...HEALTHY, "42 Errors Sum": errors };
  const good = look(baking("error-rate <= baseline", 50), told, 30);
  expect(good.analysis.verdict).toBe("pass");
  const after = Array.from({ length: 10 }, (_, index) => judged(good.release, told, 31 + index));
  const failed = after.filter(({ verdict }) => verdict === "fail");
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length).toBeLessThan(after.length);
  expect([...new Set(failed.map(({ figures }) => figures?.evidence))]).toStrictEqual([1]);
});

test("a failed start is a failure without a call", () => {
  const told = {
    "42 Invocations Sum": [10, 10, null],
    "42 Errors Sum": [null, 1, 5],
    "41 Invocations Sum": [90, 90, 90],
  };
  const { figures } = judged(baking("error-rate <= baseline"), told, 3);
  expect(figures?.canary).toStrictEqual({ calls: 25, failures: 6 });
  expect(figures?.baseline).toStrictEqual({ calls: 270, failures: 0 });
});

test("errors and calls count together: neither counts alone where one of the two is late", () => {
  const told = { "42 Invocations Sum": 5, "41 Invocations Sum": 95, "42 Errors Sum": 2 };
  const late = { ...told, "41 Errors SampleCount": [95, 95], "42 Errors SampleCount": [5, 5, 5] };
  const { figures } = judged(baking("error-rate <= baseline"), { ...late, "42 Errors Sum": [2, 2, 2] }, 10);
  expect(figures?.canary).toStrictEqual({ calls: 15, failures: 6 });
  expect(figures?.baseline).toStrictEqual({ calls: 190, failures: 0 });
});

test("where Lambda leaves out the zeros, calls and errors may be late apart: only sealed minutes count", () => {
  const bare = { ...RANKS, hasErrorSamples: false, rates: {} };
  const release = baking("error-rate <= baseline", 5, bare);
  const calls = { "42 Invocations Sum": 10, "41 Invocations Sum": 190 };
  const told = { ...calls, "42 Errors Sum": 9, "42 Errors SampleCount": 9, "41 Errors SampleCount": [] };
  expect(judged(release, told, 9).figures?.canary).toStrictEqual({ calls: 0, failures: 0 });
  const { verdict, figures } = judged(release, told, 12);
  expect([verdict, figures?.canary]).toStrictEqual(["fail", { calls: 30, failures: 27 }]);
  // One zero among the samples shows that they are there.
  const { figures: known } = judged(release, { ...told, "41 Errors SampleCount": 190 }, 9);
  expect(known?.baseline).toStrictEqual({ calls: 9 * 190, failures: 0 });
});

test("too few calls for any verdict count as underpowered, and the reason says so", () => {
  const release = baking("error-rate <= baseline");
  const few = judged(release, { "42 Invocations Sum": [1, null, 1], "41 Invocations Sum": 200 });
  expect([few.verdict, few.figures?.underpowered]).toStrictEqual(["inconclusive", true]);
  expect(few.reason).toMatch(/too few calls/);
  const enough = judged(release, { "42 Invocations Sum": 2, "41 Invocations Sum": 40 });
  expect([enough.verdict, enough.figures?.underpowered]).toStrictEqual(["inconclusive", false]);
  expect(enough.reason).not.toMatch(/too few/);
});

test("at half of the traffic it takes more calls than at 5 % not to be underpowered", () => {
  const calls = { "42 Invocations Sum": [5, 5], "41 Invocations Sum": [95, 95] };
  expect(judged(baking("error-rate <= baseline", 5), calls).figures?.underpowered).toBe(false);
  expect(judged(baking("error-rate <= baseline", 50), calls).figures?.underpowered).toBe(true);
});

test("without a call nothing is shown, and that is said", () => {
  const { verdict, reason, figures } = judged(baking("error-rate <= baseline"), { "41 Invocations Sum": 100 });
  expect([verdict, figures?.underpowered]).toStrictEqual(["inconclusive", true]);
  expect(reason).toMatch(/no calls of version 42 yet/);
});

test("a guard about all calls of the alias says that the alias had none yet, not the canary", () => {
  const { verdict, reason } = judged(baking("throttles < 1%"), { "42 Invocations Sum": 100 });
  expect([verdict, reason]).toStrictEqual(["inconclusive", "CloudWatch shows no calls of the alias yet"]);
});

test("what comes again at the next look is not counted again, and what grew until it was sealed is", () => {
  const release = baking("error-rate <= baseline");
  const early = look(release, { "42 Invocations Sum": [10, 10, 4], "41 Invocations Sum": 90 }, 3);
  expect(early.analysis.figures?.canary).toStrictEqual({ calls: 24, failures: 0 });
  const full = { "42 Invocations Sum": 10, "42 Errors Sum": [null, null, 1], "41 Invocations Sum": 90 };
  let seen = early;
  for (const minutes of [4, 9, 20, 20, 40]) seen = look(seen.release, full, minutes);
  expect(seen.analysis.figures?.canary).toStrictEqual({ calls: 400, failures: 1 });
  expect(seen.analysis.figures?.baseline).toStrictEqual({ calls: 3_600, failures: 0 });
});

test("throttled calls count among the calls, of which they are no invocations, and are told of the alias", () => {
  const { figures, reason } = judged(
    baking("throttles < 1%"),
    { "alias Invocations Sum": 90, "alias Throttles Sum": 10 },
    19,
  );
  expect(figures?.scope).toBe("alias");
  expect(figures?.canary).toStrictEqual({ calls: 1_000, failures: 100 });
  expect(reason).toMatch(/^100 of 1,000 calls of the alias were throttled \(10 %\); allowed up to 1 %/);
  expect(reason).toMatch(/concurrency/);
});

test("where every call is throttled, that is seen too", () => {
  const { verdict, figures } = judged(baking("throttles < 1%"), { "alias Throttles Sum": 100 }, 19);
  expect([verdict, figures?.canary]).toStrictEqual(["fail", { calls: 1_000, failures: 1_000 }]);
});

test("throttles are found before their minutes are sealed, out of as many calls as are usual", () => {
  const busy = baking("throttles < 1%", 5, RANKS, 100);
  const throttled = { "alias Invocations Sum": 90, "alias Throttles Sum": 10 };
  const { verdict, figures } = judged(busy, throttled, 5);
  expect([verdict, figures?.canary]).toStrictEqual(["fail", { calls: 500, failures: 50 }]);
  expect(judged(baking("throttles < 1%"), throttled, 5).verdict).toBe("inconclusive");
  // The calls are late: one in a hundred was throttled, as far as is known.
  expect(judged(busy, { "alias Throttles Sum": 1 }, 5).verdict).toBe("inconclusive");
  // In a comparison the baseline's events may be late, too.
  const url = { "42 UrlRequestCount Sum": 5, "42 Url5xxCount Sum": 5, "41 UrlRequestCount Sum": 95 };
  expect(judged(baking("url-5xx <= baseline", 5, RANKS, 100), url, 5).verdict).toBe("inconclusive");
  expect(judged(baking("url-5xx < 1%", 5, RANKS, 100), url, 5).verdict).toBe("fail");
});

test("events that no dead-letter target took are the function's, out of its calls", () => {
  const told = { "function Invocations Sum": 100, "function DeadLetterErrors Sum": 2 };
  const { figures, reason, verdict } = judged(baking("dead-letter-errors < 0.1%"), told, 19);
  expect([verdict, figures?.scope]).toStrictEqual(["fail", "function"]);
  expect(figures?.canary).toStrictEqual({ calls: 1_000, failures: 20 });
  expect(figures?.baseline).toBeNull();
  expect(reason).toMatch(/^20 of 1,000 calls of the function/);
});

test("of the function as a whole only the alias's calls are usual: before its minutes are sealed nothing is known of it", () => {
  const told = { "function Invocations Sum": 100, "function DeadLetterErrors Sum": 50 };
  expect(judged(baking("dead-letter-errors < 1%", 5, RANKS, 100), told, 5).verdict).toBe("inconclusive");
});

test("throttles that are found before their minutes are sealed are all that counts, however good it was before", () => {
  const minutes = Array.from({ length: 40 }, (_, minute) => minute);
  const told = {
    "alias Invocations Sum": minutes.map((minute) => (minute < 35 ? 100 : 50)),
    "alias Throttles Sum": minutes.map((minute) => (minute < 35 ? 0 : 50)),
  };
  const after = [37, 38, 39].map((minute) => judged(baking("throttles < 1%", 5, RANKS, 100), told, minute));
  expect(after.map(({ verdict, figures }) => [verdict, verdict === "fail" ? figures?.evidence : null])).toStrictEqual([
    ["pass", null],
    ["fail", 1],
    ["fail", 1],
  ]);
});

test("sealed minutes are all that is told of throttles as long as they are no fail", () => {
  const told = { "alias Invocations Sum": 100, "alias Throttles Sum": 1 };
  const { verdict, figures } = judged(baking("throttles < 1%", 5, RANKS, 100), told, 15);
  expect([verdict, figures?.canary]).toStrictEqual(["inconclusive", { calls: 606, failures: 6 }]);
});

test("what passes isn't short of calls, and neither is what has two hundred, whatever they could show", () => {
  const passing = judged(baking("error-rate < 95%"), { "42 Invocations Sum": 1 }, 12);
  expect([passing.verdict, passing.figures?.underpowered]).toStrictEqual(["pass", false]);
  const many = (calls: number) => judged(baking("error-rate < 99.9%"), { "42 Invocations Sum": [calls] }, 1);
  expect([many(199).verdict, many(199).figures?.underpowered]).toStrictEqual(["inconclusive", true]);
  expect([many(200).verdict, many(200).figures?.underpowered]).toStrictEqual(["inconclusive", false]);
});

test("a paired guard that passes isn't short of minutes", () => {
  const told = { "42 Duration Average": 1, "42 Duration SampleCount": 60 };
  const all = [4, 5, 6].map((minutes) => judged(baking("duration < 500ms"), told, minutes));
  expect(all.map(({ verdict, figures }) => [verdict, figures?.underpowered])).toContainEqual(["pass", false]);
  expect(all.map(({ verdict, figures }) => [verdict, figures?.underpowered])).not.toContainEqual(["pass", true]);
});

test("failures without a call count in their own minute, though later minutes don't count yet", () => {
  const release = baking("error-rate < 1%");
  const slow = {
    ...release,
    watches: release.watches.map((watch) => ({
      ...watch,
      member: { ...watch.member, timeout: 15 * MINUTE, usual: { ...RANKS, latency: { p90: MINUTE } } },
    })),
  };
  const told = { "42 Invocations Sum": [null, 10, 10, 10, 10, 10], "42 Errors Sum": [5, null, null, null, null, null] };
  expect(judged(slow, told, 6).figures?.canary).toStrictEqual({ calls: 15, failures: 5 });
});

test("where the time before was over a limit of all, more counts, and the reason says why", () => {
  const release = baking("throttles < 1%");
  const [watch] = release.watches;
  assert(watch !== undefined);
  const raised = { ...release, watches: [{ ...watch, limit: 0.04 }] };
  const told = (throttles: number) => ({ "alias Invocations Sum": 800, "alias Throttles Sum": throttles });
  const same = judged(raised, told(24), 30);
  expect([same.verdict, same.figures?.allowed]).toStrictEqual(["pass", 0.04]);
  expect(same.reason).toMatch(/allowed up to 4 %: .*; it was over 1 % before the release already$/);
  const worse = look(raised, told(200), 30);
  expect(worse.analysis.verdict).toBe("fail");
  // The guard's own limit stays as it was written.
  expect(worse.release.watches[0]?.method).toHaveProperty("tolerance.margin", 0.01);
});

test("a raised limit is for the alias as a whole: a version's own figures are judged by the guard's", () => {
  const release = baking("url-5xx < 1%", 50);
  const [watch] = release.watches;
  assert(watch !== undefined);
  const raised = { ...release, watches: [{ ...watch, limit: 0.04 }] };
  const versions = { ...requests("42", 3), ...requests("41", 3) };
  expect(judged(raised, { ...requests("alias", 6, 200), ...versions }, 60).verdict).toBe("fail");
  expect(judged(raised, requests("alias", 6, 200), 60).verdict).toBe("pass");
});

/** A hundred requests a minute to the function URL of the alias, of which so many were answered with 5xx. */
function requests(of: string, failing: number, many = 100): Told {
  return { [`${of} UrlRequestCount Sum`]: many, [`${of} Url5xxCount Sum`]: failing };
}

describe("where CloudWatch tells the versions of a function URL apart", () => {
  const BOTH = { ...requests("alias", 20, 200), ...requests("42", 20), ...requests("41", 0) };

  test.each(["url-5xx <= baseline", "url-5xx < 1%"])("they are judged by their own requests: %s", (guard) => {
    const { verdict, reason, figures } = judged(baking(guard, 50), BOTH, 19);
    expect([verdict, figures?.scope]).toStrictEqual(["fail", "version"]);
    expect(reason).toMatch(
      /^200 of 1,000 calls of version 42 were answered with status 5xx by the function URL \(20 %\)/,
    );
    expect(judged(baking(guard, 50), { ...BOTH, ...requests("42", 0) }, 60).verdict).toBe("pass");
  });

  test("the baseline's figures are enough to know it: the canary's may be late, and the alias is no stand-in for it", () => {
    const told = { ...requests("alias", 20, 200), ...requests("41", 20) };
    const { verdict, reason, figures } = judged(baking("url-5xx < 1%", 50), told);
    expect([verdict, figures?.scope]).toStrictEqual(["inconclusive", "version"]);
    expect(reason).toBe("CloudWatch shows no calls of version 42 through the function URL yet");
  });

  test("the latency is compared minute by minute", () => {
    const latency = (of: string, mean: number) => ({
      [`${of} UrlRequestLatency Average`]: mean,
      [`${of} UrlRequestLatency SampleCount`]: 100,
    });
    const told = { ...latency("42", 300), ...latency("41", 100), ...latency("alias", 200) };
    const { verdict, reason, figures } = judged(baking("url-latency <= baseline * 1.2", 50), told);
    expect([verdict, figures?.scope]).toStrictEqual(["fail", "version"]);
    expect(reason).toMatch(/^version 42's latest mean latency of the function URL was 300 ms, version 41's 100 ms/);
  });
});

describe("where CloudWatch has no figures of a function URL by version", () => {
  test("a fixed limit is judged by the alias as a whole, and the reason says so", () => {
    const { verdict, reason, figures } = judged(baking("url-5xx < 1%"), requests("alias", 5), 19);
    expect([verdict, figures?.scope]).toStrictEqual(["fail", "alias"]);
    expect(reason).toMatch(/^50 of 1,000 calls of the alias were answered with status 5xx by the function URL \(5 %\)/);
    expect(reason).toMatch(
      /; CloudWatch doesn't tell the versions of this function URL apart, so this is the alias as a whole$/,
    );
    expect(judged(baking("url-5xx < 1%"), requests("alias", 0), 60).verdict).toBe("pass");
  });

  test("a comparison is never a pass: it can't be judged, and says what to write instead", () => {
    const guard = "url-5xx <= baseline";
    const { verdict, reason, figures } = judged(baking(guard, 50), requests("alias", 0), 60);
    expect([verdict, figures]).toStrictEqual(["inconclusive", null]);
    expect(reason).toMatch(
      /^CloudWatch doesn't tell the versions of this function URL apart.*: write a fixed limit instead$/,
    );
  });

  test("nothing is concluded from minutes that can still grow: new series may be late", () => {
    const { release, analysis } = look(baking("url-5xx < 1%"), requests("alias", 100), 3);
    expect([analysis.verdict, analysis.figures?.canary]).toStrictEqual(["inconclusive", { calls: 0, failures: 0 }]);
    expect(release.watches[0]?.apart).toBe("unknown");
  });

  test("nor from the minute of the shift: most of its requests may have come before", () => {
    const told = { "alias UrlRequestCount Sum": [100], "alias Url5xxCount Sum": [100] };
    expect(look(baking("url-5xx < 1%"), told, 40).release.watches[0]?.apart).toBe("unknown");
  });

  test("that is known by the first minute that is sealed, and of a comparison too", () => {
    const told = (minutes: number) => {
      const calls = { "alias UrlRequestCount Sum": [100, 100] };
      return look(baking("url-5xx <= baseline", 50), calls, minutes).release.watches[0]?.apart;
    };
    expect([told(10), told(11)]).toStrictEqual(["unknown", "no"]);
  });

  test("the baseline's requests tell the versions apart, and events without a request don't", () => {
    const apart = (told: Told) => look(baking("url-5xx < 1%"), told, 19).release.watches[0]?.apart;
    expect(apart({ ...requests("alias", 0), "41 UrlRequestCount Sum": 100 })).toBe("yes");
    expect(apart({ ...requests("alias", 0), "42 Url5xxCount Sum": 5 })).toBe("no");
  });

  test("once it is known whose figures come, minutes are done with; and from the promotion on", () => {
    const from = ({ watches: [watch] }: InRelease) => {
      assert(watch?.method.kind === "counts");
      return watch.method.evidence.from - START;
    };
    expect(from(look(baking("url-5xx < 1%"), {}, 19).release)).toBe(0);
    expect(from(look(baking("url-5xx < 1%"), requests("alias", 0), 19).release)).toBe(10 * MINUTE);
    expect(from(look(baking("url-5xx < 1%"), requests("42", 0), 19).release)).toBe(10 * MINUTE);
    expect(from(look(promoted(baking("url-5xx < 1%"), START), requests("alias", 0), 19).release)).toBe(10 * MINUTE);
  });

  test("once a version's figures show after all, they count", () => {
    const whole = look(baking("url-5xx < 1%"), requests("alias", 0), 19).release;
    expect(whole.watches[0]?.apart).toBe("no");
    expect(look(whole, requests("alias", 0), 21).release.watches[0]?.apart).toBe("no");
    const told = { ...requests("alias", 0), ...requests("42", 30) };
    const { release, analysis } = look(whole, told, 40);
    expect([release.watches[0]?.apart, analysis.verdict, analysis.figures?.scope]).toStrictEqual([
      "yes",
      "fail",
      "version",
    ]);
  });

  test("a figure of zero is no request: it tells nothing apart", () => {
    const told = { ...requests("alias", 0), ...requests("42", 0, 0), ...requests("41", 0, 0) };
    expect(look(baking("url-5xx < 1%"), told, 19).release.watches[0]?.apart).toBe("no");
  });

  test("the alias and the baseline are read too, until the versions' own figures show", () => {
    const release = { ...baking("url-5xx < 1%"), trafficChecks: [] };
    const own = ["42 UrlRequestCount Sum", "42 Url5xxCount Sum"];
    const others = ["41 UrlRequestCount Sum", "alias UrlRequestCount Sum", "alias Url5xxCount Sum"];
    expect(wanted(release, release.context).series.map(keyOf)).toStrictEqual([...own, ...others]);
    const known = look(release, requests("42", 0), 3).release;
    expect(wanted(known, known.context).series.map(keyOf)).toStrictEqual(own);
  });

  test("until it is known whose figures come, no minute is done with: what shows late counts from the start", () => {
    const silent = look(baking("url-5xx < 1%"), {}, 20).release;
    const late = { "42 UrlRequestCount Sum": [100, 100, 100, 100], "42 Url5xxCount Sum": [50, 50, 50, 50] };
    const { verdict, figures } = judged(silent, late, 21);
    expect([verdict, figures?.canary]).toStrictEqual(["fail", { calls: 400, failures: 200 }]);
  });

  test("what can't be read of the alias is an error", () => {
    const told = { ...requests("42", 0), "alias Url5xxCount Sum": "throttled by CloudWatch" };
    expect(judged(baking("url-5xx < 1%"), told).verdict).toBe("error");
  });

  test("after the promotion the alias's figures are the canary's, whatever was known before", () => {
    const whole = look(baking("url-5xx < 1%"), requests("alias", 0), 19).release;
    const after = promoted(whole, START + 19 * MINUTE);
    expect(asked(after)).toStrictEqual([
      { canary: ["alias UrlRequestCount Sum", "alias Url5xxCount Sum"], baseline: [] },
    ]);
    const { verdict, reason } = judged(after, requests("alias", 20), 60);
    expect(verdict).toBe("fail");
    expect(reason).not.toMatch(/as a whole/);
    const unknown = promoted(baking("url-5xx < 1%"), START);
    expect(judged(unknown, requests("alias", 20), 60).verdict).toBe("fail");
  });
});

test("slow calls are those beyond the percentile rank, each side's beyond its own bound", () => {
  const told = {
    "42 Duration SampleCount": 100,
    "42 Duration PR(:270)": 70,
    "41 Duration SampleCount": 900,
    "41 Duration PR(:180)": 90,
  };
  const { figures, reason, verdict } = judged(baking("p90 <= baseline * 1.5"), told);
  expect(figures?.canary).toStrictEqual({ calls: 1_000, failures: 300 });
  expect(figures?.baseline).toStrictEqual({ calls: 9_000, failures: 900 });
  expect([verdict, figures?.slow]).toStrictEqual(["fail", { canary: 270, baseline: 180 }]);
  expect(reason).toMatch(
    /300 of 1,000 calls of version 42 took longer than 270 ms \(30 %\), 900 of 9,000 of version 41 longer than 180 ms \(10 %\)/,
  );
});

test("a minute without its percentile rank tells nothing, though its calls are known", () => {
  const told = {
    "42 Duration SampleCount": 100,
    "42 Duration PR(:270)": [70, null, 70],
    "41 Duration SampleCount": 900,
    "41 Duration PR(:180)": [90, 90, null],
  };
  const { figures } = judged(baking("p90 <= baseline * 1.5"), told, 3);
  expect(figures?.canary).toStrictEqual({ calls: 200, failures: 60 });
  expect(figures?.baseline).toStrictEqual({ calls: 1_800, failures: 180 });
});

test("against a number, the reason names no bound of the baseline", () => {
  const told = { "42 Duration SampleCount": 100, "42 Duration PR(:800)": 70 };
  const { figures, reason, verdict } = judged(baking("p90 < 800ms"), told);
  expect([verdict, figures?.slow]).toStrictEqual(["fail", { canary: 800, baseline: null }]);
  expect(reason).toMatch(/^300 of 1,000 calls of version 42 took longer than 800 ms \(30 %\); allowed up to 10 %/);
});

test("a baseline that hardly has slow calls any more shows nothing good about the canary, but a slow canary still fails", () => {
  const release = baking("p90 <= baseline * 1.5", 50);
  const told = (canary: number, baseline: number) => ({
    "42 Duration SampleCount": 900,
    "42 Duration PR(:270)": canary,
    "41 Duration SampleCount": 900,
    "41 Duration PR(:180)": baseline,
  });
  expect(judged(release, told(100, 90), 30).verdict).toBe("pass");
  const stale = judged(release, told(100, 99), 30);
  expect([stale.verdict, stale.figures?.evidence]).toStrictEqual(["inconclusive", 0]);
  expect(stale.reason).toMatch(/almost none of the calls of version 41 are that slow any more/);
  expect(judged(release, told(50, 99), 30).verdict).toBe("fail");
});

test("minutes are compared in which both sides have a figure of calls enough", () => {
  const told = {
    "42 Duration p90": [300, 300, 300, 300, null],
    "42 Duration SampleCount": [50, 49, 60, 60, 60],
    "41 Duration p90": [100, 100, 100, null, 100],
    "41 Duration SampleCount": [900, 900, 30, 900, 900],
  };
  const { figures, reason, verdict } = judged(baking("p90 <= baseline * 1.2", 5, NO_RANKS), told, 5);
  expect([verdict, figures?.underpowered]).toStrictEqual(["inconclusive", true]);
  expect(reason).toMatch(/300 ms.*100 ms.*120 ms.*1 of 1 minutes/);
  expect([figures?.canary, figures?.baseline, figures?.allowed]).toStrictEqual([{ value: 300 }, { value: 100 }, 120]);
});

test("a paired guard is underpowered for as many minutes as it can show nothing in, then it fails what is slower", () => {
  const told = {
    "42 Duration Average": 300,
    "42 Duration SampleCount": 60,
    "41 Duration Average": 100,
    "41 Duration SampleCount": 900,
  };
  const release = baking("duration <= baseline * 1.2");
  const six = judged(release, told, 6);
  expect([six.verdict, six.figures?.underpowered]).toStrictEqual(["inconclusive", true]);
  expect(six.reason).toMatch(/too few minutes/);
  const seven = judged(release, { ...told, "42 Duration Average": 121 }, 7);
  expect([seven.verdict, seven.figures?.underpowered]).toStrictEqual(["inconclusive", false]);
  expect(judged(release, told, 10).verdict).toBe("fail");
  expect(judged(release, { ...told, "42 Duration Average": 100 }, 30).verdict).toBe("pass");
});

test("a paired guard against a number needs no baseline", () => {
  const told = { "42 Duration Average": 900, "42 Duration SampleCount": 60 };
  const { verdict, figures } = judged(baking("duration < 500ms"), told);
  expect([verdict, figures?.baseline, figures?.allowed]).toStrictEqual(["fail", null, 500]);
});

test("a minute whose number of calls is missing is not compared", () => {
  const told = {
    "42 Duration Average": 300,
    "42 Duration SampleCount": [60, null, 60],
    "41 Duration Average": 100,
    "41 Duration SampleCount": [900, 900, null],
  };
  expect(judged(baking("duration <= baseline * 1.2"), told, 3).reason).toMatch(/over it in 1 of 1 minutes/);
});

test.each([
  ["duration < 500ms", "no minute yet with 20 calls of each version in which the mean duration could be judged", 500],
  [
    "metric Shop/T {V=$version} Average <= baseline + 5",
    "no minute yet in which the Average of Shop/T could be judged",
    5,
  ],
])("before its first minute, a paired guard shows only what it allows: %s", (guard, told, allowed) => {
  const { verdict, reason, figures } = judged(baking(guard), {});
  expect([verdict, reason]).toStrictEqual(["inconclusive", `CloudWatch shows ${told}`]);
  expect([figures?.canary, figures?.baseline, figures?.allowed]).toStrictEqual([null, null, allowed]);
});

test("a metric of one's own is compared by the versions' own figures", () => {
  const samples = { "Shop/T SampleCount 42": 50, "Shop/T SampleCount 41": 900 };
  const told = { "Shop/T Average 42": 9, "Shop/T Average 41": 3, ...samples };
  const { verdict, figures } = judged(baking("metric Shop/T {V=$version} Average <= baseline * 1.5 + 1"), told);
  expect([verdict, figures?.unit, figures?.allowed]).toStrictEqual(["fail", "number", 5.5]);
});

test("a level is a pass within its bound, inconclusive for as long as it may be over it, and then a fail", () => {
  const release = baking("iterator-age < 30s for 3m");
  const age = (...values: number[]) => judged(release, { "function IteratorAge Maximum": values }, values.length);
  const within = age(5_000, 5_000);
  expect(within.verdict).toBe("pass");
  const { scope, unit, canary, baseline, allowed, evidence, underpowered } = within.figures ?? {};
  expect([scope, unit, canary, baseline, allowed]).toStrictEqual(["function", "ms", { value: 5_000 }, null, 30_000]);
  expect([evidence, underpowered]).toStrictEqual([null, false]);
  expect(age(5_000, 40_000, 40_000).verdict).toBe("inconclusive");
  const over = age(5_000, 40_000, 40_000, 185_000);
  expect(over.verdict).toBe("fail");
  expect(over.reason).toMatch(/3m5s.*30 s.*over the limit for 3m/);
  const none = age();
  expect([none.verdict, none.figures?.canary]).toStrictEqual(["inconclusive", null]);
});

test("the reason says that a level is the whole function's, unless it is a metric of one's own", () => {
  const { reason } = judged(baking("iterator-age < 30s"), { "function IteratorAge Maximum": 5_000 });
  expect(reason).toMatch(/^age of the records read from the stream \(of checkout as a whole\): 5 s,/);
  const own = judged(baking("metric Shop/Waiting {} Maximum < 300"), { "Shop/Waiting Maximum": 200 });
  expect(own.reason).toMatch(/^Maximum of Shop\/Waiting: 200, allowed up to 300: within the limit$/);
});

test("a level that was over its bound before the release is not held against the canary, and the reason says so", () => {
  const minutes = Array.from({ length: 20 }, (_, index): [Instant, number] => [START + (index - 10) * MINUTE, 90_000]);
  const reading = () => ({ kind: "points" as const, points: new Map(minutes) });
  const observation = { at: START + 15 * MINUTE, reading, alarms: new Map() };
  const release = baking("iterator-age < 30s");
  const [analysis] = analyse({ ...release, trafficChecks: [] }, observation, release.context).analyses;
  expect(analysis?.verdict).toBe("inconclusive");
  expect(analysis && wordedAnalysis(analysis).reason).toMatch(
    /already over the limit before the release, and counts once it has been within it$/,
  );
});

test.each(["42 Invocations Sum", "41 Errors Sum"])(
  "what can't be read is an error, on either side, and what was known stays: %s",
  (key) => {
    const release = baking("error-rate <= baseline");
    const told = { "42 Invocations Sum": 10, "41 Invocations Sum": 90, [key]: "throttled by CloudWatch" };
    const seen = look(release, told, 10);
    expect([seen.analysis.verdict, wordedAnalysis(seen.analysis).reason]).toStrictEqual([
      "error",
      "throttled by CloudWatch",
    ]);
    expect(seen.analysis.figures).toBeNull();
    expect(seen.release.watches).toStrictEqual(release.watches);
  },
);

test("while both serve, both sides are asked for by version, and no baseline where nothing is compared", () => {
  expect(asked(baking("error-rate <= baseline\nerror-rate <= 5%"))).toStrictEqual([
    {
      canary: ["42 Invocations Sum", "42 Errors Sum", "42 Errors SampleCount"],
      baseline: ["41 Invocations Sum", "41 Errors Sum", "41 Errors SampleCount"],
    },
    { canary: ["42 Invocations Sum", "42 Errors Sum", "42 Errors SampleCount"], baseline: [] },
  ]);
});

test("after the promotion nothing is compared, and the alias's own figures are the canary's", () => {
  const guards = [
    "error-rate <= baseline",
    "error-rate <= 5%",
    "p90 < 800ms",
    "iterator-age < 30s",
    "metric Shop/T {V=$version} Average < 5",
  ];
  expect(asked(promoted(baking(guards.join("\n")), START)).map(({ canary }) => canary)).toStrictEqual([
    ["alias Invocations Sum", "alias Errors Sum", "alias Errors SampleCount"],
    ["alias Duration SampleCount", "alias Duration PR(:800)"],
    ["function IteratorAge Maximum"],
    ["Shop/T Average 42"],
  ]);
});

test("of the alias's figures only whole minutes after the promotion count", () => {
  const release = promoted(baking("error-rate <= 5%"), START + 2 * MINUTE + 30 * SECOND);
  const { figures } = judged(release, { "alias Invocations Sum": 100, "alias Errors Sum": [90, 90, 90] });
  expect(figures?.canary).toStrictEqual({ calls: 700, failures: 0 });
});

test("what began before the promotion and comes in late still counts, by version; what began after it, by the alias", () => {
  const before = baking("error-rate <= 5%");
  const early = look(before, { "42 Invocations Sum": [10, 10, 10, 10], "alias Invocations Sum": 20 }, 4);
  const release = promoted(early.release, START + 4 * MINUTE);
  const late = {
    "42 Invocations Sum": [10, 10, 10, 12, 99],
    "42 Errors Sum": [null, null, null, 2, 99],
    "alias Invocations Sum": 20,
    "alias Errors Sum": [7, 7, 7, 7, 1],
  };
  const { analysis } = look(release, late, 6);
  expect(analysis.figures?.canary).toStrictEqual({ calls: 42 + 2 * 20, failures: 3 });
});

test("if the alias's figures can't be read after the promotion, that is an error too", () => {
  const release = promoted(baking("error-rate <= 5%"), START + 4 * MINUTE);
  const told = { "42 Invocations Sum": 10, "alias Invocations Sum": 20, "alias Errors Sum": "throttled by CloudWatch" };
  const { analysis, release: after } = look(release, told, 6);
  expect([analysis.verdict, wordedAnalysis(analysis).reason]).toStrictEqual(["error", "throttled by CloudWatch"]);
  expect(after.watches).toStrictEqual(release.watches);
});

test("a comparison finds what came in late after the promotion too, and says nothing else any more", () => {
  const release = promoted(baking("error-rate <= baseline"), START + 5 * MINUTE);
  const analysed = (told: Told, minutes: number) =>
    analyse(
      release,
      { at: START + (minutes + 2) * MINUTE, reading: readingOf(told, minutes), alarms: new Map() },
      release.context,
    ).analyses.filter(({ kind }) => kind === "comparison");
  const calls = { "42 Invocations Sum": 100, "41 Invocations Sum": 100 };
  expect(analysed(calls, 6)).toStrictEqual([]);
  const [late] = analysed({ ...calls, "42 Errors Sum": [null, null, 80, 80, 80, 80] }, 6);
  expect(late?.verdict).toBe("fail");
  expect(late?.figures?.canary).toStrictEqual({ calls: 500, failures: 240 });
});

test("a function whose calls may last long has its minutes open for longer", () => {
  const release = baking("error-rate <= baseline");
  const slow = {
    ...release,
    watches: release.watches.map((watch) => ({ ...watch, member: { ...watch.member, timeout: 15 * MINUTE } })),
  };
  const early = { "42 Invocations Sum": 10, "41 Invocations Sum": 90 };
  const late = { ...early, "42 Errors Sum": [5] };
  const after = (from: InRelease) => look(look(from, early, 12).release, late, 13).analysis.figures?.canary;
  expect(after(release)).toStrictEqual({ calls: 130, failures: 0 });
  expect(after(slow)).toStrictEqual({ calls: 130, failures: 5 });
});

// ------------------------------------------------------------------------------------- The minutes of a step

/** The minutes of the current step that a look counts, from the shift on, some minutes after the start. */
function countedOf(release: InRelease, told: Told, minutes: number): readonly number[] {
  const { minutes: counted = [] } = look(release, told, minutes).release.watches[0]?.ofStep ?? {};
  return counted.map((minute) => (minute - START) / MINUTE);
}

/** The same, of a function whose calls may take 30 seconds. */
function slow(release: InRelease): InRelease {
  const watches = release.watches.map((watch) => ({ ...watch, member: { ...watch.member, timeout: 30 * SECOND } }));
  return { ...release, watches };
}

/** The release after a shift so many seconds after the start. */
function shiftedAt(release: InRelease, seconds: number): InRelease {
  const members = release.trafficChecks.map(({ member }) => member);
  return { ...release, ...atWeight(release, members, 50, START + seconds * SECOND) };
}

test("of a step the first two whole minutes are kept in which calls of both versions show, and count in its favour", () => {
  const release = baking("error-rate <= baseline", 50);
  expect([1, 2, 3].map((minutes) => countedOf(release, HEALTHY, minutes))).toStrictEqual([[0], [0, 1], [0, 1]]);
  const gap = { "42 Invocations Sum": [5, null, 5, 5, 5], "41 Invocations Sum": [5, 5, null, 5, 5] };
  expect(countedOf(release, gap, 5)).toStrictEqual([0, 3]);
  // Calls of the newest minute may still be under way.
  expect(countedOf(slow(release), HEALTHY, 2)).toStrictEqual([0]);
});

test("a step begins with its first whole minute, and anew with each shift", () => {
  const before = look(baking("error-rate <= baseline", 50), HEALTHY, 4).release;
  expect(countedOf(before, {}, 5)).toStrictEqual([0, 1]);
  const shifted = shiftedAt(before, 5 * 60 + 20);
  expect([6, 7, 8, 9].map((minutes) => countedOf(shifted, HEALTHY, minutes))).toStrictEqual([[], [6], [6, 7], [6, 7]]);
  expect(countedOf(shiftedAt(before, 5 * 60), HEALTHY, 7)).toStrictEqual([5, 6]);
});

test("minutes of a step that were counted once still are when they are sealed and read no more", () => {
  const once = look(baking("error-rate <= baseline", 50), HEALTHY, 1).release;
  const twice = look(once, HEALTHY, 20).release;
  expect(countedOf(once, HEALTHY, 20)).toStrictEqual([0, 1]);
  expect(countedOf(twice, { "42 Invocations Sum": [], "41 Invocations Sum": [] }, 40)).toStrictEqual([0, 1]);
});

test("where calls and errors may be late apart, a minute of a step counts once it is sealed", () => {
  const release = baking("error-rate <= baseline", 50, { ...RANKS, hasErrorSamples: false });
  const none = { ...HEALTHY, "42 Errors SampleCount": [], "41 Errors SampleCount": [] };
  expect([9, 10, 11].map((minutes) => countedOf(release, none, minutes))).toStrictEqual([[], [0], [0, 1]]);
});

test("of a figure by minute, the minutes with enough calls of both versions count, once none is under way", () => {
  const release = baking("duration <= baseline * 1.2", 50);
  const told = {
    "42 Duration Average": 100,
    "41 Duration Average": 100,
    "42 Duration SampleCount": [50, 10, 50, 50],
    "41 Duration SampleCount": 50,
  };
  expect([1, 2, 3, 4].map((minutes) => countedOf(release, told, minutes))).toStrictEqual([[0], [0], [0, 2], [0, 2]]);
  expect(countedOf(slow(release), told, 3)).toStrictEqual([0]);
});
