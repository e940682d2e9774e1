import * as core from "@actions/core";
import { AwsClock } from "./aws/clock.ts";
import { compose } from "./compose.ts";
import { healAfterMain } from "./conductor/heal.ts";
import { fail } from "./failure.ts";
import { readContext } from "./github/context.ts";
import { GitHub } from "./github/github.ts";
import { isLeft, takeOver, takeOverInputs } from "./handover.ts";
import { readInputs } from "./inputs.ts";
import { onOutputLost } from "./output.ts";
import { Reporter } from "./reporter.ts";
import { keepSecrets } from "./secrecy.ts";

void post();

/**
 * Runs after the job, even if that was cancelled: heals what main left if it was killed or failed during the release.
 */
async function post(): Promise<void> {
  if (!isLeft()) return;
  // Even if nobody reads the output any more, healing must go on.
  onOutputLost(() => {});
  takeOverInputs();
  const veil = keepSecrets(core.getInput);
  try {
    const inputs = readInputs(core.getInput);
    if (!inputs.ok || inputs.value.command !== "deploy") return;
    const context = readContext(process.env);
    const { githubToken } = inputs.value;
    const github = new GitHub(async () => (await import("./github/connection.ts")).connect(githubToken));
    const clock = new AwsClock();
    const reporter = new Reporter("post", inputs.value, context, github, clock, veil);
    clock.onWrong = (ahead) => reporter.correct(ahead);
    const abort = new AbortController().signal;
    const world = await compose(inputs.value, github, context, reporter, clock, veil, abort);
    const ending = await healAfterMain(world, takeOver());
    if (ending === null) return;
    await reporter.end(ending);
    if (ending.outcome === "failed") process.exitCode = core.ExitCode.Failure;
  } catch (error) {
    fail(error, veil);
  }
}
