import * as core from "@actions/core";
import { fail, refuse, refuseInputs } from "./action/failure.ts";
import { type Inputs, readInputs } from "./action/inputs.ts";
import { onOutputLost } from "./action/output.ts";
import type { Redactor } from "./action/redactor.ts";
import { keepSecrets } from "./action/secrets.ts";
import { open } from "./action/wiring.ts";
import { COMMANDS } from "./commands/table.ts";
import { messageOf } from "./engine/ports.ts";
import { type Context, readContext } from "./github/context.ts";
import { foreignCode } from "./github/event.ts";
import type { Ending } from "./release/events.ts";
import { said } from "./release/reason.ts";

void main();

/** The whole action. */
async function main(): Promise<void> {
  const redactor = keepSecrets(core.getInput);
  try {
    const inputs = await readInputs(core.getInput, COMMANDS);
    if (inputs.ok) await run(inputs.value, readContext(process.env), redactor);
    else await refuseInputs(inputs.mistakes, redactor);
  } catch (error) {
    fail(error, redactor);
  }
}

async function run({ common, command, order }: Inputs, context: Context, redactor: Redactor): Promise<void> {
  const foreign = command.needsMergedCode ? await foreignCode(context) : null;
  if (foreign !== null) {
    const what = `This run is for code from ${foreign} that is not merged into ${context.repository}`;
    return refuse(`${what}: it is not released. Release after the merge, on a push to the main branch`, redactor);
  }
  const subject = { ...command, ...command.shows(order) };
  const { journal, handover, ports } = open(subject, common, context, redactor, abortOnEnd());
  const ending = await endOf(async () => command.run(order, await ports()));
  try {
    handover.end(ending.outcome);
  } catch (error) {
    // The end must be reported even if it can't be saved.
    const what = `the post step can't be told that this one has ended (${messageOf(error)})`;
    core.warning(`${what}: if this step wrote to an alias, the post step will roll that back`);
  }
  await journal.end(ending);
  if (!command.isSuccess(ending.outcome)) process.exitCode = core.ExitCode.Failure;
}

async function endOf(running: () => Promise<Ending>): Promise<Ending> {
  try {
    return await running();
  } catch (error) {
    return { outcome: "failed", reason: said(messageOf(error)), verified: false };
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
