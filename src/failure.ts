import * as core from "@actions/core";
import { messageOf } from "./conductor/world.ts";
import type { Mistake } from "./release/mistake.ts";
import { codeBlock } from "./report/markdown.ts";
import { printable } from "./report/plain.ts";
import { refusal } from "./report/refusal.ts";
import type { Veil } from "./report/veil.ts";

/** Reports all mistakes in the inputs together. No call was made yet. */
export async function refuseInputs(mistakes: readonly Mistake[], veil: Veil): Promise<void> {
  await end(refusal(veil.over(mistakes)));
}

/** Reports why nothing is done. No call was made yet. */
export async function refuse(why: string, veil: Veil): Promise<void> {
  await end(printable(veil.over(`Nothing was called yet. ${why}`)));
}

async function end(reason: string): Promise<void> {
  core.setOutput("outcome", "failed");
  core.setOutput("reason", reason);
  core.setFailed(reason);
  // In a code block all letters have the same width, so the carets point to the right spots. If it can't be written,
  // the log has it.
  const summary = `### ❌ Nothing was called\n\n${codeBlock(reason.split("\n"), "text")}`;
  await core.summary
    .addRaw(summary, true)
    .write()
    .catch(() => {});
}

/** Reports an unexpected error. */
export function fail(error: unknown, veil: Veil): void {
  core.setFailed(printable(veil.over(messageOf(error))));
}
