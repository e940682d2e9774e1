import type { Call } from "../../simulator/transcript.ts";
import type { Play } from "../play.ts";
import { type Change, type Played, Testbed } from "../testbed.ts";
import { describe, HOME, isWhole } from "./states.ts";

/** Somebody else's change of an alias stays: a process that has seen it doesn't write there again. */
export function missesAfterExternalEdit(play: Play, target: string, edit: Change): readonly string[] {
  const { testbed, chaosCase } = play;
  const final = testbed.state(target);
  const writes = testbed.changes.slice(testbed.changes.indexOf(edit) + 1).filter((change) => change.target === target);
  if (writes.length === 0) return callsAfterSupersede(play, target, edit);

  const between = [`${target} is left between two versions: ${describe(final)}`];
  if (isTextOnly(play, edit)) {
    if (!isWhole(final)) return between;
    const text = edit.state?.description ?? "";
    return final.description.startsWith(text) ? [] : [`someone else's description of ${target} is gone`];
  }
  if (isFirstReadAfter(play, target, edit)) return isWhole(final) ? [] : between;
  if (chaosCase.site.story.task === "rollback") {
    if (!isWhole(final)) return between;
    const theirs = edit.state?.version ?? HOME;
    return final.version === HOME || final.version === theirs
      ? []
      : [`${target} should go back to ${HOME}, someone else put it on ${theirs}, but it went on to ${final.version}`];
  }
  const now = describe(writes[0]?.state ?? null);
  return [`someone else's change of ${target} was overwritten: ${describe(edit.state)} became ${now}`];
}

/** True if only the text changed, not the traffic. Then the release rolls back as usual and keeps the new text. */
function isTextOnly({ testbed }: Play, edit: Change): boolean {
  const before = testbed.changes
    .slice(0, testbed.changes.indexOf(edit))
    .findLast(({ target }) => target === edit.target);
  if (edit.state === null || !before?.state) return false;
  return describe(before.state) === describe(edit.state);
}

/** True if the struck process knew nothing about the alias before. */
function isFirstReadAfter({ testbed, runs }: Play, target: string, edit: Change): boolean {
  const [from = 0] = runs[0]?.calls ?? [];
  const earlier = testbed.simulator.calls.slice(from, edit.calls);
  // The change may have come during this very call, before it was carried out. Then its answer shows the change.
  const [struck] = earlier.slice(-1);
  const known = earlier.filter((call) => call.operation === "GetAlias" && call.target === target);
  const [first] = known;
  return first === undefined || (known.length === 1 && first === struck && seesExternalEdit(first, edit));
}

function seesExternalEdit({ answer }: Call, { state }: Change): boolean {
  return state === null ? answer.startsWith("404") : answer.startsWith(`200 ${describe(state)} rev`);
}

/**
 * Once the process has read somebody else's change, it no longer writes to the alias. In rough weather a later read may
 * show what was before that change. A write that follows from it names the old revision, and is refused.
 */
function callsAfterSupersede(play: Play, target: string, edit: Change): readonly string[] {
  const { testbed, chaosCase, runs } = play;
  if (Testbed.conduct === "rough") return [];
  if (isTextOnly(play, edit) || chaosCase.site.story.task === "rollback") return [];
  return runs.flatMap(({ calls: [from, to], actor }) => {
    const after = testbed.simulator.calls
      .slice(Math.max(from, edit.calls), to)
      .filter((call) => call.target === target);
    const read = after.findIndex((call) => call.operation === "GetAlias" && seesExternalEdit(call, edit));
    if (read < 0 || isFirstReadAfter(play, target, edit)) return [];
    const write = after.slice(read + 1).find((call) => call.operation === "UpdateAlias");
    return write === undefined ? [] : [`${actor} wrote to ${target} again, though it had seen someone else's change`];
  });
}

/** Whether a process got any answer about an alias after somebody else's change. */
export function wasSeen({ testbed }: Play, { calls: [from, to] }: Played, target: string, edit: Change): boolean {
  return testbed.simulator.calls
    .slice(Math.max(from, edit.calls), to)
    .some((call) => call.target === target && /^(GetAlias|UpdateAlias)$/.test(call.operation));
}
