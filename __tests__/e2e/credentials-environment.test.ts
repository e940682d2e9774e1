import { formatInstant, HOUR, MINUTE } from "../../src/domain/time.ts";
import { BEGINNING } from "../../testing/simulator/clock.ts";
import { HEALING, keysOfAnHour, quiet, THREE_HOURS, told, WARNING } from "./credentials.ts";
import { playInOneProcess } from "./host.ts";
import { ONE_RUN, OTHER_RUN, onStage, type Stage } from "./stage.ts";

playInOneProcess();

describe("credentials from the environment", () => {
  test(
    "that end after an hour, in a plan of three: a warning at the start, the loudest message with the command, and then the watchdog",
    onStage(null, async (stage) => {
      quiet(stage);
      const action = await stage.start(THREE_HOURS, { environment: keysOfAnHour(stage) });
      const main = await action.finished;
      const [first] = main.annotations;
      expect(first?.text).toMatch(WARNING);
      expect(first?.text).toMatch(/may expire 1h after they were issued.*role-to-assume/);
      expect(main.exitCode).toBe(1);
      expect(main.outputs["outcome"]).toBe("failed");
      // At the first look, no matter how long metrics may be unreadable.
      expect(stage.clock.now() - BEGINNING).toBeLessThanOrEqual(HOUR + 5 * MINUTE);
      const loudest = main.annotations.find(({ text }) => HEALING.test(text));
      expect(loudest?.kind).toBe("error");
      expect(loudest?.text).toMatch(/the AWS credentials expired during the release/);

      const post = await (await action.post()).finished;
      expect(post.exitCode).toBe(1);
      expect(told(post)).toMatch(HEALING);
      expect(stage.serves()).toBe("2 + 3@10");

      const id = Number(ONE_RUN.id);
      stage.simulator.github.repository.runs.set(id, { id, status: "completed", conclusion: "failure", attempt: 1 });
      const watchdog = await stage.run({ command: "heal" }, { run: OTHER_RUN, environment: keysOfAnHour(stage) });
      expect(watchdog.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("2");
    }),
  );

  const LATE = { AWS_CREDENTIAL_EXPIRATION: formatInstant(BEGINNING + 7 * HOUR) };
  test.each([
    {
      what: "a plan of less than an hour",
      inputs: { ...THREE_HOURS, steps: "10% for 40m", "max-hold": "0" },
      environment: keysOfAnHour,
    },
    {
      what: "a later end",
      inputs: THREE_HOURS,
      environment: (stage: Stage) => ({ ...keysOfAnHour(stage), ...LATE }),
    },
    { what: "no end", inputs: THREE_HOURS, environment: ({ simulator }: Stage) => simulator.environment },
  ])(
    "that are known to outlive the plan, or have no end, are nothing to warn of; nor is a plan of less than an hour: $what",
    onStage(null, async (stage, { inputs, environment }) => {
      quiet(stage);
      const action = await stage.start(inputs, { environment: environment(stage) });
      stage.clock.at(BEGINNING + 5 * MINUTE, () => action.cancel());
      const run = await action.finished;
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(told(run)).not.toMatch(WARNING);
    }),
  );

  test(
    "that are known to end before the plan does are warned of with their end",
    onStage(null, async (stage) => {
      quiet(stage);
      const environment = { ...keysOfAnHour(stage), AWS_CREDENTIAL_EXPIRATION: formatInstant(BEGINNING + HOUR) };
      const action = await stage.start(THREE_HOURS, { environment });
      stage.clock.at(BEGINNING + 5 * MINUTE, () => action.cancel());
      expect(told(await action.finished)).toMatch(/but the credentials expire at 2026-01-05T10:00:00Z/);
    }),
  );

  test(
    "that end in mid-release, as is known, are used to take it back before",
    onStage(null, async (stage) => {
      quiet(stage);
      const environment = { ...keysOfAnHour(stage), AWS_CREDENTIAL_EXPIRATION: formatInstant(BEGINNING + HOUR) };
      const run = await stage.run(THREE_HOURS, { environment });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(run.outputs["reason"]).toMatch(/the AWS credentials expire at 2026-01-05T10:00:00Z/);
      expect(stage.serves()).toBe("2");
    }),
  );

  test(
    "that aren't there fail the release before anything, and say what to do",
    onStage(null, async (stage) => {
      quiet(stage);
      const { AWS_ACCESS_KEY_ID, ...environment } = stage.simulator.environment;
      const run = await stage.run({}, { environment: { ...environment, AWS_EC2_METADATA_DISABLED: "true" } });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/there are no AWS credentials: set the input role-to-assume/);
    }),
  );
});
