import { SECOND } from "../../src/domain/time.ts";
import { addFleet, onStage } from "./stage.ts";

test(
  "a fleet of fifty that is cancelled amid its promotions is back before it is killed, quotas and all",
  onStage(
    null,
    async (stage) => {
      const names = Array.from({ length: 50 }, (_, index) => `fn${index}`);
      addFleet(stage, ...names);
      const action = await stage.start({ function: names.join("\n"), steps: "10% for 3m", guards: "" });
      const cancel = () => void stage.clock.at(stage.clock.now() + 2 * SECOND, () => action.cancel());
      stage.simulator.inject({ operation: "UpdateAlias", skip: 50 }, { kind: "hook", when: "before", run: cancel });
      const run = await action.finished;
      expect(run.signal).toBeNull();
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(names.map((name) => stage.serves(name))).toStrictEqual(names.map(() => "2"));
    },
    { quotas: true },
  ),
);
