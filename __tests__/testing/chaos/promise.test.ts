import assert from "node:assert/strict";
import { writeRecord } from "../../../src/domain/alias-record.ts";
import { handlingsOf } from "../../../testing/chaos/promise/handling.ts";
import { type AliasWrite, type ObservedProcess, SOMEBODY } from "../../../testing/chaos/promise/observed.ts";
import { PROMISE } from "../../../testing/chaos/promise/promise.ts";

/** How each rule is broken, and no other with it: the writes, then the processes, read `r0` as "saw the first write". */
const BROKEN: readonly (readonly [rule: string, how: string, writes: string, ...processes: string[]])[] = [
  ["every process ends", "one doesn't", "scene 41", "A release never: r0"],
  ["no process crashes", "a stack is printed", "scene 41", "A release killed: r0 'Oh\n  at a.js:1:2'"],
  ["every process says", "main says nothing", "scene 41", "A release: r0"],
  ["superseded means", "nobody wrote", "scene 41; A 41+42; A 41 back", "A release: r0 w41 w41 → superseded"],
  ["an alias ends whole", "weights stay", "scene 41; A 41+42", "A release killed: r0 w41"],
  ["an alias ends whole", "a process deletes it", "scene 41; A gone", "A release killed: r0"],
  ["who ends leaves", "no command", "scene 41; A 41+42; A 42 promoted", "A release: r0 w41 w42 → failed"],
  ["who ends leaves", "another's command", "scene 41; A 41+42; A 42 promoted", "A release: r0 w42 → failed 'to 42'"],
  [
    "who ends leaves",
    "the command, but no failure",
    "scene 41; A 41+42; B 41 back",
    "A release @2: r0 w41 → superseded 'to 41'",
    "B release: r1 w41 → rolled-back",
  ],
  ["what a process says", "it saw", "scene 41; A 42 promoted; hand 41+42", "A release: r0 w42 r2 → promoted"],
  ["what a process says", "its record", "scene 41; A 42 back", "A release: r0 w42 → promoted"],
  ["what a process says", "it tried more", "scene 41; A 42 promoted", "A release: r0 w42 w41 → promoted"],
  ["what a process says", "nothing to do", "scene 41; scene 42", "R rollback: r1 → unchanged"],
  [
    "nobody writes over",
    "an external edit",
    "scene 41; A 41+42; hand 41+40; A 41 back",
    "A release: r0 w41 → rolled-back",
  ],
  ["nobody writes over", "weights found", "scene 41; hand 41+40; A 41 back", "A release: r1 w41 → rolled-back"],
  ["nobody writes over", "post", "scene 41; B 41+42; post 41 back", "post post: r1 w41 → rolled-back"],
  ["nobody writes over", "a new text", "scene 41; hand 41 'x'; A 41 back 'x'", "A release: r0 w41 → rolled-back"],
  ["nobody writes over", "a try", "scene 41; A 41+42; hand 41+40", "A release: r0 w41 r2 w41 → superseded"],
  [
    "only a rollback takes",
    "another deploy",
    "scene 41; A 41+42; B 41 back",
    "A release: r0 w41 → superseded",
    "B release: r1 w41 → rolled-back",
  ],
  ["traffic moves", "from elsewhere", "scene 41; A 40+42; A 40", "A release killed: r0 w40 w40"],
  ["traffic moves", "one too far back", "scene 40; scene 41; A 41+42; A 40", "A release killed: r1 w41 w40"],
  ["traffic moves", "a canary never shifted", "scene 41; A 41+42; A 43", "A release killed: r0 w41 w43"],
  ["traffic moves", "post promotes", "scene 41; A 41+42; post 42", "A release killed: r0", "post post killed: r1 w42"],
  ["a rollback never goes", "two back", "scene 40; scene 41; scene 42", "R rollback: r2 w40 → failed"],
  ["a rollback never goes", "one more, asked twice", "hand 42", "R rollback: r0 w41 w40 → failed"],
  ["a write keeps", "it is gone", "scene 41 'Payments'; A 41", "A release killed: r0 w41"],
];

