import type { AliasRecord } from "../../src/domain/alias-record.ts";
import { ServiceError } from "../../src/domain/ports.ts";
import { HOUR, type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { type Claim, claimOn, isUnwatched, type Unfinished, withFleetmates } from "../../src/engine/ownership.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { canary, checkout, leave, OTHER, OWN, portsWith, promoted, refund, rolledBack } from "./left.ts";

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
  const ports = new FakePorts("40", "41", "42", "43");
  if (state !== "unknown") ports.runStates = { "99": state };
  expect(await claimOn(checkout, leave(ports, record), ports)).toMatchObject({ kind: claim });
});

/** A plan of ten minutes counts as overdue this long after it began: the ten again, and an hour. */
const GRACE = 2 * 10 * MINUTE + HOUR;
const BEGUN = (ago: number) => (now: Instant) => canary(now - ago, OTHER, now - ago + 10 * MINUTE);
/** A final bake of half an hour may take twice as long, and 20 minutes for the promotion to take effect. */
const LONGEST_BAKE = 2 * 30 * MINUTE + 20 * MINUTE;
const PROMOTED = (ago: number) => (now: Instant) => promoted(now - ago, OTHER, now - ago + 30 * MINUTE);
const MOMENTS: readonly Row[] = [
  ["a canary an hour after its last shift, though its plan should be over,", "live", BEGUN(HOUR), "live"],
  ["a canary at the end of its grace", "live", BEGUN(GRACE), "live"],
  ["a canary after its grace", "orphaned", BEGUN(GRACE + SECOND), "live"],
  [
    "a final bake that a live run may still be held in, to the last second,",
    "live",
    PROMOTED(LONGEST_BAKE - SECOND),
    "live",
  ],
  ["a final bake after that", "free", PROMOTED(LONGEST_BAKE), "live"],
  ["a final bake that ends this second, and of which nothing is known,", "free", BAKING(0), "unknown"],
  ["a final bake of which nothing is known and that ends in a second", "live", BAKING(SECOND), "unknown"],
  ["a final bake left three minutes before its end", "free", BAKING(3 * MINUTE), "ended"],
  ["a final bake left a second earlier", "orphaned", BAKING(3 * MINUTE + SECOND), "ended"],
];
test.each(MOMENTS)("%s makes an alias %s", async (_what, claim, record, state) => {
  const ports = new FakePorts("40", "41", "42", "43");
  if (state !== "unknown") ports.runStates = { "99": state };
  expect(await claimOn(checkout, leave(ports, record), ports)).toMatchObject({ kind: claim });
});

test("an earlier attempt of this run has ended; another run's attempts say nothing", async () => {
  const ports = { ...new FakePorts("41", "42"), run: { ...OWN, attempt: 2 } };
  const world = new FakePorts("41", "42");
  const claim = (run: typeof OWN) =>
    claimOn(
      checkout,
      leave(world, (now) => canary(now, run)),
      { ...world, ...ports },
    );
  expect(await claim(OWN)).toMatchObject({ kind: "orphaned", why: "an earlier attempt of this run" });
  expect(await claim(OTHER)).toMatchObject({ kind: "live", doubt: { kind: "unasked" } });
  expect(await claim({ ...OWN, attempt: 2 })).toMatchObject({ kind: "live", doubt: { kind: "own run" } });
  expect(await claim({ ...OWN, attempt: 3 })).toMatchObject({ kind: "live" });
});

test("why GitHub could not be asked stays with the claim, whatever it was", async () => {
  const ports = portsWith((now) => canary(now, OTHER));
  const alias = leave(ports, (now) => canary(now, OTHER));
  for (const error of [new ServiceError("denied", "it may not be asked", null), new Error("it may not be asked")]) {
    const runs = { state: () => Promise.reject(error) };
    expect(await claimOn(checkout, alias, { ...ports, clock: ports.clock, runs })).toMatchObject({
      kind: "live",
      doubt: { kind: "unasked", problem: "it may not be asked" },
    });
  }
});

