import type { AliasRecord } from "../../src/domain/alias-record.ts";
import { MINUTE } from "../../src/domain/time.ts";
import {
  canaryRecord,
  endOfStage,
  holdOfStage,
  newRelease,
  promoted,
  promotionRecord,
  type Release,
  rollbackRecord,
  shifted,
  weightOf,
} from "../../src/release/release.ts";
import { guardsOf, memberOf, planOf, termsOf } from "../../testing/fakes/terms.ts";

const START = Date.UTC(2026, 10, 21, 14);
const member = memberOf();
const terms = termsOf({
  members: [member],
  plan: {
    steps: [
      { weight: 5, bake: 5 * MINUTE },
      { weight: 50, bake: 20 * MINUTE },
    ],
    finalBake: 10 * MINUTE,
  },
  holdLimits: { minInvocations: 0, maxHold: 3 * MINUTE, maxUnreadable: 7 * MINUTE },
});
const releaseOf = (...members: readonly ReturnType<typeof memberOf>[]): Release =>
  newRelease({ ...terms, members: members.length > 0 ? members : terms.members }, [], START);

test("before the first shift the canaries get no calls, and there is no bake to wait for", () => {
  const ready = newRelease({ ...terms, members: [] }, [], START);
  expect([weightOf(ready), endOfStage(ready), holdOfStage(ready)]).toStrictEqual([0, 0, 0]);
});

test("time that was lost in the final bake is baked afterwards", () => {
  const { stage, ...rest } = promoted(releaseOf(), START);
  expect(stage.kind).toBe("promoted");
  const late: Release = {
    ...rest,
    stage: { kind: "promoted", bake: { since: START, lost: 4 * MINUTE, unreadableSince: null, awaited: 0 } },
  };
  expect(endOfStage(late)).toBe(START + 14 * MINUTE);
});

test("the record of a canary says when its plan must have ended: every bake from here on, held and unread to the limit", () => {
  const release = releaseOf();
  expect(canaryRecord(release, member, 0, START)).toStrictEqual({
    ...{ state: "canary", baseline: "41", canary: "42", weight: 5, step: 1, steps: 2 },
    ...{ until: START + (5 + 20 + 10 + 3 * 3 + 7) * MINUTE, at: START, run: terms.run },
  });
  expect(canaryRecord(release, member, 1, START)).toMatchObject({
    ...{ weight: 50, step: 2, until: START + (20 + 10 + 2 * 3 + 7) * MINUTE },
  });
});

function untilOf(record: AliasRecord): number {
  return record.state === "canary" ? record.until : Number.NaN;
}

test("the record of a canary whose steps run ahead of their figures gives the last one time for all of them", () => {
  const plan = planOf("5% for 1m, 50% for 2m");
  const of = (more: Partial<Release>) => {
    const release = { ...releaseOf(), plan, ...more };
    return [0, 1].map((step) => untilOf(canaryRecord(release, member, step, START)) - START);
  };
  expect(of({})).toStrictEqual([(1 + 5 + 2 * 3 + 7) * MINUTE, (5 + 3 + 7) * MINUTE]);
  expect(of({ whenInconclusive: "rollback" })).toStrictEqual([(4 + 4 + 2 * 3 + 7) * MINUTE, (4 + 3 + 7) * MINUTE]);
});

test("the record of a promotion says when its final bake ends, if it has one", () => {
  const release = releaseOf();
  const record = { state: "promoted", version: "42", before: "41", at: START, run: terms.run };
  expect(promotionRecord(release, member, START)).toStrictEqual({ ...record, until: START + 10 * MINUTE });
  const without: Release = { ...release, plan: { ...release.plan, finalBake: 0 } };
  expect(promotionRecord(without, member, START)).toStrictEqual({ ...record, until: null });
});

test("evidence begins with the first shift, and is carried on through the steps after it", () => {
  const ready = newRelease({ ...terms, guards: guardsOf("error-rate <= baseline") }, [], START);
  const from = ({ analysis: { watches } }: Release) =>
    watches.map(({ method }) => (method.kind === "level" ? null : method.evidence.from));
  const first = shifted(ready, 0, START + 7 * MINUTE);
  const second = shifted(first, 1, START + 20 * MINUTE);
  expect([from(ready), from(first), from(second)]).toStrictEqual([[START], [START + 7 * MINUTE], [START + 7 * MINUTE]]);
});

/** The mark of a fleet in the records of its members; undefined for a function alone. */
function fleetOf(run: Release["run"], ...members: readonly ReturnType<typeof memberOf>[]): string | undefined {
  const release = { ...releaseOf(...members), run };
  const marks = release.members.map((member) => rollbackRecord(release, member, START).fleet);
  expect(new Set(marks).size).toBe(1);
  return marks[0];
}

test("the functions of a fleet have one mark, which no other release has; a function alone has none", () => {
  const run = { id: "1", attempt: 1 };
  const [checkout, refund] = [memberOf("checkout"), memberOf("refund")];
  expect(fleetOf(run, checkout)).toBeUndefined();
  const mark = fleetOf(run, checkout, refund);
  expect(mark).toMatch(/^[0-9a-f]{4}$/);
  expect(fleetOf(run, refund, checkout)).toBe(mark);
  const others = [
    fleetOf({ id: "2", attempt: 1 }, checkout, refund),
    fleetOf({ id: "1", attempt: 2 }, checkout, refund),
    fleetOf({ id: "11", attempt: 1 }, checkout, refund),
    fleetOf(run, checkout, memberOf("refund", { canary: "43" })),
    fleetOf(run, checkout, memberOf("orders")),
  ];
  expect(new Set([mark, ...others]).size).toBe(6);
});
