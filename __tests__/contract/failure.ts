import assert from "node:assert/strict";
import { ServiceError } from "../../src/domain/ports.ts";

/** How a call fails. The error must be one of ours, with a cause. */
export async function failure(call: Promise<unknown>): Promise<Pick<ServiceError, "fault" | "message">> {
  const error = await call.then(
    () => assert.fail("the call succeeded"),
    (thrown: unknown) => thrown,
  );
  assert(error instanceof ServiceError, String(error));
  expect(error.cause).toBeDefined();
  // A plain object, because Jest's diffs leave out an error's message.
  return { fault: error.fault, message: error.message };
}
