import fc from "fast-check";
import {
  type LevelState,
  type LevelStatus,
  type Limit,
  lookAtLevel,
  noLevel,
  tooMany,
} from "../../src/analysis/threshold.ts";
import { type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";

const SINCE = 100 * MINUTE;
/** At most 30, for three minutes. */
const LIMIT: Limit = { limit: 30, hold: 3 * MINUTE, period: MINUTE };

/**
 * Figures by minute; null for a gap. They start this many minutes after the canary's first minute, or before it if
 * negative.
 */
function figures(from: number, ...values: readonly (number | null)[]): ReadonlyMap<Instant, number> {
  return new Map(
    values.flatMap((value, index) => (value === null ? [] : [[SINCE + (from + index) * MINUTE, value] as const])),
  );
}

/** The status of a level that is looked at once, after all of its figures have arrived. */
function status(points: ReadonlyMap<Instant, number>, limit = LIMIT): LevelStatus {
  const last = Math.max(SINCE, ...points.keys());
  return lookAtLevel(noLevel(SINCE), points, limit, last + limit.period + 2 * MINUTE).status;
}

const RULES: readonly [rule: string, points: ReadonlyMap<Instant, number>, status: LevelStatus][] = [
  ["a level without a figure is unmeasured", figures(0), { kind: "unmeasured", latest: null, over: 0 }],
  ["a level at its bound is within it", figures(0, 10, 30), { kind: "within", latest: 30, over: 0 }],
  [
    "two minutes over a bound that holds for three are not too many",
    figures(0, 31, 31),
    { kind: "over", latest: 31, over: 2 },
  ],
  ["three in a row are", figures(0, 10, 31, 31, 31), { kind: "over-for-long", latest: 31, over: 3 }],
  [
    "only those in a row up to the latest count",
    figures(0, 31, 31, 31, 31, 30, 31),
    { kind: "over", latest: 31, over: 1 },
  ],
  [
    "a level that has come back is within its bound",
    figures(0, 99, 99, 99, 99, 5),
    { kind: "within", latest: 5, over: 0 },
  ],
  [
    "a minute without a figure is neither over nor within",
    figures(0, 31, null, 31, null, 31),
    { kind: "over-for-long", latest: 31, over: 3 },
  ],
  [
    "figures from before the release are nothing that the canary did",
    figures(-3, 31, 31, 31),
    { kind: "unmeasured", latest: null, over: 0 },
  ],
  ["they don't lengthen a row either", figures(-4, 10, 31, 31, 31, 31), { kind: "over", latest: 31, over: 1 }],
  [
    "a level that was over its bound before the release doesn't count",
    figures(-3, 31, 31, 31, 31, 31, 31, 31),
    { kind: "unarmed", latest: 31, over: 4 },
  ],
  [
    "it does once it was within it",
    figures(-3, 31, 31, 31, 30, 31, 31, 31),
    { kind: "over-for-long", latest: 31, over: 3 },
  ],
  [
    "a level that was within its bound at some time before the release counts",
    figures(-3, 30, 31, 31, 31, 31, 31),
    { kind: "over-for-long", latest: 31, over: 3 },
  ],
];

test.each(RULES)("%s", (_rule, points, expected) => expect(status(points)).toStrictEqual(expected));

test("figures count in the order of their minutes, however they came", () => {
  const points = new Map([...figures(0, 31, 31, 5)].reverse());
  expect(status(points)).toStrictEqual({ kind: "within", latest: 5, over: 0 });
});

test("figures count once they have had two minutes to arrive, so that one that still grows isn't judged", () => {
  const points = figures(0, 31, 31, 31);
  const lastArrived = SINCE + 3 * MINUTE + 2 * MINUTE;
  expect(lookAtLevel(noLevel(SINCE), points, LIMIT, lastArrived - SECOND).status.kind).toBe("over");
  expect(lookAtLevel(noLevel(SINCE), points, LIMIT, lastArrived).status.kind).toBe("over-for-long");
});

/** Looks each minute, with only the points that are still asked for. Returns every state on the way. */
function watched(points: ReadonlyMap<Instant, number>, minutes: number, limit = LIMIT) {
  let state: LevelState = noLevel(SINCE);
  return Array.from({ length: minutes }, (_, minute) => {
    const asked = new Map([...points].filter(([at]) => at >= state.from));
    const seen = lookAtLevel(state, asked, limit, SINCE + minute * MINUTE);
    state = seen.state;
    return seen;
  });
}

test("what a level was like before the release is remembered, though it is no longer read", () => {
  const over = watched(figures(-15, ...Array.from({ length: 60 }, () => 31)), 40);
  expect([...new Set(over.map(({ status }) => status.kind))]).toStrictEqual(["unmeasured", "unarmed"]);
  const underpowered = watched(figures(5, ...Array.from({ length: 60 }, () => 31)), 40);
  expect(underpowered.at(-1)?.status.kind).toBe("over-for-long");
  const within = watched(
    figures(-15, ...Array.from({ length: 17 }, () => 5), ...Array.from({ length: 40 }, () => 31)),
    40,
  );
  expect(within.find(({ status }) => status.kind === "over-for-long")?.status.over).toBe(3);
});

test("a figure from before the release that comes late doesn't disarm a guard whose level had no figures then", () => {
  const first = lookAtLevel(noLevel(SINCE), new Map(), LIMIT, SINCE);
  const late = lookAtLevel(first.state, figures(-3, 31, 31, 31, 31, 31, 31), LIMIT, SINCE + 5 * MINUTE);
  expect(late.status.kind).toBe("over-for-long");
});

test("a level fires whenever so many arrived figures in a row are over, whatever was before, though little is read", () => {
  const history = fc.array(fc.constantFrom(5, ...Array.from({ length: 7 }, () => 31)), { minLength: 1, maxLength: 40 });
  const holds = fc.constantFrom(1, 3, 5, 10);
  fc.assert(
    fc.property(history, holds, (values, hold) => {
      const looks = watched(figures(0, ...values), values.length + 3, { ...LIMIT, hold: hold * MINUTE });
      const minutes = [...looks.keys()];
      const due = minutes.filter((minute) => {
        const arrived = values.slice(0, Math.max(0, minute - 2));
        return arrived.length - 1 - arrived.lastIndexOf(5) >= hold;
      });
      expect(minutes.filter((minute) => looks[minute]?.status.kind === "over-for-long")).toStrictEqual(due);
    }),
  );
});

test("nothing is read again that could no longer make a difference", () => {
  const from = watched(figures(0, 5), 60).at(-1)?.state.from;
  // A figure every five minutes is enough for three of them in a row.
  expect(from).toBeGreaterThan(SINCE + 30 * MINUTE);
  expect(from).toBeLessThanOrEqual(SINCE + (59 - 2 - 5 * 3) * MINUTE);
});

test("what is too old to be read anew says nothing about the time before the release", () => {
  const before = (from: number) => figures(from, 5, ...Array.from({ length: 40 }, () => 31));
  expect(status(before(-15)).kind).toBe("over-for-long");
  expect(status(before(-16)).kind).toBe("unarmed");
});

test("a level of which nothing has come for long is unmeasured: five times its hold, and the time a figure takes", () => {
  const points = figures(0, 31, 31, 31);
  const newest = SINCE + 2 * MINUTE;
  const longest = (5 * 3 + 1 + 5) * MINUTE;
  const at = (time: Instant) => lookAtLevel(noLevel(SINCE), points, LIMIT, time);
  expect(at(newest + longest).status.kind).toBe("over-for-long");
  expect(at(newest + longest + SECOND).status).toMatchObject({ kind: "unmeasured", latest: null });
  expect(at(newest + longest).state.from).toBe(newest);
});

test.each([
  [3, 1, 3],
  [1, 1, 1],
  [1.5, 1, 2],
  [3, 5, 1],
  [5, 5, 1],
  [6, 5, 2],
  [10, 5, 2],
])(
  "a hold that is no multiple of the period lasts to the end of the period in which it ends: %dm of %dm",
  (hold, period, many) => {
    expect(tooMany({ hold: hold * MINUTE, period: period * MINUTE })).toBe(many);
  },
);

test("where a figure stands for five minutes, it counts when those are over and had time to arrive", () => {
  const limit: Limit = { limit: 30, hold: 6 * MINUTE, period: 5 * MINUTE };
  const points = new Map([0, 5, 10].map((minute) => [SINCE + minute * MINUTE, 31]));
  const at = (minute: number) => lookAtLevel(noLevel(SINCE), points, limit, SINCE + minute * MINUTE).status;
  expect(at(6).kind).toBe("unmeasured");
  expect(at(7)).toStrictEqual({ kind: "over", latest: 31, over: 1 });
  expect(at(11).kind).toBe("over");
  expect(at(12)).toStrictEqual({ kind: "over-for-long", latest: 31, over: 2 });
});

test("what a level knows survives being written as JSON", () => {
  const { state } = lookAtLevel(noLevel(SINCE), figures(-2, 31, 31, 31), LIMIT, SINCE + 5 * MINUTE);
  expect(JSON.parse(JSON.stringify(state))).toStrictEqual(state);
});
