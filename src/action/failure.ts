import * as core from "@actions/core";
import type { Mistake } from "../domain/mistake.ts";
import { messageOf } from "../engine/ports.ts";
import { codeBlock } from "../report/markdown.ts";
import { printable } from "../report/plain.ts";
import { refusal } from "../report/refusal.ts";
import type { Redactor } from "./redactor.ts";

/** Reports all mistakes in the inputs together. No call was made yet. */
export async function refuseInputs(mistakes: readonly Mistake[], redactor: Redactor): Promise<void> {
  await end(refusal(redactor.over(mistakes)));
}

/** Reports why nothing is done. No call was made yet. */
export async function refuse(why: string, redactor: Redactor): Promise<void> {
  await end(printable(redactor.over(`Nothing was called yet. ${why}`)));
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
export function fail(error: unknown, redactor: Redactor): void {
  core.setFailed(printable(redactor.over(messageOf(error))));
}
