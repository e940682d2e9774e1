import type { Expiry } from "../../src/domain/ports.ts";
import { MINUTE } from "../../src/domain/time.ts";
import { credentialExpiry } from "../../src/engine/credential-expiry.ts";
import { FakeClock } from "../../testing/fakes/ports.ts";

const POLL = MINUTE;
/** Until the next look, and for the rollback after it. */
const NEEDED = POLL + 2 * MINUTE;

/** Whether a release has to end now, for credentials that expire then. */
async function mustEnd(expiry: (now: number) => Promise<Expiry>): Promise<boolean> {
  const clock = new FakeClock();
  const credentials = { expiry: () => expiry(clock.now()), account: async () => null };
  return (await credentialExpiry({ credentials, clock }, POLL)) !== null;
}

test("a release ends while its credentials last for one more look and a rollback", async () => {
  expect(await mustEnd(async (now) => ({ kind: "at", at: now + NEEDED + 1 }))).toBe(false);
  expect(await mustEnd(async (now) => ({ kind: "at", at: now + NEEDED }))).toBe(true);
  expect(await mustEnd(async (now) => ({ kind: "at", at: now - MINUTE }))).toBe(true);
});

test("credentials that never expire, or of which that isn't known, end nothing", async () => {
  expect(await mustEnd(async () => ({ kind: "never" }))).toBe(false);
  expect(await mustEnd(async () => ({ kind: "unknown" }))).toBe(false);
  expect(await mustEnd(() => Promise.reject(new Error("no credentials")))).toBe(false);
});
