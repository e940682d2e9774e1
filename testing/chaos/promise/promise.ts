import type { Play } from "../play.ts";
import { missesOfAlias } from "./alias.ts";
import { missesAfterExternalEdit } from "./external-edit.ts";
import { missesOfProcess } from "./process.ts";
import { missesOfReporting } from "./reporting.ts";
import { lastExternalEdit, targetsOf } from "./states.ts";
import { missesOfWord } from "./word.ts";

/**
 * Checks the promise over one play: the alias is whole, or superseded and untouched; every write has a RevisionId, and
 * none follows a supersede; exit code, outcome and message are true; the message says what to do.
 *
 * @returns what was broken, one sentence each; nothing if the call never came, since then the play shows nothing
 */
export function findMisses(play: Play): readonly string[] {
  const { runs, strike } = play;
  if (strike.at === null) return [];
  return [
    ...runs.flatMap((run) => missesOfProcess(run)),
    ...targetsOf(play).flatMap((target) => {
      const edit = lastExternalEdit(play, target);
      return edit === null ? missesOfAlias(play, target) : missesAfterExternalEdit(play, target, edit);
    }),
    ...runs.flatMap((run) => missesOfWord(play, run)),
    ...writesWithoutRevision(play),
    ...missesOfReporting(play),
  ];
}

function writesWithoutRevision({ testbed }: Play): readonly string[] {
  const without = testbed.simulator.calls.filter(
    ({ operation, request }) =>
      operation === "UpdateAlias" && !/"RevisionId":"[^"]+"/.test(request.body.toString("utf8")),
  );
  return without.map(({ number }) => `call ${number}, UpdateAlias, names no revision`);
}
