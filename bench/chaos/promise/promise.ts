import type { Play } from "../play.ts";
import { missesOfAlias } from "./alias.ts";
import { missesAfterHand } from "./hand.ts";
import { missesOfProcess } from "./process.ts";
import { missesOfReporting } from "./reporting.ts";
import { lastHand, targetsOf } from "./states.ts";
import { missesOfWord } from "./word.ts";

/**
 * The promise, held over one play: the alias is whole, or superseded and untouched; no write goes without RevisionId, and
 * none after a supersede; exit code, outcome and message fit what is so; the message says what to do.
 *
 * @returns what was not kept, a sentence each; of a play whose call never came nothing, since it shows nothing
 */
export function findMisses(play: Play): readonly string[] {
  const { runs, strike } = play;
  if (strike.at === null) return [];
  return [
    ...runs.flatMap((run) => missesOfProcess(run)),
    ...targetsOf(play).flatMap((target) => {
      const hand = lastHand(play, target);
      return hand === null ? missesOfAlias(play, target) : missesAfterHand(play, target, hand);
    }),
    ...runs.flatMap((run) => missesOfWord(play, run)),
    ...writesWithoutRevision(play),
    ...missesOfReporting(play),
  ];
}

function writesWithoutRevision({ theatre }: Play): readonly string[] {
  const without = theatre.simulator.calls.filter(
    ({ operation, request }) =>
      operation === "UpdateAlias" && !/"RevisionId":"[^"]+"/.test(request.body.toString("utf8")),
  );
  return without.map(({ number }) => `call ${number}, UpdateAlias, names no revision`);
}
