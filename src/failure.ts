import * as core from "@actions/core";
import { messageOf } from "./conductor/world.ts";
import type { Mistake } from "./release/mistake.ts";
import { codeBlock } from "./report/markdown.ts";
import { printable } from "./report/plain.ts";
import { refusal } from "./report/refusal.ts";
import type { Veil } from "./report/veil.ts";

/** Tells all mistakes together; nothing was called yet. */
export async function refuseInputs(mistakes: readonly Mistake[], veil: Veil): Promise<void> {
  await end(refusal(veil.over(mistakes)));
}

/** Tells why nothing is done; nothing was called yet. */
export async function refuse(why: string, veil: Veil): Promise<void> {
  await end(printable(veil.over(`Nothing was called yet. ${why}`)));
}

async function end(reason: string): Promise<void> {
  core.setOutput("outcome", "failed");
  core.setOutput("reason", reason);
  core.setFailed(reason);
  // There all letters are of one width, and the carets point to their spots. Where it can't be written, the log has it.
  const summary = `### ❌ Nothing was called\n\n${codeBlock(reason.split("\n"), "text")}`;
  await core.summary
    .addRaw(summary, true)
    .write()
    .catch(() => {});
}

/** Tells of what nobody foresaw. */
export function fail(error: unknown, veil: Veil): void {
  core.setFailed(printable(veil.over(messageOf(error))));
}
