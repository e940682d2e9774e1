import assert from "node:assert/strict";
import test, { describe } from "node:test";
import type { Ending } from "../../simulator/runner.ts";
import { DAY, formatInstant, MINUTE } from "../../src/release/time.ts";
import { assertAsReviewed } from "../reviewed.ts";
import { onStage, type Stage, transcriptOf } from "./stage.ts";

function textOf({ log }: Ending): string {
  return log.map(({ text }) => text).join("\n");
}

function said({ log }: Ending, what: RegExp): boolean {
  return log.some(({ text }) => what.test(text));
}

/** Lets a version get a part of the traffic for a while, as a release did that nobody guarded. */
async function incident(stage: Stage, minutes: number): Promise<{ readonly from: string; readonly to: string }> {
  const { clock, simulator } = stage;
  const checkout = simulator.account.functions.get("checkout");
  assert.ok(checkout !== undefined);
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

describe("replay holds the guards over the past, and changes nothing", { concurrency: 2 }, () => {
  test(
    "an incident is found, and when; the guards that would have slept are told too",
    onStage("worse", async (stage) => {
      const stretch = await incident(stage, 60);
      const guards = "error-rate <= baseline\nerror-rate < 20%\np90 <= baseline * 1.2\nalarm checkout-5xx";
      const run = await stage.run({ command: "replay", guards, ...stretch });
      assert.equal(run.exitCode, 0);
      assert.equal(run.outputs["outcome"], "replayed");
      assert.match(
        run.outputs["reason"] ?? "",
        /^the release would have been rolled back at 2\S+Z, \d+m after the beginning: error-rate <= baseline/,
      );
      assert.ok(run.log.some(({ text }) => /error-rate < 20% \(checkout\): would never have fired/.test(text)));
      assert.ok(run.log.some(({ text }) => /alarm checkout-5xx can't be replayed/.test(text)));
      assert.match(run.summary, /\| Guard \| Function \| Would have fired \| What it said \|/);
      assert.deepEqual(stage.writes(), []);
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/replay.txt");
    }),
  );

  test(
    "what a release would have done at that time, the replay says: the same minute",
    onStage("worse", async (stage) => {
      const inputs = { guards: "error-rate <= baseline", steps: "10% for 60m" };
      const release = await stage.run(inputs);
      const fired = /(\d\d:\d\d):\d\d {2}rolling back/.exec(release.log.map(({ text }) => text).join("\n"))?.[1];
      await stage.clock.advance(30 * MINUTE);
      const run = await stage.run({
        command: "replay",
        guards: inputs.guards,
        from: "2026-01-05 09:00",
        to: "2026-01-05 09:40",
      });
      const [, hour = "", minute = ""] = /T(\d\d):(\d\d):00Z/.exec(run.outputs["reason"] ?? "") ?? [];
      const minutes = (text = "") => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
      assert.ok(Math.abs(minutes(`${hour}:${minute}`) - minutes(fired)) <= 2, `${fired} and ${hour}:${minute}`);
    }),
  );

  test(
    "a good stretch fires nothing; the one version that served then is compared with nothing, and nothing is taken for good",
    onStage("healthy", async (stage) => {
      await stage.clock.advance(2 * 60 * MINUTE);
      const run = await stage.run({
        command: "replay",
        guards: "error-rate <= baseline\nerror-rate < 5%",
        from: "2026-01-05 09:10",
        to: "2026-01-05 10:10",
      });
      assert.equal(run.exitCode, 0);
      assert.equal(
        run.outputs["reason"],
        "no guard would have fired in this stretch of 1h; 1 of 2 guards could have shown nothing",
      );
      assert.ok(run.annotations.some(({ text }) => /no other version had calls then/.test(text)));
      assert.ok(said(run, /error-rate <= baseline \(checkout\): not judged: no other version had calls$/));
      assert.ok(said(run, /error-rate < 5% \(checkout\): would never have fired; .*shown to be within tolerance$/));
      assert.match(run.summary, /\| can't be told \| ❓?.*not judged: no other version had calls/);
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
      assert.equal(old.exitCode, 1);
      assert.match(old.outputs["reason"] ?? "", /63 days: give a later beginning/);
      const gone = await stage.run({ command: "replay", from: ago(20), to: ago(19.9) });
      assert.match(gone.outputs["reason"] ?? "", /had no calls by version between/);
      const [error] = old.annotations;
      assert.match(error?.text ?? "", /Fix the cause, and run it again\.$/);
    }),
  );

  test(
    "what begins before its canary is judged from the canary's first call on, and by the same figures",
    onStage("worse", async (stage) => {
      const { from, to } = await incident(stage, 40);
      const guards = "error-rate <= baseline";
      const exact = await stage.run({ command: "replay", guards, from, to });
      const early = await stage.run({ command: "replay", guards, from: "2026-01-05 08:20", to });
      assert.ok(said(early, /version 4 had its first call at 09:00; judged from then on$/));
      const figures = (run: Ending) => /rolled back at (\S+), .*(error-rate .*)$/.exec(run.outputs["reason"] ?? "");
      assert.ok(figures(exact) !== null);
      assert.deepEqual(figures(early)?.slice(1), figures(exact)?.slice(1));
      assert.match(early.outputs["reason"] ?? "", /\d+m after the first call of version 4: /);
      const counts = (run: Ending) => run.log.find(({ text }) => /as the canary/.test(text))?.text.slice(10);
      assert.equal(counts(early), counts(exact));
      assert.ok(!said(early, /traffic/));
    }),
  );

  test(
    "a version that there isn't, or that had no calls, is no canary",
    onStage("worse", async (stage) => {
      const stretch = await incident(stage, 20);
      const none = await stage.run({ command: "replay", version: "99", ...stretch });
      assert.equal(none.exitCode, 1);
      assert.equal(none.outputs["reason"], "there is no version 99 of checkout");
      const silent = await stage.run({ command: "replay", version: "2", ...stretch });
      assert.equal(silent.exitCode, 1);
      assert.equal(
        silent.outputs["reason"],
        "version 2 had no calls between 2026-01-05T09:00:00Z and 2026-01-05T09:20:00Z; those that had: 3, 4",
      );
    }),
  );

  test(
    "versions and calls are those of the stretch, and not of its hour",
    onStage("healthy", async (stage) => {
      await incident(stage, 20);
      const run = await stage.run({ command: "replay", from: "2026-01-05 09:30", to: "2026-01-05 09:40" });
      const [, calls = ""] = /version 3 as the canary, with ([\d,]+) calls \(100 %\)$/m.exec(textOf(run)) ?? [];
      const count = Number(calls.replace(",", ""));
      assert.ok(count > 7_000 && count < 9_000, calls);
    }),
  );

  test(
    "what has had no time to arrive is left out, and said; a stretch of nothing else is refused",
    onStage("healthy", async (stage) => {
      await stage.clock.advance(30 * MINUTE);
      const guards = "error-rate < 5%";
      const cut = await stage.run({ command: "replay", guards, from: "2026-01-05 09:10", to: "2026-01-05 11:00" });
      assert.equal(cut.exitCode, 0);
      assert.ok(said(cut, /later figures have had no time to arrive yet: judged until 2026-01-05T09:28:00Z$/));
      assert.equal(cut.outputs["reason"], "no guard would have fired in this stretch of 18m");
      const future = await stage.run({ command: "replay", guards, from: "2026-01-06 09:10", to: "2026-01-06 11:00" });
      assert.equal(future.exitCode, 1);
      assert.equal(future.outputs["reason"], "the stretch lies in the future: check the times, which are UTC");
      const fresh = await stage.run({ command: "replay", guards, from: "2026-01-05 09:28", to: "2026-01-05 09:30" });
      assert.equal(fresh.exitCode, 1);
      assert.match(
        fresh.outputs["reason"] ?? "",
        /^nothing of the stretch has had time to arrive .*: run it again at 2026-01-05T09:31:00Z$/,
      );
    }),
  );

  test(
    "a function or an alias that there isn't is named as such",
    onStage("healthy", async (stage) => {
      const stretch = { from: "2026-01-05 08:00", to: "2026-01-05 08:30" };
      const nobody = await stage.run({ command: "replay", function: "nope", ...stretch });
      assert.equal(nobody.exitCode, 1);
      assert.match(
        nobody.outputs["reason"] ?? "",
        /^there is no function nope in [a-z]+-[a-z]+-\d: check the name and the Region$/,
      );
      const nowhere = await stage.run({ command: "replay", alias: "nope", ...stretch });
      assert.equal(nowhere.exitCode, 1);
      assert.equal(nowhere.outputs["reason"], "checkout has no alias nope");
    }),
  );

  test(
    "without a guard that can be replayed nothing is called",
    onStage("healthy", async (stage) => {
      for (const guards of ["alarm checkout-5xx", " "]) {
        const stretch = { from: "2026-01-05 08:00", to: "2026-01-05 08:30" };
        const run = await stage.run({ command: "replay", guards, ...stretch });
        assert.equal(run.exitCode, 1);
        assert.match(run.outputs["reason"] ?? "", /^there is nothing to replay: /);
      }
      assert.deepEqual(stage.simulator.calls, []);
    }),
  );

  test(
    "too few calls for any verdict are told as that, and not as a good end",
    onStage("quiet", async (stage) => {
      const stretch = await incident(stage, 60);
      const run = await stage.run({ command: "replay", guards: "error-rate <= baseline", ...stretch });
      assert.equal(run.exitCode, 0);
      assert.match(
        run.outputs["reason"] ?? "",
        /^no guard could have shown anything in this stretch of 1h: error-rate/,
      );
      assert.match(run.summary, /replayed, nothing could have been shown/);
    }),
  );

  test(
    "times that can't be taken are refused before anything is called",
    onStage("healthy", async (stage) => {
      const wrong = [
        {},
        { from: "yesterday", to: "2026-01-05 09:00" },
        { from: "2026-01-05 10:00", to: "2026-01-05 09:00" },
        { from: "2026-02-30 10:00", to: "2026-03-02 11:00" },
      ];
      for (const stretch of wrong) {
        const run = await stage.run({ command: "replay", ...stretch });
        assert.equal(run.exitCode, 1);
        assert.match(run.outputs["reason"] ?? "", /Nothing was called yet/);
      }
      assert.deepEqual(stage.simulator.calls, []);
    }),
  );
});
