import { SECOND } from "../../../src/domain/time.ts";
import type { Strike } from "../strike.ts";
import { anywhere, atLambda, atWrites, type Fault } from "./fault.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

function killBefore(strike: Strike): void {
  strike.meanwhile("before", () => strike.action.kill());
  strike.cause({ kind: "hang", carriedOut: false });
}

function killAfterCall(strike: Strike): void {
  strike.meanwhile("after", () => strike.action.kill());
  strike.cause({ kind: "hang", carriedOut: true });
}

/** Kills the process after it has handled the answer and waits again. */
function killAfterAnswer(strike: Strike): void {
  const { clock } = strike.testbed;
  strike.meanwhile("after", () => void clock.at(clock.now() + 1, () => strike.action.kill()));
}

/**
 * Ways to end a process. "Killed after it was sent" is for writes only: a read changes nothing, so it is the same as
 * being killed before it.
 */
export const ENDINGS: readonly Fault[] = [
  { name: "killed before the call", family: "killed", suits: anywhere, arm: killBefore },
  { name: "killed after it was sent", family: "killed", suits: atWrites, arm: killAfterCall },
  { name: "killed after its answer", family: "killed", suits: anywhere, arm: killAfterAnswer },
  { name: "runner lost before the call", family: "killed", isLost: true, suits: anywhere, arm: killBefore },
  { name: "runner lost after it was sent", family: "killed", isLost: true, suits: atWrites, arm: killAfterCall },
  { name: "runner lost after its answer", family: "killed", isLost: true, suits: anywhere, arm: killAfterAnswer },
  {
    name: "runner gone, process lives on",
    family: "killed",
    isDeaf: true,
    suits: atLambda,
    arm: (strike) => strike.meanwhile("before", () => strike.action.deafen()),
  },
  ...SIGNALS.map(
    (name): Fault => ({
      name: `${name} before it was carried out`,
      family: "cancelled",
      suits: anywhere,
      arm: (strike) => strike.meanwhile("before", () => strike.signal(name)),
    }),
  ),
  {
    name: "SIGINT before its answer",
    family: "cancelled",
    suits: atWrites,
    arm: (strike) => strike.meanwhile("after", () => strike.signal("SIGINT")),
  },
  {
    name: "SIGINT, its answer 3 s late",
    family: "cancelled",
    suits: atWrites,
    arm(strike) {
      strike.meanwhile("before", () => strike.signal("SIGINT"));
      strike.cause({ kind: "late", by: 3 * SECOND });
    },
  },
  {
    name: "cancelled by the runner, Lambda hanging until the kill",
    family: "cancelled",
    suits: anywhere,
    arm(strike) {
      strike.meanwhile("before", () => {
        strike.action.cancel();
        const { clock } = strike.testbed;
        clock.at(clock.now() + 10 * SECOND, () => strike.end());
      });
      strike.cause({ kind: "hang", carriedOut: false }, { of: "Lambda" });
    },
  },
  {
    name: "SIGINT and killed 7.5 s later, Lambda answering too late",
    family: "cancelled",
    suits: anywhere,
    arm(strike) {
      strike.meanwhile("before", async () => {
        const { clock } = strike.testbed;
        clock.at(clock.now() + 7.5 * SECOND, () => {
          strike.action.kill();
          strike.end();
        });
        await strike.signal("SIGINT");
      });
      strike.cause({ kind: "hang", carriedOut: true }, { of: "Lambda" });
    },
  },
];
