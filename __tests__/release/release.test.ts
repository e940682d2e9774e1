import { MINUTE } from "../../src/domain/time.ts";
import { endOfStage, holdOfStage, newRelease, weightOf } from "../../src/release/release.ts";

const START = Date.UTC(2026, 10, 21, 14);

test("before the first shift the canaries get no calls, and there is no bake to wait for", () => {
  const terms = {
    run: { id: "1", attempt: 1 },
    members: [],
    plan: { steps: [{ weight: 5, bake: 5 * MINUTE }], finalBake: 10 * MINUTE },
    guards: [],
    whenInconclusive: "proceed",
    holdLimits: { minInvocations: 0, maxHold: 3 * MINUTE, maxUnreadable: 5 * MINUTE },
  } as const;
  const ready = newRelease(terms, [], START);
  expect([weightOf(ready), endOfStage(ready), holdOfStage(ready)]).toStrictEqual([0, 0, 0]);
});
