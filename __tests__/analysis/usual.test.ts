import { usualCounts } from "../../src/analysis/usual.ts";

const hour = (failuresAt: (minute: number) => number) => {
  const minutes = Array.from({ length: 60 }, (_, minute) => minute);
  return usualCounts(
    new Map(minutes.map((minute) => [minute, 1_000])),
    new Map(minutes.flatMap((minute) => (failuresAt(minute) > 0 ? [[minute, failuresAt(minute)]] : []))),
  );
};

test("the minutes of an hour are added up, and one without a point had no failure", () => {
  expect(hour(() => 2)).toStrictEqual({ calls: 60_000, failures: 120 });
  expect(hour(() => 0)).toStrictEqual({ calls: 60_000, failures: 0 });
});

test("a burst at any time of the hour makes failures only a little more usual", () => {
  for (const start of [0, 30, 55]) {
    const { calls, failures } = hour((minute) => (minute >= start && minute < start + 5 ? 300 : 10));
    expect(calls).toBe(60_000);
    expect(failures).toBeGreaterThan(600);
    expect(failures).toBeLessThan(720);
  }
});

test("without calls nothing is usual", () => {
  expect(usualCounts(new Map(), new Map())).toStrictEqual({ calls: 0, failures: 0 });
});
