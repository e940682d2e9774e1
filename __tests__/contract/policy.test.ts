import type { Policy } from "../../testing/simulator/iam.ts";
import type { Ending } from "../../testing/simulator/runner.ts";
import { ALARM, type ScenarioName } from "../../testing/simulator/scenarios.ts";
import type { Simulator } from "../../testing/simulator/server.ts";
import { playInOneProcess } from "../e2e/host.ts";
import { abandonRelease, onStage, type Stage } from "../e2e/stage.ts";
import { blocks } from "../repository/files.ts";

playInOneProcess();

interface Document {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const [WHOLE = "", TO_ROLL_BACK = "", TO_PLAN = ""] = blocks("json", "docs/permissions.md");
/** The first policy without the upload, which is no call of the action. */
const STATEMENTS = (JSON.parse(WHOLE) as Document).Statement.filter(({ Sid }) => Sid !== "Upload");
const ACTIONS = STATEMENTS.flatMap(actionsOf);

function actionsOf({ Action }: Statement): readonly string[] {
  return [Action].flat();
}

/** Applies the documented policy for `checkout:live`, or another function, with only the allowed actions. */
function grant({ account, iam }: Simulator, isAllowed = (_action: string) => true, name = "checkout"): void {
  const { Version, Statement } = filledIn(WHOLE, account, name);
  const policy: Policy = {
    Version,
    Statement: Statement.filter(({ Sid }) => Sid !== "Upload").map((statement) => ({
      ...statement,
      Action: actionsOf(statement).filter(isAllowed),
    })),
  };
  iam.policy = policy;
}

function filledIn(policy: string, { region, id }: Simulator["account"], name = "checkout"): Document {
  const text = policy
    .replaceAll("REGION", region)
    .replaceAll("ACCOUNT", id)
    .replaceAll("FUNCTION", name)
    .replaceAll("ALIAS", "live");
  return JSON.parse(text) as Document;
}

/** Everything that a person can read about a run. */
function told({ log, outputs }: Ending): string {
  return [...log.map(({ text }) => text), outputs["reason"]].join("\n");
}

/** What a failed run printed; null if it succeeded. */
function complaint(ending: Ending): string | null {
  return ending.exitCode === 0 ? null : told(ending);
}

/** The calls to AWS that were refused for lack of rights. */
function refusals({ simulator }: Stage): string[] {
  const refused = simulator.calls.filter(({ service, answer }) => service !== "github" && answer.startsWith("403"));
  return [...new Set(refused.map(({ service, operation }) => `${service}:${operation}`))];
}

interface Command {
  readonly what: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly scenario: ScenarioName | null;
  /** What the alias serves before and after. In the scenarios, version 4 is released. */
  readonly serves: { readonly before: string; readonly after: string };
  readonly needs: readonly string[];
  /** The needs that it can do without: it says what it couldn't ask, and goes on. */
  readonly wishes?: readonly string[];
  /** Runs before the policy applies. */
  readonly before?: (stage: Stage) => void;
}

const CALLERS = ["lambda:GetPolicy", "lambda:ListFunctionUrlConfigs", "lambda:ListEventSourceMappings"];
const PROVISIONED = "lambda:GetProvisionedConcurrencyConfig";
const LAMBDA = ["GetFunctionConfiguration", "ListVersionsByFunction", "PublishVersion", "GetAlias"];
const COMMANDS: readonly Command[] = [
  {
    what: "a release with a comparison and an alarm",
    inputs: { steps: "50% for 1m", guards: `error-rate <= baseline\nalarm ${ALARM}` },
    scenario: "healthy",
    serves: { before: "3", after: "4" },
    needs: [
      ...[...LAMBDA, "UpdateAlias"].map((operation) => `lambda:${operation}`),
      PROVISIONED,
      "cloudwatch:GetMetricData",
      "cloudwatch:DescribeAlarms",
    ],
    wishes: [PROVISIONED],
  },
  {
    what: "a release of a published version, without an alarm",
    inputs: { steps: "50% for 1m", version: "2" },
    scenario: "healthy",
    serves: { before: "3", after: "2" },
    needs: [
      ...["GetFunctionConfiguration", "GetAlias", "UpdateAlias"].map((operation) => `lambda:${operation}`),
      PROVISIONED,
      ...CALLERS,
      "cloudwatch:GetMetricData",
    ],
    wishes: [PROVISIONED, ...CALLERS],
  },
  {
    what: "the first release, which creates the alias",
    inputs: {},
    scenario: null,
    serves: { before: "undefined", after: "1" },
    needs: [...LAMBDA, "CreateAlias"].map((operation) => `lambda:${operation}`),
  },
  {
    what: "a look at a plan",
    inputs: { command: "plan" },
    scenario: "healthy",
    serves: { before: "3", after: "3" },
    needs: [
      ...[...LAMBDA, "UpdateAlias", "GetProvisionedConcurrencyConfig"].map((operation) => `lambda:${operation}`),
      ...CALLERS,
      "cloudwatch:GetMetricData",
    ],
    wishes: [
      ...["ListVersionsByFunction", "PublishVersion", "UpdateAlias", "GetProvisionedConcurrencyConfig"].map(
        (operation) => `lambda:${operation}`,
      ),
      ...CALLERS,
    ],
  },
  {
    what: "a replay",
    inputs: { command: "replay", from: "2026-01-05 08:00", to: "2026-01-05 08:30", guards: "error-rate <= 2%" },
    scenario: "healthy",
    serves: { before: "3", after: "3" },
    needs: [
      ...["GetAlias", "GetFunctionConfiguration", "ListVersionsByFunction"].map((operation) => `lambda:${operation}`),
      "cloudwatch:GetMetricData",
    ],
  },
  {
    what: "a look after lost runs",
    inputs: { command: "heal" },
    scenario: "healthy",
    serves: { before: "3 + 4@5", after: "3" },
    needs: ["lambda:GetAlias", "lambda:UpdateAlias"],
    before: abandonRelease,
  },
  {
    what: "a rollback to a version",
    inputs: { command: "rollback", version: "1" },
    scenario: "healthy",
    serves: { before: "3", after: "1" },
    needs: ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetFunctionConfiguration"],
  },
  {
    what: "a rollback of which nothing tells where to",
    inputs: { command: "rollback" },
    scenario: "healthy",
    serves: { before: "3", after: "2" },
    needs: ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:ListVersionsByFunction"],
  },
];

/** Plays a command on its own stage. Without a scenario, the function has no version and no alias yet. */
function play(
  { scenario, inputs, before }: Command,
  scene: (stage: Stage, run: () => Promise<Ending>) => Promise<void>,
): Promise<void> {
  const start = onStage(scenario, async (stage) => {
    if (scenario === null) {
      stage.simulator.account.addFunction({ name: "checkout", traffic: { callsPerMinute: 0, history: 0 } });
    }
    before?.(stage);
    await scene(stage, () => stage.run(inputs));
  });
  return start();
}

/** The first command of each kind stands for the others. */
function firstOfEach(commands: readonly Command[]): readonly Command[] {
  const ways = new Map([...commands].reverse().map((each) => [each.inputs["command"] ?? "deploy", each]));
  return [...ways.values()];
}

/** The commands that fail without a statement. */
function needing(statement: Statement): readonly Command[] {
  const actions = actionsOf(statement);
  return COMMANDS.filter(({ needs, wishes = [] }) =>
    needs.some((action) => actions.includes(action) && !wishes.includes(action)),
  );
}

function serves(stage: Stage): string {
  const checkout = stage.simulator.account.functions.get("checkout");
  return checkout?.aliases.has("live") ? stage.serves() : "undefined";
}

describe("the documented policy", () => {
  test("is used in full by the commands that are tried here", () => {
    expect([...new Set(COMMANDS.flatMap(({ needs }) => needs))].sort()).toStrictEqual([...ACTIONS].sort());
  });

  test.each(COMMANDS)("is enough for $what, which needs $needs.length of its actions", (command) =>
    play(command, async (stage, run) => {
      grant(stage.simulator, (action) => command.needs.includes(action));
      expect(complaint(await run())).toBeNull();
      expect(refusals(stage)).toStrictEqual([]);
      expect(serves(stage)).toBe(command.serves.after);
    }),
  );

  test.each(COMMANDS.filter(({ inputs }) => ["rollback", "heal"].includes(inputs["command"] ?? "")))(
    "to roll back and heal is enough for $what",
    (command) =>
      play(command, async (stage, run) => {
        stage.simulator.iam.policy = filledIn(TO_ROLL_BACK, stage.simulator.account);
        expect(complaint(await run())).toBeNull();
        expect(refusals(stage)).toStrictEqual([]);
        expect(serves(stage)).toBe(command.serves.after);
      }),
  );

  test.each(COMMANDS.filter(({ inputs }) => ["plan", "replay"].includes(inputs["command"] ?? "")))(
    "to plan and replay is enough for $what, but for the writes that are only checked",
    (command) =>
      play(command, async (stage, run) => {
        stage.simulator.iam.policy = filledIn(TO_PLAN, stage.simulator.account);
        expect(complaint(await run())).toBeNull();
        const checked = command.inputs["command"] === "plan" ? ["lambda:PublishVersion", "lambda:UpdateAlias"] : [];
        expect(refusals(stage).sort()).toStrictEqual(checked);
        expect(serves(stage)).toBe(command.serves.after);
      }),
  );

  test(
    "is enough to take back a release that an alarm stops",
    onStage("alarm", async (stage) => {
      grant(stage.simulator);
      const run = await stage.run({ guards: `alarm ${ALARM}`, steps: "50% for 10m" });
      expect(run.outputs).toMatchObject({ outcome: "rolled-back", reason: expect.stringContaining(ALARM) });
      expect(refusals(stage)).toStrictEqual([]);
      expect(serves(stage)).toBe("3");
    }),
  );

  test.each(
    ACTIONS.flatMap((action) => {
      const those = COMMANDS.filter(({ needs, wishes = [] }) => needs.includes(action) && !wishes.includes(action));
      return firstOfEach(those).map((command) => ({ action, command }));
    }),
  )("without $action, $command.what fails, names it, and leaves no weight behind", ({ action, command }) =>
    play(command, async (stage, run) => {
      grant(stage.simulator, (each) => each !== action);
      const ending = await run();
      expect(ending.exitCode).toBe(1);
      expect(refusals(stage)).toStrictEqual([action]);
      expect(told(ending)).toContain(`grant ${action} to the role`);
      expect(serves(stage)).toBe(command.serves.before);
    }),
  );

  test.each(
    ACTIONS.flatMap((action) =>
      COMMANDS.filter(({ wishes = [] }) => wishes.includes(action)).map((command) => ({ action, command })),
    ),
  )("without $action, $command.what says what it could not ask", ({ action, command }) =>
    play(command, async (stage, run) => {
      grant(stage.simulator, (each) => each !== action);
      const ending = await run();
      expect(complaint(ending)).toBeNull();
      expect(refusals(stage)).toStrictEqual([action]);
      expect(told(ending)).toMatch(new RegExp(`grant ${action} to the role|lack ${action} on checkout`));
    }),
  );

  test.each(STATEMENTS)("no release goes without its statement $Sid", (statement) => {
    const releases = COMMANDS.filter(({ what }) => what.startsWith("a release")).map(({ what }) => what);
    expect(releases.length).toBeGreaterThan(0);
    expect(needing(statement).map(({ what }) => what)).toStrictEqual(expect.arrayContaining(releases));
  });

  test(
    "of another function is worth nothing here",
    onStage("healthy", async (stage) => {
      grant(stage.simulator, () => true, "refund");
      const run = await stage.run({});
      expect(run.exitCode).toBe(1);
      expect(told(run)).toMatch(/grant lambda:GetFunctionConfiguration to the role|grant lambda:GetAlias to the role/);
      expect(stage.writes()).toStrictEqual([]);
    }),
  );

  test(
    "is enough to say who calls a function whose traffic can't be seen; without that right the rollback is the same",
    onStage("bypassed", async (stage) => {
      grant(stage.simulator, (action) => !CALLERS.includes(action));
      const blind = await stage.run({ steps: "25% for 10m" });
      expect(blind.outputs["outcome"]).toBe("rolled-back");
      expect(told(blind)).toMatch(/its callers could not be listed/);
      grant(stage.simulator);
      const seeing = await stage.run({ steps: "25% for 10m", version: "2" });
      expect(seeing.outputs["outcome"]).toBe("rolled-back");
      expect(told(seeing)).toMatch(/checkout:live is bypassed by the event source/);
    }),
  );
});
