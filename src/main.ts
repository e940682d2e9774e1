import * as core from "@actions/core";
import { AwsClock } from "./aws/clock.ts";
import { compose } from "./compose.ts";
import { deploy } from "./conductor/deploy.ts";
import type { Ending } from "./conductor/fleet.ts";
import { messageOf, type World } from "./conductor/world.ts";
import { fail, refuse, refuseInputs } from "./failure.ts";
import { type Context, readContext } from "./github/context.ts";
import { foreignCode } from "./github/event.ts";
import { GitHub } from "./github/github.ts";
import { markEnd } from "./handover.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { onOutputLost } from "./output.ts";
import type { Veil } from "./report/veil.ts";
import { Reporter } from "./reporter.ts";
import { keepSecrets } from "./secrecy.ts";

void main();

/** The whole action. */
async function main(): Promise<void> {
  const veil = keepSecrets(core.getInput);
  try {
    const inputs = readInputs(core.getInput);
    if (inputs.ok) await run(inputs.value, readContext(process.env), veil);
    else await refuseInputs(inputs.mistakes, veil);
  } catch (error) {
    fail(error, veil);
  }
}

async function run(inputs: Inputs, context: Context, veil: Veil): Promise<void> {
  const foreign = inputs.command === "deploy" ? await foreignCode(context) : null;
  if (foreign !== null) {
    const what = `This run is for code from ${foreign} that is not merged into ${context.repository}`;
    return refuse(`${what}: it is not released. Release after the merge, on a push to the main branch`, veil);
  }
  const abort = abortOnEnd();
  const github = new GitHub(async () => (await import("./github/connection.ts")).connect(inputs.githubToken));
  const clock = new AwsClock();
  const reporter = new Reporter(inputs.command, inputs, context, github, clock, veil);
  clock.onWrong = (ahead) => reporter.correct(ahead);
  const ending = await outcomeOf(inputs, async () => compose(inputs, github, context, reporter, clock, veil, abort));
  try {
    markEnd(ending.outcome);
  } catch (error) {
    // The end must be reported even if it can't be saved.
    const what = `the post step can't be told that this one has ended (${messageOf(error)})`;
    core.warning(`${what}: if this step wrote to an alias, the post step will roll that back`);
  }
  await reporter.end(ending);
  if (!isGood(inputs, ending)) process.exitCode = core.ExitCode.Failure;
}

/** Commands other than deploy are loaded only when they are run. */
async function outcomeOf(inputs: Inputs, world: () => Promise<World>): Promise<Ending> {
  try {
    switch (inputs.command) {
      case "deploy":
        return await deploy(inputs, await world());
      case "rollback": {
        const { rollBack } = await import("./conductor/roll-back.ts");
        return await rollBack(inputs, await world());
      }
      case "plan": {
        const { survey } = await import("./conductor/survey.ts");
        return await survey(inputs, await world());
      }
      case "replay": {
        const { replay } = await import("./conductor/replay.ts");
        return await replay(inputs, await world());
      }
      case "heal": {
        const { watchOver } = await import("./conductor/watchdog.ts");
        return await watchOver(inputs, await world());
      }
    }
  } catch (error) {
    return { outcome: "failed", reason: messageOf(error), verified: false };
  }
}

function isGood({ command }: Inputs, { outcome }: Ending): boolean {
  switch (outcome) {
    case "promoted":
    case "unchanged":
    case "created":
    case "planned":
    case "replayed":
      return true;
    case "rolled-back":
      return command === "rollback" || command === "heal";
    case "superseded":
    case "failed":
      return false;
  }
}

/**
 * Cancelling a workflow sends SIGINT, then SIGTERM, then kills the process: the first signal starts the rollback. So
 * does SIGHUP, when the terminal of a self-hosted runner closes. And so does losing the runner: nobody is left then to
 * report the end, or to run the post step.
 */
function abortOnEnd(): AbortSignal {
  const abort = new AbortController();
  // On Windows the second is SIGBREAK; elsewhere there is none of that name.
  for (const signal of ["SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"] as const) {
    process.on(signal, () => abort.abort(`the workflow was cancelled (${signal})`));
  }
  onOutputLost((why) => abort.abort(`the runner is gone: it no longer reads this step's output (${why})`));
  return abort.signal;
}
