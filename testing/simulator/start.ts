import { parseArgs } from "node:util";
import { formatInstant, HOUR, MINUTE, minuteOf } from "../../src/domain/time.ts";
import { SimulatedClock } from "./clock.ts";
import { isScenario, PULL_REQUEST, SCENARIOS, type ScenarioName } from "./scenarios.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { formatCall } from "./transcript.ts";

/** `npm run simulator`: the services alone, for people to try things out. */

const WIDTH = Math.max(...Object.keys(SCENARIOS).map(({ length }) => length));

const CLI_VERSIONS =
  "The AWS CLI follows AWS_ENDPOINT_URL from 2.13.0 on (version 1: from 1.29.0 on). With an older one, add --endpoint-url to each command.";

const HELP = `npm run simulator -- [--scenario NAME] [--seed NUMBER] [--port NUMBER] [--speed NUMBER]

Scenarios:
${Object.entries(SCENARIOS)
  .map(([name, { about }]) => `  ${name.padEnd(WIDTH)} ${about}`)
  .join("\n")}

${CLI_VERSIONS}

--speed 10 makes simulated time run ten times as fast, for commands that you type: an action that you start by hand still waits in real time. --port 0 takes any free port.`;

interface Wishes {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly port: number;
  readonly speed: number;
}

/** The parsed arguments, or what is wrong with them. */
function readArguments(args: readonly string[]): Wishes | "help" | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        scenario: { type: "string", default: "healthy" },
        seed: { type: "string", default: "1" },
        port: { type: "string", default: "4566" },
        speed: { type: "string", default: "1" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return "help";
    const { scenario } = values;
    if (!isScenario(scenario)) {
      return { problem: `There is no scenario "${scenario}". Choose one of: ${Object.keys(SCENARIOS).join(", ")}.` };
    }
    const [seed, port, speed] = [Number(values.seed), Number(values.port), Number(values.speed)];
    if (!Number.isSafeInteger(seed)) return { problem: `--seed takes a whole number, not "${values.seed}".` };
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      return { problem: `--port takes a number from 0 to 65535, not "${values.port}".` };
    }
    if (!(speed > 0 && speed <= 1_000)) {
      return { problem: `--speed takes a number above 0, up to 1000, not "${values.speed}".` };
    }
    return { scenario, seed, port, speed };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function introduce({ url, environment, time }: Simulator, clock: string, { scenario, seed, speed }: Wishes): string {
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
  const minute = minuteOf(time.now());
  const [from, to] = [minute - 10 * MINUTE, minute + HOUR].map(formatInstant);
  return `The simulator runs at ${url} (Lambda, CloudWatch, STS) and ${url}/github (GitHub).
Scenario "${scenario}" (${SCENARIOS[scenario].about}), seed ${seed}, speed ${speed}.

Point an AWS SDK, the AWS CLI or the action at it:

${exports.join("\n")}

${CLI_VERSIONS.replace("--endpoint-url", `--endpoint-url ${url}`)}

Then try, for example:

aws lambda list-functions
aws lambda get-alias --function-name checkout --name live
aws lambda publish-version --function-name checkout
aws lambda update-alias --function-name checkout --name live --routing-config 'AdditionalVersionWeights={4=0.05}'
aws lambda invoke --function-name checkout --qualifier live /dev/stdout
aws lambda update-alias --function-name checkout --name live --function-version 4 --routing-config 'AdditionalVersionWeights={}'

See what CloudWatch shows:

aws cloudwatch list-metrics --namespace AWS/Lambda
aws cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Errors --period 60 --statistics Sum \\
  --dimensions Name=FunctionName,Value=checkout Name=Resource,Value=checkout:live \\
  --start-time ${from} --end-time ${to}
aws cloudwatch describe-alarms

Upload code (any zip file does), then make 30 % of its calls fail:

zip --quiet /tmp/code.zip package.json
aws lambda update-function-code --function-name checkout --zip-file fileb:///tmp/code.zip
aws lambda wait function-updated-v2 --function-name checkout
aws lambda update-function-configuration --function-name checkout --environment 'Variables={ERROR_RATE=0.3}'

Run the action. It comments on pull request ${PULL_REQUEST} of the simulator's GitHub:

env INPUT_FUNCTION=checkout INPUT_ALIAS=live 'INPUT_STEPS=5% for 5m, 50% for 5m' 'INPUT_GUARDS=error-rate <= baseline' \\
  INPUT_COMMAND=deploy INPUT_POLL-INTERVAL=20s INPUT_WHEN-INCONCLUSIVE=proceed INPUT_COMMENT=true \\
  INPUT_PULL-REQUEST=${PULL_REQUEST} INPUT_GITHUB-TOKEN=any GITHUB_REPOSITORY=octo-org/checkout \\
  GITHUB_STEP_SUMMARY=/dev/null node_modules/.bin/node dist/main/index.js

It runs in real time: after a few minutes it rolls back and exits with 1, as it should.
A good version takes ten minutes or more. Lines such as ::set-output name=report::… are meant for GitHub's runner, which
hides them. Outside of it you see them raw, some of them thousands of characters long.

Measure it like a real account, on the simulator's time (see docs/acceptance.md):

SIMULATED_CLOCK=${clock} npm run acceptance -- --role arn:aws:iam::123456789012:role/any

Every call shows up here. Stop with Ctrl-C.
`;
}

async function main(): Promise<void> {
  const wishes = readArguments(process.argv.slice(2));
  if (wishes === "help") {
    console.log(HELP);
    return;
  }
  if ("problem" in wishes) {
    console.error(`${wishes.problem}\n\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  const time = new SimulatedClock({ start: Date.now(), speed: wishes.speed });
  try {
    const simulator = await startSimulator({ time, seed: wishes.seed, port: wishes.port, quotas: true });
    SCENARIOS[wishes.scenario].setUp(simulator);
    simulator.onCall = (call) => console.log(formatCall(call));
    console.log(introduce(simulator, await time.listen(), wishes));
  } catch (error) {
    time.close();
    const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    const advice = isTaken
      ? `Port ${wishes.port} is in use. Choose another one, or --port 0 for any free port.`
      : String(error);
    console.error(advice);
    process.exitCode = 1;
  }
}

await main();
