import type { AliasRecord } from "../../src/domain/alias-record.ts";
import { HOUR, type Instant, MINUTE } from "../../src/domain/time.ts";
import { type Claim, claimOn, withFleetmates } from "../../src/engine/ownership.ts";
import { FakeWorld } from "../../testing/fakes/ports.ts";
import { canary, checkout, leave, OTHER, promoted, refund, rolledBack, worldWith } from "./left.ts";

type State = "live" | "ended" | "unknown";
const BAKING = (left: number) => (now: Instant) => promoted(now - HOUR, OTHER, now + left);
const LONG_OVER = (now: Instant) => promoted(now - 4 * HOUR, OTHER, now - 3 * HOUR);
const OVERDUE = (now: Instant) => canary(now - 4 * HOUR, OTHER, now - 3 * HOUR);
type Row = readonly [what: string, claim: Claim["kind"], record: (now: Instant) => AliasRecord, state: State];
const CLAIMS: readonly Row[] = [
  ["a canary of a live run", "live", (now) => canary(now, OTHER), "live"],
  ["a canary of an ended run", "orphaned", (now) => canary(now, OTHER), "ended"],
  ["a canary of a run of which nothing is known", "live", (now) => canary(now, OTHER), "unknown"],
  ["an overdue canary, though its run goes on with other jobs,", "orphaned", OVERDUE, "live"],
  ["an overdue canary of a run of which nothing is known", "orphaned", OVERDUE, "unknown"],
  ["a final bake of a live run", "live", BAKING(HOUR), "live"],
  ["a final bake that an ended run left", "orphaned", BAKING(HOUR), "ended"],
  ["a final bake whose run ended so late that by its own clock it may be over", "free", BAKING(MINUTE), "ended"],
  ["a final bake that a live run may still be held in", "live", BAKING(-MINUTE), "live"],
  ["a final bake of which nothing is known, and that should be over", "free", BAKING(-MINUTE), "unknown"],
  ["a final bake that is over by far, though other jobs of its run go on", "free", LONG_OVER, "live"],
  ["a promotion without a final bake", "free", (now) => promoted(now, OTHER), "live"],
  ["a rollback", "free", (now) => rolledBack(now, OTHER), "live"],
];
test.each(CLAIMS)("%s makes an alias %s", async (_what, claim, record, state) => {
  const ports = new FakeWorld("40", "41", "42", "43");
  if (state !== "unknown") ports.runStates = { "99": state };
  expect(await claimOn(checkout, leave(ports, record), ports)).toMatchObject({ kind: claim });
});

test("an alias whose calls Lambda has yet to move isn't free, and no stranger's either", async () => {
  const ports = worldWith((at) => promoted(at, OTHER));
  const alias = { ...leave(ports, (at) => promoted(at, OTHER)), movingFrom: "40" };
  expect(await claimOn(checkout, alias, ports)).toMatchObject({
    kind: "moving",
    why: expect.stringMatching(/Lambda still sends all calls of checkout:live to version 40 until version 43 has/),
  });
});

// ------------------------------------------------------------------------------------------------------- Fleets

/** Whether a promotion by run 99, an hour ago, is orphaned because of another function's alias. */
async function isOrphanedBy(other: (at: Instant) => AliasRecord, fleet: string | null): Promise<boolean> {
  const mark = fleet === null ? {} : { fleet };
  const ports = new FakeWorld("40", "41", "42", "43");
  ports.runStates = { "99": "ended" };
  const found = await Promise.all(
    [
      { target: checkout, record: (now: Instant) => promoted(now - HOUR, OTHER) },
      { target: refund, record: other },
    ].map(async ({ target, record }) => {
      const alias = leave(ports, (now) => ({ ...record(now), ...mark }), target);
      return { alias, claim: await claimOn(target, alias, ports) };
    }),
  );
  return withFleetmates(found)[0]?.claim.kind === "orphaned";
}

test("a promotion is undone with the rest of its fleet, and of nothing else", async () => {
  const lost = (now: Instant) => canary(now, OTHER);
  expect(await isOrphanedBy(lost, "3fa9")).toBe(true);
  // Two jobs of one run, such as a matrix, each with its own function.
  expect(await isOrphanedBy(lost, null)).toBe(false);
});

test("a promotion of whose fleet others went back afterwards is undone too; what went back before it says nothing", async () => {
  expect(await isOrphanedBy((now) => rolledBack(now), "3fa9")).toBe(true);
  expect(await isOrphanedBy((now) => rolledBack(now - 2 * HOUR), "3fa9")).toBe(false);
  expect(await isOrphanedBy((now) => rolledBack(now), null)).toBe(false);
});
