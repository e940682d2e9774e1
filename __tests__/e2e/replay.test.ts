import { METRIC_DELAY } from "../../src/domain/plan.ts";
import { DAY, formatInstant, type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { wholeAfter } from "../../testing/simulator/cloudwatch/lateness.ts";
import type { Ending } from "../../testing/simulator/runner.ts";
import type { ScenarioName } from "../../testing/simulator/scenarios.ts";
import { playInOneProcess } from "./host.ts";
import { addFleet, IN_FAIR_WEATHER, linesOf, onStage, type Stage, transcriptOf, USUAL_LOOKS } from "./stage.ts";

playInOneProcess();

/** Gives a version some of the traffic for a while, like a release without guards. */
async function incident(stage: Stage, minutes: number): Promise<{ readonly from: string; readonly to: string }> {
  const { clock, checkout } = stage;
  const version = checkout.release();
  const from = clock.now();
  checkout.updateAlias("live", { additional: { version, weight: 0.1 } });
  await clock.advance(minutes * MINUTE);
  const to = clock.now();
  checkout.updateAlias("live", { additional: null });
  await clock.advance(30 * MINUTE);
  const text = (at: number) => formatInstant(at).replace("T", " ").slice(0, 16);
  return { from: text(from), to: text(to) };
}

/** When the events of a run's report happened, or would have. */
function eventsOf({ outputs }: Ending) {
  const { events } = JSON.parse(outputs["report"] ?? "{}") as {
    readonly events: readonly {
      readonly kind: string;
      readonly at: Instant;
      readonly rows?: readonly { readonly firedAt: Instant | null }[];
    }[];
  };
  return events;
}

/** Releases, and replays the minutes from the first shift on. */
async function twice(
  stage: Stage,
  inputs: { readonly guards: string; readonly function?: string; readonly steps?: string },
) {
  // Hardly any release begins with a minute.
  await stage.clock.advance(23 * SECOND);
  const release = await stage.run({ steps: "10% for 60m", ...USUAL_LOOKS, ...inputs });
  const at = (kind: string) => eventsOf(release).find((event) => event.kind === kind)?.at ?? Number.NaN;
  await stage.clock.advance(20 * MINUTE);
  const text = (instant: number) => formatInstant(instant).replace("T", " ").slice(0, 16);
  const { guards, function: functions = "checkout" } = inputs;
  const range = { from: text(at("shifted")), to: text(stage.clock.now()) };
  const replay = await stage.run({ command: "replay", guards, function: functions, ...range });
  const fired = eventsOf(replay).flatMap(({ rows = [] }) => rows.flatMap(({ firedAt }) => firedAt ?? []));
  return { release, replay, back: at("turned-back"), fired: Math.min(...fired) };
}

const LOOKS = 20 * SECOND;
const OWN = "metric Shop/CheckoutTime {Service=checkout, Version=$version}";
/** Guards of each kind of signal and each way of judging, and what sets them off. */
const BOTH_WAYS: readonly (readonly [scenario: ScenarioName, guards: string])[] = [
  ["worse", "error-rate <= baseline"],
  ["broken", "error-rate < 2%"],
  ["slower", "p50 < 150ms"],
  ["slower", "duration <= baseline * 1.2"],
  ["throttled", "throttles < 3%"],
  ["caught", "url-5xx < 1%"],
  ["caught", "url-5xx <= baseline"],
  ["stale-stream", "iterator-age < 30s for 3m"],
  ["own-metric", `${OWN} Average <= baseline * 1.2`],
];

describe("replay names the time at which a live release took the traffic back", () => {
  test.each(BOTH_WAYS)("to one look, where each minute shows after METRIC_DELAY: %s, %s", (scenario, guards) =>
    onStage(
      scenario,
      async (stage) => {
        stage.simulator.cloudwatch.metrics.lateness = wholeAfter(METRIC_DELAY);
        const { release, back, fired } = await twice(stage, { guards });
        expect(release.outputs["outcome"]).toBe("rolled-back");
        expect(Math.abs(fired - back)).toBeLessThanOrEqual(LOOKS);
      },
      IN_FAIR_WEATHER,
    )(),
  );

  test(
    "for a fleet too, whose functions share the chance of a false alarm",
    onStage(
      "worse",
      async (stage) => {
        addFleet(stage, "refund", "search", "cart");
        stage.simulator.cloudwatch.metrics.lateness = wholeAfter(METRIC_DELAY);
        const functions = "checkout\nrefund\nsearch\ncart";
        const { release, back, fired } = await twice(stage, { guards: "error-rate <= baseline", function: functions });
        expect(release.outputs["outcome"]).toBe("rolled-back");
        expect(Math.abs(fired - back)).toBeLessThanOrEqual(LOOKS);
      },
      IN_FAIR_WEATHER,
    ),
  );

  test(
    "late by METRIC_DELAY at most where a release sees a part of its latest minutes sooner",
    onStage(
      "broken",
      async (stage) => {
        const { back, fired } = await twice(stage, { guards: "error-rate <= baseline" });
        expect(fired - back).toBeGreaterThan(LOOKS);
        expect(fired - back).toBeLessThanOrEqual(METRIC_DELAY + LOOKS);
      },
      IN_FAIR_WEATHER,
    ),
  );

  test(
    "what was so before the release isn't blamed on it: neither fires",
    onStage(
      null,
      async (stage) => {
        const traffic = { callsPerMinute: 300, throttled: 0.03 };
        const checkout = stage.simulator.account.addFunction({ name: "checkout", traffic });
        checkout.release();
        checkout.createAlias("live", { version: checkout.release() });
        checkout.stage({});
        const { release, replay, fired } = await twice(stage, { guards: "throttles < 1%", steps: "10% for 15m" });
        expect(release.outputs["outcome"]).toBe("promoted");
        expect(fired).toBe(Number.POSITIVE_INFINITY);
        expect(linesOf(replay)).toContainEqual(expect.stringMatching(/it was over 1 % before the release already/));
      },
      IN_FAIR_WEATHER,
    ),
  );
});

describe("replay holds the guards over the past, and changes nothing", () => {
  test(
    "an incident is found, and when; the guards that would have slept are told too",
    onStage("worse", async (stage) => {
      const range = await incident(stage, 60);
      const guards = "error-rate <= baseline\nerror-rate < 20%\np90 <= baseline * 1.2\nalarm checkout-5xx";
      const run = await stage.run({ command: "replay", guards, ...range });
      expect(run.exitCode).toBe(0);
      expect(run.outputs["outcome"]).toBe("replayed");
      expect(run.outputs["reason"]).toMatch(
        /^the release would have been rolled back at 2\S+Z, \d+m after the beginning: error-rate <= baseline/,
      );
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(/error-rate < 20% \(checkout\): would never have fired/),
      );
      expect(linesOf(run)).toContainEqual(expect.stringMatching(/alarm checkout-5xx can't be replayed/));
      expect(run.summary).toMatch(/\| Guard \| Function \| Would have fired \| What it said \|/);
      expect(stage.writes()).toStrictEqual([]);
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/replay.txt");
    }),
  );

  test(
    "good figures fire no guard; where only one version served, a comparison says that it could have shown nothing",
    onStage("healthy", async (stage) => {
      await stage.clock.advance(2 * 60 * MINUTE);
      const run = await stage.run({
        command: "replay",
        guards: "error-rate <= baseline\nerror-rate < 5%",
        from: "2026-01-05 09:10",
        to: "2026-01-05 10:10",
      });
      expect(run.exitCode).toBe(0);
      expect(run.outputs["reason"]).toBe(
        "no guard would have fired in this time (1h); 1 of 2 guards could have shown nothing",
      );
      expect(run.annotations).toContainEqual(
        expect.objectContaining({ text: expect.stringMatching(/no other version had calls then/) }),
      );
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(/error-rate <= baseline \(checkout\): not judged: no other version had calls$/),
      );
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(/error-rate < 5% \(checkout\): would never have fired; .*shown to be within tolerance$/),
      );
      expect(run.summary).toMatch(/\| unknown \| ❓?.*not judged: no other version had calls/);
    }),
  );

  test(
    "longer than 15 days ago it reads by five minutes, and longer than 63 days it says what it can't",
    onStage("healthy", async (stage) => {
      const ago = (days: number) =>
        formatInstant(stage.clock.now() - days * DAY)
          .replace("T", " ")
          .slice(0, 16);
      const old = await stage.run({ command: "replay", from: ago(80), to: ago(79) });
      expect(old.exitCode).toBe(1);
      expect(old.outputs["reason"]).toMatch(/63 days: give a later time/);
      const gone = await stage.run({ command: "replay", from: ago(20), to: ago(19.9) });
      expect(gone.outputs["reason"]).toMatch(/no version had calls through \S+ between/);
      const [error] = old.annotations;
      expect(error?.text).toMatch(/Fix the cause, and run it again\.$/);
    }),
  );

  test(
    "what begins before its canary is judged from the canary's first call on, and by the same figures",
    onStage("worse", async (stage) => {
      const { from, to } = await incident(stage, 40);
      const guards = "error-rate <= baseline";
      const exact = await stage.run({ command: "replay", guards, from, to });
      const early = await stage.run({ command: "replay", guards, from: "2026-01-05 08:20", to });
      expect(linesOf(early)).toContainEqual(
        expect.stringMatching(/version 4 had its first call at 09:00; judged from then on$/),
      );
      const figures = (run: Ending) => /rolled back at (\S+), .*(error-rate .*)$/.exec(run.outputs["reason"] ?? "");
      expect(figures(exact)).toHaveLength(3);
      expect(figures(early)?.slice(1)).toStrictEqual(figures(exact)?.slice(1));
      expect(early.outputs["reason"]).toMatch(/\d+m after the first call of version 4: /);
      const counts = (run: Ending) => run.log.find(({ text }) => /as the canary/.test(text))?.text.slice(10);
      expect(counts(early)).toBe(counts(exact));
      expect(linesOf(early)).not.toContainEqual(expect.stringMatching(/traffic/));
    }),
  );

  test(
    "a version that there isn't, or that had no calls, is no canary",
    onStage("worse", async (stage) => {
      const range = await incident(stage, 20);
      const none = await stage.run({ command: "replay", version: "99", ...range });
      expect(none.exitCode).toBe(1);
      expect(none.outputs["reason"]).toBe("there is no version 99 of checkout");
      const silent = await stage.run({ command: "replay", version: "2", ...range });
      expect(silent.exitCode).toBe(1);
      expect(silent.outputs["reason"]).toBe(
        "version 2 had no calls between 2026-01-05T09:00:00Z and 2026-01-05T09:20:00Z; these versions did: 3, 4",
      );
    }),
  );

  test(
    "versions and calls are those of the time range, and not of its hour",
    onStage("healthy", async (stage) => {
      await incident(stage, 20);
      const run = await stage.run({ command: "replay", from: "2026-01-05 09:30", to: "2026-01-05 09:40" });
      const [, calls = ""] =
        /version 3 as the canary, with ([\d,]+) calls \(100 %\)$/m.exec(linesOf(run).join("\n")) ?? [];
      const count = Number(calls.replace(",", ""));
      expect(count).toBeGreaterThan(7_000);
      expect(count).toBeLessThan(9_000);
    }),
  );

  test(
    "figures that have had no time to arrive are left out, and the log says so; a time range of nothing else is refused",
    onStage("healthy", async (stage) => {
      await stage.clock.advance(30 * MINUTE);
      const guards = "error-rate < 5%";
      const cut = await stage.run({ command: "replay", guards, from: "2026-01-05 09:10", to: "2026-01-05 11:00" });
      expect(cut.exitCode).toBe(0);
      expect(linesOf(cut)).toContainEqual(
        expect.stringMatching(/CloudWatch has no later figures yet: judged until 2026-01-05T09:28:00Z$/),
      );
      expect(cut.outputs["reason"]).toBe("no guard would have fired in this time (18m)");
      const future = await stage.run({ command: "replay", guards, from: "2026-01-06 09:10", to: "2026-01-06 11:00" });
      expect(future.exitCode).toBe(1);
      expect(future.outputs["reason"]).toBe("the input from is in the future: check the times, which are UTC");
      const fresh = await stage.run({ command: "replay", guards, from: "2026-01-05 09:28", to: "2026-01-05 09:30" });
      expect(fresh.exitCode).toBe(1);
      expect(fresh.outputs["reason"]).toMatch(
        /^CloudWatch has no figures for this time yet: run it again at 2026-01-05T09:31:00Z$/,
      );
    }),
  );

  test(
    "a function or an alias that there isn't is named as such",
    onStage("healthy", async (stage) => {
      const range = { from: "2026-01-05 08:00", to: "2026-01-05 08:30" };
      const nobody = await stage.run({ command: "replay", function: "nope", ...range });
      expect(nobody.exitCode).toBe(1);
      expect(nobody.outputs["reason"]).toMatch(
        /^there is no function nope in [a-z]+-[a-z]+-\d: check the name and the Region$/,
      );
      const nowhere = await stage.run({ command: "replay", alias: "nope", ...range });
      expect(nowhere.exitCode).toBe(1);
      expect(nowhere.outputs["reason"]).toBe("checkout has no alias nope");
    }),
  );

  test.each([
    { what: "an alarm alone", guards: "alarm checkout-5xx" },
    { what: "none at all", guards: " " },
  ])(
    "without a guard that can be replayed nothing is called: $what",
    onStage("healthy", async (stage, { guards }) => {
      const range = { from: "2026-01-05 08:00", to: "2026-01-05 08:30" };
      const run = await stage.run({ command: "replay", guards, ...range });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/^there is nothing to replay: /);
      expect(stage.simulator.calls).toStrictEqual([]);
    }),
  );

  test(
    "too few calls for any verdict are told as that, and not as a good end",
    onStage("quiet", async (stage) => {
      const range = await incident(stage, 60);
      const run = await stage.run({ command: "replay", guards: "error-rate <= baseline", ...range });
      expect(run.exitCode).toBe(0);
      expect(run.outputs["reason"]).toMatch(/^no guard could have shown anything in this time \(1h\): error-rate/);
      expect(run.summary).toMatch(/replayed, too little data for any verdict/);
    }),
  );

  const WRONG: readonly { readonly what: string; readonly range: Readonly<Record<string, string>> }[] = [
    { what: "none", range: {} },
    { what: "a word", range: { from: "yesterday", to: "2026-01-05 09:00" } },
    { what: "an end before the beginning", range: { from: "2026-01-05 10:00", to: "2026-01-05 09:00" } },
    { what: "a day that there isn't", range: { from: "2026-02-30 10:00", to: "2026-03-02 11:00" } },
  ];
  test.each(WRONG)(
    "times that can't be taken are refused before anything is called: $what",
    onStage("healthy", async (stage, { range }) => {
      const run = await stage.run({ command: "replay", ...range });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/Nothing was called yet/);
      expect(stage.simulator.calls).toStrictEqual([]);
    }),
  );
});
