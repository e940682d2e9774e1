import type { ScenarioName } from "../../testing/simulator/scenarios.ts";
import { playInOneProcess } from "./host.ts";
import { onWeekOldStage } from "./stage.ts";

playInOneProcess();

const OWN = "metric Shop/CheckoutTime {Service=checkout, Version=$version}";

/** For each signal: a bad version, the guard that must find it, and what the guard says. */
const FOUND: readonly [scenario: ScenarioName, guard: string, says: RegExp][] = [
  ["broken", "error-rate < 2%", /failed \(\d+ %\); allowed up to 2 %: shown to be over it/],
  [
    "slower",
    "p90 <= baseline * 1.2",
    /version 4's p90 was about 4\d\d ms, version 3's 200 ms, .* of version 4 took longer than 240 ms .* of version 3 longer than 200 ms/,
  ],
  ["slower", "p50 < 150ms", /calls of version 4 took longer than 150 ms .*allowed up to 50 %/],
  [
    "slower",
    "duration <= baseline * 1.2",
    /over it in \d of \d minutes: shown to be over it \(paired sign-flip test\)/,
  ],
  ["throttled", "throttles < 1%", /of the alias were throttled .*throttling depends on the concurrency/],
  [
    "stale-stream",
    "iterator-age < 30s for 3m",
    /stream \(of checkout as a whole\): .*over the limit for 3m \(fails at 3m\)/,
  ],
  ["backlog", "async-event-age < 60s", /async queue \(of checkout as a whole\)/],
  [
    "backlog",
    "dead-letter-errors < 0.1%",
    /calls of the function had an event that could not be sent to the dead-letter target/,
  ],
  [
    "backlog",
    "destination-failures < 0.1%",
    /calls of the function had an event that could not be sent to the destination/,
  ],
  ["backlog", "async-events-dropped < 0.1%", /calls of the function were dropped before they ran/],
  ["crowded", "concurrency < 12 for 2m", /concurrent executions \(of checkout as a whole\): .*over the limit for 2m/],
  ["own-metric", `${OWN} Average <= baseline * 1.2`, /Average of Shop\/CheckoutTime was \d+, version 3's \d+/],
  [
    "own-metric",
    `${OWN} p90 <= 250 for 3m`,
    /p90 of Shop\/CheckoutTime: \d+, allowed up to 250: over the limit for 3m/,
  ],
  [
    "own-metric",
    "metric Shop/Refused {Service=checkout} Sum <= 10 for 2m",
    /Sum of Shop\/Refused: \d+, allowed up to 10/,
  ],
];

describe("each signal finds the version that is worse by it", () => {
  test.each(FOUND)("%s: %s", (scenario, guard, says) =>
    onWeekOldStage(scenario, async (stage) => {
      const run = await stage.run({ guards: guard });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(run.outputs["reason"]).toMatch(says);
      expect(run.exitCode).toBe(1);
      expect(stage.serves()).toBe("3");
    })(),
  );
});