/** What looks like a breach and isn't one. */
const KEPT: readonly (readonly [why: string, writes: string, ...processes: string[]])[] = [
  ["a promotion", "scene 41; A 41+42; A 42 promoted", "A release: r0 w41 w42 → promoted"],
  ["a failure that tells the command", "scene 41; A 41+42; A 42", "A release: r0 w41 w42 → failed 'to 41'"],
  [
    "a rollback over a release",
    "scene 41; A 41+42; R 41 back",
    "A release: r0 w41 → superseded",
    "R rollback: r1 w41 → rolled-back",
  ],
  [
    "a rollback that finds it done",
    "scene 41; A 41+42; A 41 back",
    "A release: r0 w41 w41 → rolled-back",
    "R rollback: r1 w41 r2 → rolled-back",
  ],
  [
    "a rollback that goes on over a promotion",
    "scene 41; A 41+42; A 42 promoted; R 41 back",
    "A release: r0 w41 w42 → promoted",
    "R rollback: r1 w41 r2 w41 → rolled-back",
  ],
  [
    "a rollback that finds it done by hand",
    "scene 41; A 41+42; hand 41",
    "A release: r0 w41 r2 → superseded",
    "R rollback: r1 w41 r2 → rolled-back",
  ],
  [
    "a rollback that sees the next release",
    "scene 41; A 41+42; R 41 back; B 41+42; B 41 back",
    "A release: r0 w41 → superseded",
    "R rollback: r1 w41 r3 → rolled-back",
    "B release: r2 w41 w41 → rolled-back",
  ],
  ["a rollback without a record", "scene 41; scene 43; hand 43 'x'; R 42 back 'x'", "R rollback: r2 w42 → rolled-back"],
  ["somebody else's weights", "scene 41; A 41+42; hand 41+40", "A release: r0 w41 r2 → superseded"],
  [
    "weights whose record somebody removed",
    "scene 41; A 41+42; hand 41+42 'edited'",
    "A release killed: r0 w41",
    "B release: r2 → failed 'no release record explains that'",
  ],
  [
    "a way back that keeps an edited text",
    "scene 41; A 41+42; hand 41+42 'edited'; A 41 back 'edited'",
    "A release: r0 w41 r2 w41 → rolled-back",
  ],
  ["a change undone", "scene 41; hand 40; hand 41; A 42 promoted", "A release: r0 w42 r2 w42 → promoted"],
  [
    "post after a main that never wrote",
    "scene 41; R 40 back",
    "A release killed: r0 w41",
    "post post: r1 → superseded",
  ],
];

const target = "checkout:live";
const stamp = { at: 0, run: { id: "101", attempt: 1 } };

/** `A 42 promoted 'own text'` */
function write(text: string, place: number): AliasWrite {
  const [, by = "", version = "", canary, record, own = ""] =
    /^(\w+) (\w+)(?:\+(\d+))?(?: (promoted|back))?(?: '(.*)')?$/.exec(text) ?? assert.fail(text);
  const promoted = { state: "promoted", version, before: "41", until: null, ...stamp } as const;
  const back = { state: "rolled-back", from: "42", to: version, ...stamp } as const;
  const description = record === undefined ? own : writeRecord(own, record === "back" ? back : promoted);
  const additional = canary === undefined ? null : { version: canary, weight: 0.05 };
  const state = version === "gone" ? null : { version, additional, description };
  return { by: by === "hand" ? SOMEBODY : by, target, state, revision: String(place) };
}

/** `A release killed @2: r0 w41 → failed 'to 41'`: what it did, said and printed; killed after two writes. */
function process(text: string): ObservedProcess {
  const [, name = "", role, end = "by itself", writes = "9", calls = "", outcome = null, words = ""] =
    /^(\w+) (\w+)(?: (killed|never))?(?: @(\d+))?:((?: [rw]\d+)*)(?: → (\S+))?(?: '(.*)')?$/s.exec(text) ??
    assert.fail(text);
  const command = "--function-name checkout --name live --function-version";
  return {
    name,
    role: role as ObservedProcess["role"],
    main: role === "post" ? "A" : null,
    end: end as ObservedProcess["end"],
    writesByEnd: Number(writes),
    outcome,
    versions: { [target]: "42" },
    words: words.replace(/^to (\d+)$/, `${command} $1 `),
    calls: [...calls.matchAll(/([rw])(\d+)/g)].map(([, kind, what = ""]) =>
      kind === "r" ? { target, read: what } : { target, write: what },
    ),
  };
}

function brokenBy(writes: string, processes: readonly string[]): readonly string[] {
  const handlings = handlingsOf({ writes: writes.split("; ").map(write), processes: processes.map(process) });
  return Object.keys(PROMISE).filter((rule) => handlings.some((handling) => PROMISE[rule]?.(handling, handlings)));
}

describe("the oracle notices", () => {
  test.each(BROKEN)("%s …: %s", (rule, _, writes, ...processes) => {
    expect(brokenBy(writes, processes)).toStrictEqual([expect.stringContaining(rule)]);
  });

  test("every rule that is broken, each by one of these", () => {
    const deaf = Object.keys(PROMISE).filter((rule) => !BROKEN.some(([start]) => rule.startsWith(start)));
    expect(deaf).toStrictEqual([]);
  });
});

test.each(KEPT)("the oracle allows %s", (_, writes, ...processes) => {
  expect(brokenBy(writes, processes)).toStrictEqual([]);
});
