import assert from "node:assert/strict";
import { casesOf } from "../../../testing/chaos/cases.ts";
import { Host } from "../../../testing/chaos/host/host.ts";
import { type Recording, record } from "../../../testing/chaos/sites.ts";
import { STORIES } from "../../../testing/chaos/stories.ts";
import { type Cast, copyBundle, type Played } from "../../../testing/chaos/testbed.ts";
import { play } from "../../../testing/chaos/trial.ts";
import { type Call, formatCall } from "../../../testing/simulator/transcript.ts";

const bundle = await copyBundle();
const host = new Host(bundle.dist);
afterAll(async () => {
  await host.close();
  await bundle.discard();
});
const byBundle: Cast = { bundle, host: null };
const byHost: Cast = { bundle, host };

const [first] = STORIES;
assert(first);
const release = await record(first, byBundle);

/** They differ from the others by what they find, not by how they run. */
const LIKE_OTHERS = ["final bake", "rollback in flight", "fleet's post", "watchdog", "heal by next deploy"];

describe("a host plays as the bundle does", () => {
  test.each(
    STORIES.filter(({ name }) => !LIKE_OTHERS.includes(name)).map((story) =>
      story.functions.length > 1
        ? { name: story.name, who: ", whoever comes first", story, tell: tellFleet }
        : { name: story.name, who: "", story, tell: tellAll },
    ),
  )("$name: the same calls, answers, times, log, outputs and end$who", async ({ story, tell }) => {
    const expected = tell(await record(story, byBundle));
    expect(tell(await record(story, byHost))).toStrictEqual(expected);
  });

  test.each([
    ["hanging, not carried out", "ListComments"],
    ["killed after it was sent", "UpdateAlias"],
    ["half of the body", "PublishVersion"],
  ])("%s, at %s: the same, and nothing of it is left for the next", async (fault, operation) => {
    const chaosCase = casesOf([release]).find((each) => each.site.operation === operation && each.fault.name === fault);
    assert(chaosCase);
    const told = async (cast: Cast) => {
      const lines: string[] = [];
      await play(chaosCase, cast, ({ runs, testbed }) => {
        lines.push(...runs.flatMap(tellPlayed), ...tellCalls(testbed.simulator.calls));
      });
      return lines;
    };
    expect(await told(byHost)).toStrictEqual(await told(byBundle));
    expect(tellAll(await record(release.story, byHost))).toStrictEqual(tellAll(release));
  });
});

function tellAll({ played, calls }: Recording): readonly string[] {
  return [...tellPlayed(played), ...tellCalls(calls)];
}

/** Sorted by service, because a look asks several services at once. */
function tellCalls(calls: readonly Call[]): readonly string[] {
  const byService = Map.groupBy(calls, ({ service }) => service);
  return [...byService].sort().flatMap(([, those]) => those.map((call) => formatCall({ ...call, number: 0 })));
}

function tellPlayed({ exitCode, signal, outputs, state, summary, log, began, ended }: Played): readonly string[] {
  const printed = log.map(({ at, source, kind, text }) => `${at} ${source} ${kind} ${text}`);
  return [...printed, JSON.stringify({ exitCode, signal, outputs, state, summary, began, ended })];
}

/** In a fleet, chance decides who comes first and how often calls are made. */
function tellFleet({ played, calls, writes }: Recording): readonly string[] {
  const { exitCode, signal, outputs, state } = played;
  const kinds = new Set(calls.map(({ operation, target, answer }) => `${operation} ${target} ${answer.slice(0, 3)}`));
  const { outcome, version, verified } = outputs;
  return [
    ...[...kinds].sort(),
    ...writes.map(({ what }) => what),
    JSON.stringify({ exitCode, signal, outcome, version, verified, state }),
  ];
}
