import type { Call } from "../../../simulator/transcript.ts";
import type { Play } from "../play.ts";
import type { Change, Played } from "../theatre.ts";
import { describe, HOME, isWhole } from "./states.ts";

/** Somebody else's change of an alias stays: a process that has seen it doesn't write there again. */
export function missesAfterHand(play: Play, target: string, hand: Change): readonly string[] {
  const { theatre, cell } = play;
  const final = theatre.state(target);
  const writes = theatre.changes.slice(theatre.changes.indexOf(hand) + 1).filter((change) => change.target === target);
  if (writes.length === 0) return callsAfterSupersede(play, target, hand);

  const between = [`${target} is left between two versions: ${describe(final)}`];
  if (isTextOnly(play, hand)) {
    if (!isWhole(final)) return between;
    const text = hand.state?.description ?? "";
    return final.description.startsWith(text) ? [] : [`someone else's description of ${target} is gone`];
  }
  if (isFirstReadAfter(play, target, hand)) return isWhole(final) ? [] : between;
  if (cell.site.story.task === "rollback") {
    if (!isWhole(final)) return between;
    const theirs = hand.state?.version ?? HOME;
    return final.version === HOME || final.version === theirs
      ? []
      : [`${target} should go back to ${HOME}, someone else put it on ${theirs}, but it went on to ${final.version}`];
  }
  const now = describe(writes[0]?.state ?? null);
  return [`someone else's change of ${target} was overwritten: ${describe(hand.state)} became ${now}`];
}

/** True if only the text changed, not the traffic. Then the release rolls back as usual and keeps the new text. */
function isTextOnly({ theatre }: Play, hand: Change): boolean {
  const before = theatre.changes
    .slice(0, theatre.changes.indexOf(hand))
    .findLast(({ target }) => target === hand.target);
  if (hand.state === null || !before?.state) return false;
  return describe(before.state) === describe(hand.state);
}

/** True if the struck process knew nothing about the alias before. */
function isFirstReadAfter({ theatre, runs }: Play, target: string, hand: Change): boolean {
  const [from = 0] = runs[0]?.calls ?? [];
  const earlier = theatre.simulator.calls.slice(from, hand.calls);
  // The change may have come during this very call, before it was carried out. Then its answer shows the change.
  const [struck] = earlier.slice(-1);
  const known = earlier.filter((call) => call.operation === "GetAlias" && call.target === target);
  const [first] = known;
  return first === undefined || (known.length === 1 && first === struck && seesHand(first, hand));
}

function seesHand({ answer }: Call, { state }: Change): boolean {
  return state === null ? answer.startsWith("404") : answer.startsWith(`200 ${describe(state)} rev`);
}

/** Once the process has read somebody else's change, it no longer writes to the alias. */
function callsAfterSupersede(play: Play, target: string, hand: Change): readonly string[] {
  const { theatre, cell, runs } = play;
  if (isTextOnly(play, hand) || cell.site.story.task === "rollback") return [];
  return runs.flatMap(({ calls: [from, to], actor }) => {
    const after = theatre.simulator.calls
      .slice(Math.max(from, hand.calls), to)
      .filter((call) => call.target === target);
    const read = after.findIndex((call) => call.operation === "GetAlias" && seesHand(call, hand));
    if (read < 0 || isFirstReadAfter(play, target, hand)) return [];
    const write = after.slice(read + 1).find((call) => call.operation === "UpdateAlias");
    return write === undefined ? [] : [`${actor} wrote to ${target} again, though it had seen someone else's change`];
  });
}

/** Whether a process got any answer about an alias after somebody else's change. */
export function wasSeen({ theatre }: Play, { calls: [from, to] }: Played, target: string, hand: Change): boolean {
  return theatre.simulator.calls
    .slice(Math.max(from, hand.calls), to)
    .some((call) => call.target === target && /^(GetAlias|UpdateAlias)$/.test(call.operation));
}
