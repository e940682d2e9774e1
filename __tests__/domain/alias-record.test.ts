import fc from "fast-check";
import {
  type AliasRecord,
  isAsLeftBy,
  LONGEST_OWN_TEXT,
  ownText,
  readRecord,
  recordedRouting,
  writeRecord,
} from "../../src/domain/alias-record.ts";

const plainRecord = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { noNullPrototype: true });
const version = fc.integer({ min: 1, max: 99_999 }).map(String);
const instant = fc.integer({ min: 1_700_000_000, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
const fleet = fc.option(fc.stringMatching(/^[0-9a-f]{4}$/), { nil: undefined });
const stamp = {
  at: instant,
  run: plainRecord({
    id: fc.integer({ min: 0, max: 999_999_999_999 }).map(String),
    attempt: fc.integer({ min: 1, max: 99 }),
  }),
};
const alone: fc.Arbitrary<AliasRecord> = fc.oneof(
  plainRecord({
    ...stamp,
    state: fc.constant("canary" as const),
    baseline: version,
    canary: version,
    weight: fc.integer({ min: 1, max: 99 }),
    step: fc.integer({ min: 1, max: 50 }),
    steps: fc.integer({ min: 1, max: 50 }),
    until: instant,
  }),
  plainRecord({
    ...stamp,
    state: fc.constant("promoted" as const),
    version,
    before: version,
    until: fc.option(instant),
  }),
  plainRecord({ ...stamp, state: fc.constant("rolled-back" as const), from: version, to: version }),
);
const record = fc
  .tuple(alone, fleet)
  .map(([each, mark]): AliasRecord => (mark === undefined ? each : { ...each, fleet: mark }));

test("a record reads back as it was written, behind the user's own text, in 256 characters", () => {
  fc.assert(
    fc.property(record, fc.string({ maxLength: LONGEST_OWN_TEXT }), (written, text) => {
      const description = writeRecord(text, written);
      expect(readRecord(description)).toStrictEqual(written);
      expect(description.length).toBeLessThanOrEqual(256);
      expect(ownText(description).trim()).toBe(ownText(text).trim());
    }),
  );
});

test("a new record takes the place of the old one, and the user's text stays", () => {
  fc.assert(
    fc.property(record, record, (first, second) => {
      const description = writeRecord(writeRecord("Payments, ask before touching", first), second);
      expect(description).toBe(writeRecord("Payments, ask before touching", second));
    }),
  );
});

test("a record reads like a sentence", () => {
  const at = Date.UTC(2026, 10, 21, 14, 5, 31);
  const run = { id: "4711", attempt: 2 };
  const canary = {
    state: "canary",
    baseline: "41",
    canary: "42",
    weight: 25,
    step: 2,
    steps: 3,
    until: at + 600_000,
    at,
    run,
  } as const;
  expect(writeRecord("Payments", canary)).toBe(
    "Payments [lambda-canary 41>42 25% step 2/3 since 2026-11-21T14:05:31Z until 2026-11-21T14:15:31Z run 4711.2]",
  );
  expect(writeRecord("", { state: "promoted", version: "42", before: "41", until: null, at, run })).toBe(
    "[lambda-canary 42 promoted 2026-11-21T14:05:31Z, before 41 run 4711.2]",
  );
  expect(writeRecord("", { state: "rolled-back", from: "42", to: "41", at, run })).toBe(
    "[lambda-canary rolled back from 42 to 41 2026-11-21T14:05:31Z run 4711.2]",
  );
});

test.each(["", "Payments", "[other tool: 3]", "[lambda-canary ]", "[lambda-canary 41>42 soon]"])(
  "no record is found in %j",
  (text) => expect(readRecord(text)).toBeNull(),
);

test("an alias is as this run left it only with this run's record and the routing that it tells", () => {
  fc.assert(
    fc.property(record, (written) => {
      const alias = { routing: recordedRouting(written), description: writeRecord("x", written), revision: "r1" };
      expect(isAsLeftBy(written.run, alias)).toBe(true);
      expect(isAsLeftBy({ ...written.run, attempt: written.run.attempt + 1 }, alias)).toBe(false);
      expect(isAsLeftBy(written.run, { ...alias, description: "x" })).toBe(false);
      const moved = { primary: `${alias.routing.primary}0`, additional: alias.routing.additional };
      expect(isAsLeftBy(written.run, { ...alias, routing: moved })).toBe(false);
    }),
  );
});
