import assert from "node:assert/strict";
import { type Claim, claimOn, withFleetmates } from "../../src/conductor/claim.ts";
import { nameOf } from "../../src/release/alias.ts";
import type { Record } from "../../src/release/record.ts";
import { HOUR, type Instant, MINUTE } from "../../src/release/time.ts";
import { canary, checkout, leave, OTHER, promoted, refund, rolledBack, worldWith } from "./left.ts";

type State = "live" | "ended" | "unknown";
const BAKING = (left: number) => (now: Instant) => promoted(now - HOUR, OTHER, now + left);
const LONG_OVER = (now: Instant) => promoted(now - 4 * HOUR, OTHER, now - 3 * HOUR);
const OVERDUE = (now: Instant) => canary(now - 4 * HOUR, OTHER, now - 3 * HOUR);
const CLAIMS: readonly [what: string, record: (now: Instant) => Record, state: State, claim: Claim["kind"]][] = [
  ["a canary of a live run", (now) => canary(now, OTHER), "live", "live"],
  ["a canary of an ended run", (now) => canary(now, OTHER), "ended", "orphaned"],
  ["a canary of a run of which nothing is known", (now) => canary(now, OTHER), "unknown", "live"],
  ["an overdue canary, though its run goes on with other jobs,", OVERDUE, "live", "orphaned"],
  ["an overdue canary of a run of which nothing is known", OVERDUE, "unknown", "orphaned"],
  ["a final bake of a live run", BAKING(HOUR), "live", "live"],
  ["a final bake that an ended run left", BAKING(HOUR), "ended", "orphaned"],
  ["a final bake whose run ended so late that by its own clock it may be over", BAKING(MINUTE), "ended", "free"],
  ["a final bake that a live run may still be held in", BAKING(-MINUTE), "live", "live"],
  ["a final bake of which nothing is known, and that should be over", BAKING(-MINUTE), "unknown", "free"],
  ["a final bake that is over by far, though other jobs of its run go on", LONG_OVER, "live", "free"],
  ["a promotion without a final bake", (now) => promoted(now, OTHER), "live", "free"],
  ["a rollback", (now) => rolledBack(now, OTHER), "live", "free"],
];
for (const [what, record, state, claim] of CLAIMS) {
  test(`${what} makes an alias ${claim}`, async () => {
    const world = worldWith(record);
    if (state !== "unknown") world.runStates = { "99": state };
    const alias = world.traffic.aliases.get("checkout:live");
    assert(alias !== undefined);
    expect((await claimOn(checkout, alias, world)).kind).toBe(claim);
  });
}

test("an alias whose calls Lambda has yet to move isn't free, and no stranger's either", async () => {
  const world = worldWith((at) => promoted(at, OTHER));
  const alias = { ...leave(world, (at) => promoted(at, OTHER)), movingFrom: "40" };
  const claim = await claimOn(checkout, alias, world);
  assert(claim.kind === "moving");
  expect(claim.why).toMatch(/Lambda sends all calls of checkout:live to version 40 until version 43 has/);
});

// ------------------------------------------------------------------------------------------------------- Fleets

/** Whether a promotion by the run 99 an hour ago is orphaned by what stands on the alias of another function. */
async function isOrphanedBy(other: (at: Instant) => Record, fleet: string | null): Promise<boolean> {
  const mark = fleet === null ? {} : { fleet };
  const world = worldWith((now) => ({ ...promoted(now - HOUR, OTHER), ...mark }));
  leave(world, (now) => ({ ...other(now), ...mark }), refund);
  world.runStates = { "99": "ended" };
  const found = await Promise.all(
    [checkout, refund].map(async (target) => {
      const alias = world.traffic.aliases.get(nameOf(target)) ?? assert.fail("there is no alias");
      return { alias, claim: await claimOn(target, alias, world) };
    }),
  );
  return withFleetmates(found)[0]?.claim.kind === "orphaned";
}

test("a promotion is undone with the rest of its fleet, and of nothing else", async () => {
  const lost = (now: Instant) => canary(now, OTHER);
  expect(await isOrphanedBy(lost, "3fa9")).toBe(true);
  // Two jobs of one run, as of a matrix, each with a function of its own.
  expect(await isOrphanedBy(lost, null)).toBe(false);
});

test("a promotion of whose fleet others went back afterwards is undone too; what went back before it says nothing", async () => {
  expect(await isOrphanedBy((now) => rolledBack(now), "3fa9")).toBe(true);
  expect(await isOrphanedBy((now) => rolledBack(now - 2 * HOUR), "3fa9")).toBe(false);
  expect(await isOrphanedBy((now) => rolledBack(now), null)).toBe(false);
});