test("the last seconds of this run's own final bake count by this runner's clock alone", async () => {
  const ports = new FakePorts("40", "43");
  const claim = (left: number) =>
    claimOn(
      checkout,
      leave(ports, (now) => promoted(now - HOUR, OWN, now + left)),
      ports,
    );
  expect(await claim(SECOND)).toMatchObject({ kind: "live", doubt: { kind: "own run" } });
  expect(await claim(0)).toStrictEqual({ kind: "free" });
});

test("a record says nothing where the alias serves something else", async () => {
  const ports = new FakePorts("40", "41", "42", "43");
  ports.runStates = { "99": "ended" };
  const { description } = leave(ports, (now) => canary(now, OTHER));
  const weighted = { primary: "41", additional: { version: "42", weight: 90 } };
  expect(await claimOn(checkout, ports.traffic.set(checkout, weighted, description), ports)).toStrictEqual({
    kind: "foreign",
  });
  const wholly = { primary: "42", additional: null };
  expect(await claimOn(checkout, ports.traffic.set(checkout, wholly, description), ports)).toStrictEqual({
    kind: "free",
  });
});

test("an alias that its release only created is free, though the run has ended amid its final bake", async () => {
  const ports = new FakePorts("43");
  ports.runStates = { "99": "ended" };
  const created = (now: Instant) => ({ ...promoted(now, OTHER, now + HOUR), before: "43" }) as AliasRecord;
  expect(await claimOn(checkout, leave(ports, created), ports)).toStrictEqual({ kind: "free" });
});

test("nobody is known to watch weights without a record, and a release of which nobody can tell", () => {
  const release: Unfinished = { run: OTHER, fleet: null, from: "42", to: "41", reached: "25 % of version 42" };
  const unwatched: readonly Claim[] = [
    { kind: "foreign" },
    { kind: "live", release, doubt: { kind: "unasked", problem: "GitHub says nothing" } },
    { kind: "live", release, doubt: { kind: "own run" } },
  ];
  const others: readonly Claim[] = [
    { kind: "free" },
    { kind: "live", release, doubt: null },
    { kind: "orphaned", release, why: "run 99 has ended" },
    { kind: "moving", why: "Lambda still sends all calls to version 40" },
  ];
  expect(unwatched.filter((claim) => !isUnwatched(claim))).toStrictEqual([]);
  expect(others.filter(isUnwatched)).toStrictEqual([]);
});

test("an alias whose calls Lambda has yet to move isn't free, and no stranger's either", async () => {
  const ports = portsWith((at) => promoted(at, OTHER));
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
  const ports = new FakePorts("40", "41", "42", "43");
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
  expect(await isOrphanedBy((now) => rolledBack(now - HOUR), "3fa9")).toBe(true);
  expect(await isOrphanedBy((now) => rolledBack(now - HOUR - SECOND), "3fa9")).toBe(false);
  expect(await isOrphanedBy((now) => rolledBack(now), null)).toBe(false);
});

test("of a fleet that went back, a promotion is undone though its calls are still moving; a live one is left to its run", async () => {
  const ports = new FakePorts("40", "41", "42", "43");
  const fleet = "3fa9";
  const back = leave(ports, (now) => ({ ...rolledBack(now), fleet }), refund);
  const mate = leave(ports, (now) => ({ ...promoted(now - MINUTE, OTHER), fleet }));
  const kinds = (claim: Claim) =>
    withFleetmates([
      { alias: back, claim: { kind: "free" } as const },
      { alias: mate, claim },
    ]);
  const release: Unfinished = { run: OTHER, fleet, from: "43", to: "40", reached: "" };
  expect(kinds({ kind: "moving", why: "" })[1]?.claim).toMatchObject({ kind: "orphaned", release: { to: "40" } });
  expect(kinds({ kind: "live", release, doubt: null })[1]?.claim.kind).toBe("live");
  expect(kinds({ kind: "foreign" })[1]?.claim.kind).toBe("foreign");
});
