import { MINUTE } from "../../src/release/time.ts";
import { Line } from "./line.ts";
import type { Cell, Play } from "./play.ts";
import { findMisses } from "./promise/promise.ts";
import { isOpen } from "./promise/states.ts";
import { Strike } from "./strike.ts";
import { type Cast, NEXT_RUN, type Played, RUN, Theatre } from "./theatre.ts";

/** The result of a cell. */
export interface Trial {
  readonly cell: Cell;
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
export function isForHosts({ fault }: Cell): boolean {
  return fault.jump === undefined && fault.isDeaf !== true;
}

/** @param look is shown everything before the theatre closes */
export async function play(cell: Cell, { bundle, host }: Cast, look: (play: Play) => void = () => {}): Promise<Trial> {
  const by = host === null ? "bundle" : "host";
  const theatre = await Theatre.open({ bundle, host });
  try {
    const { site, fault } = cell;
    const { story } = site;
    if (fault.needsLine === true) theatre.line = await Line.to(theatre.simulator.url);
    theatre.jump = fault.jump ?? null;
    const start = await story.setUp(theatre);
    const strike = new Strike(theatre, site);
    fault.arm(strike);
    const struck = await theatre.play(story.actor, start, (action) => {
      strike.action = action;
    });
    const runs = [struck.played];
    if (fault.outlastsJob !== true) endTrouble(theatre, strike);

    // After a good end, post only looks at it and goes. No need to play that each time.
    const isPost = story.task === "deploy" && fault.isLost !== true && struck.played.state["main"] === "shifting";
    if (isPost) runs.push((await theatre.play("post", () => struck.action.post())).played);
    endTrouble(theatre, strike);

    if (isBetween(theatre, story.functions) && fault.isHand !== true) {
      await theatre.clock.advance(LATER);
      for (const run of [RUN, NEXT_RUN]) theatre.endRun(run);
      const inputs = { function: story.functions.join("\n"), steps: "AllAtOnce", guards: "", comment: "false" };
      theatre.jump = null;
      runs.push(
        (await theatre.play("next", () => theatre.start({ inputs, run: { ...NEXT_RUN, id: "17000000003" } }))).played,
      );
    }
    const played: Play = { cell, theatre, strike, runs };
    look(played);
    const end = strike.at === null ? NEVER_CAME : endOf(struck.played);
    return { cell, by, end, ...healing(played), misses: findMisses(played) };
  } finally {
    await theatre.close();
  }
}

function endTrouble(theatre: Theatre, strike: Strike): void {
  strike.end();
  const { cloudwatch } = theatre.simulator;
  cloudwatch.unreadable = null;
  cloudwatch.metrics.silence = null;
  cloudwatch.metrics.extraLag = 0;
}

export function isBetween(theatre: Theatre, functions: readonly string[]): boolean {
  const states = functions.map((name) => theatre.state(`${name}:live`));
  if (states.some((state) => state?.additional)) return true;
  const versions = new Set(states.flatMap((state) => (state === null ? [] : [state.version])));
  return versions.size > 1;
}

function endOf({ signal, outputs, isStuck }: Played): string {
  if (isStuck) return "never ended";
  return signal ?? outputs["outcome"] ?? "no outcome";
}

function healing({ theatre, strike, cell }: Play): Pick<Trial, "healedBy" | "healedAfter"> {
  const { at } = strike;
  if (at === null || cell.fault.isHand === true) return { healedBy: null, healedAfter: null };
  const own = theatre.changes.flatMap(({ by, ...change }) =>
    by === "main" || by === "post" || by === "next" ? [{ by, ...change }] : [],
  );
  const hadBegun = own.some((change) => change.at <= at);
  const whole = hadBegun ? own.find((change) => change.at > at && !isOpen(change.state)) : undefined;
  return { healedBy: whole?.by ?? null, healedAfter: whole === undefined ? null : whole.at - at };
}
