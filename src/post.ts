import * as core from "@actions/core";
import { fail } from "./action/failure.ts";
import { readCommonInputs } from "./action/inputs.ts";
import type { Subject } from "./action/journal.ts";
import { onOutputLost } from "./action/output.ts";
import { keepSecrets } from "./action/secrets.ts";
import { takeOver } from "./action/state.ts";
import { open } from "./action/wiring.ts";
import { healAfterMain } from "./engine/heal.ts";
import { readContext } from "./github/context.ts";

const HEALING: Subject = {
  name: "post",
  traits: {
    doing: "after the job: looking for an unfinished release of",
    moves: "back",
    aRollbackIs: "a failure",
  },
  comments: "at the end",
  plan: null,
  guards: [],
};

void post();

/**
 * Runs after the job, even if that was cancelled: heals what main left if it was killed or failed during the release.
 */
async function post(): Promise<void> {
  const left = takeOver();
  if (left === null) return;
  // Even if nobody reads the output any more, healing must go on.
  onOutputLost(() => {});
  const redactor = keepSecrets(core.getInput);
  try {
    const inputs = readCommonInputs(core.getInput);
    if (!inputs.ok) return;
    const abort = new AbortController().signal;
    const { journal, ports } = open(HEALING, inputs.value, readContext(process.env), redactor, abort);
    const ending = await healAfterMain(await ports(), left);
    if (ending === null) return;
    await journal.end(ending);
    if (ending.outcome === "failed") process.exitCode = core.ExitCode.Failure;
  } catch (error) {
    fail(error, redactor);
  }
}
