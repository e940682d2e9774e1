import { readState } from "../../src/action/state.ts";
import { MINUTE } from "../../src/domain/time.ts";
import { Line } from "./line.ts";
import { observe } from "./observe.ts";
import { missesOnlyPlayed } from "./only-played.ts";
import type { Case, Play } from "./play.ts";
import { isOpen } from "./promise/observed.ts";
import { missesOf } from "./promise/promise.ts";
import { Strike } from "./strike.ts";
import { type Cast, NEXT_RUN, type Played, RUN, Testbed } from "./testbed.ts";

/** The result of a case. */
export interface Trial {
  readonly chaosCase: Case;
  readonly by: "host" | "bundle";
  /** How the struck process ended: `promoted`, or `SIGKILL`. */
  readonly end: string;
  /** Who made the alias whole: main, post, or the next deploy; null if nobody had to. */
  readonly healedBy: "main" | "post" | "next" | null;
  /** From the fault until no alias was between two versions, in simulated time; null if none was. */
  readonly healedAfter: number | null;
  /** What broke the promise, one sentence each. */
  readonly misses: readonly string[];
}

/** The end of a trial whose call didn't come this time. */
export const NEVER_CAME = "the call never came";

/** How long after a lost runner the next deploy comes. */
const LATER = 10 * MINUTE;

/** A host can't have its own clock, or lose its reader. */
export function isForHosts({ fault }: Case): boolean {
  return fault.jump === undefined && fault.isDeaf !== true;
}

/** @param look is shown everything before the testbed closes */
export async function play(
  chaosCase: Case,
  { bundle, host }: Cast,
  look: (play: Play) => void = () => {},
): Promise<Trial> {
  const by = host === null ? "bundle" : "host";
  const testbed = await Testbed.open({ bundle, host });
  try {
    const { site, fault } = chaosCase;
    const { story } = site;
    if (fault.needsLine === true) testbed.line = await Line.to(testbed.simulator.url);
    testbed.jump = fault.jump ?? null;
    const start = await story.setUp(testbed);
    const strike = new Strike(testbed, site);
    fault.arm(strike);
    const struck = await testbed.play(story.actor, start, (action) => {
      strike.action = action;
    });
    const runs = [struck.played];
    if (fault.outlastsJob !== true) endTrouble(testbed, strike);

    // After a good end, post only looks at it and goes. No need to play that each time.
    const isPost =
      story.task === "deploy" && fault.isLost !== true && readState(struck.played.state)?.kind === "unfinished";
    if (isPost) runs.push((await testbed.play("post", () => struck.action.post())).played);
    endTrouble(testbed, strike);

    if (isBetween(testbed, story.functions) && fault.isExternalEdit !== true) {
      await testbed.clock.advance(LATER);
      for (const run of [RUN, NEXT_RUN]) testbed.endRun(run);
      const inputs = { function: story.functions.join("\n"), steps: "AllAtOnce", guards: "", comment: "false" };
      testbed.jump = null;
      runs.push(
        (await testbed.play("next", () => testbed.start({ inputs, run: { ...NEXT_RUN, id: "17000000003" } }))).played,
      );
    }
    const played: Play = { chaosCase, testbed, strike, runs };
    look(played);
    // If the call never came, the play shows nothing.
    if (strike.at === null) return { chaosCase, by, end: NEVER_CAME, ...healing(played), misses: [] };
    const misses = [...missesOf(observe(played)), ...missesOnlyPlayed(played)];
    return { chaosCase, by, end: endOf(struck.played), ...healing(played), misses };
  } finally {
    await testbed.close();
  }
}

function endTrouble(testbed: Testbed, strike: Strike): void {
  strike.end();
  const { cloudwatch } = testbed.simulator;
  cloudwatch.unreadable = null;
  cloudwatch.metrics.silence = null;
  cloudwatch.metrics.extraLag = 0;
}

export function isBetween(testbed: Testbed, functions: readonly string[]): boolean {
  const states = functions.map((name) => testbed.state(`${name}:live`));
  if (states.some((state) => state?.additional)) return true;
  const versions = new Set(states.flatMap((state) => (state === null ? [] : [state.version])));
  return versions.size > 1;
}

function endOf({ signal, outputs, isStuck }: Played): string {
  if (isStuck) return "never ended";
  return signal ?? outputs["outcome"] ?? "no outcome";
}

function healing({ testbed, strike, chaosCase }: Play): Pick<Trial, "healedBy" | "healedAfter"> {
  const { at } = strike;
  if (at === null || chaosCase.fault.isExternalEdit === true) return { healedBy: null, healedAfter: null };
  const own = testbed.changes.flatMap(({ by, ...change }) =>
    by === "main" || by === "post" || by === "next" ? [{ by, ...change }] : [],
  );
  const hadBegun = own.some((change) => change.at <= at);
  const latest = new Map<string, boolean>();
  const whole = own.find((change) => {
    latest.set(change.target, isOpen(change.state));
    return hadBegun && change.at > at && ![...latest.values()].includes(true);
  });
  return { healedBy: whole?.by ?? null, healedAfter: whole === undefined ? null : whole.at - at };
}
