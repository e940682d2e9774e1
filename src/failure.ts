import * as core from "@actions/core";
import { messageOf } from "./conductor/world.ts";
import type { Mistake } from "./release/mistake.ts";
import { printable } from "./report/plain.ts";
import { refusal } from "./report/refusal.ts";
import type { Veil } from "./report/veil.ts";

/** Tells all mistakes together; nothing was called yet. */
export function refuseInputs(mistakes: readonly Mistake[], veil: Veil): void {
  end(refusal(veil.over(mistakes)));
}

/** Tells why nothing is done; nothing was called yet. */
export function refuse(why: string, veil: Veil): void {
  end(printable(veil.over(`Nothing was called yet. ${why}`)));
}

function end(reason: string): void {
  core.setOutput("outcome", "failed");
  core.setOutput("reason", reason);
  core.setFailed(reason);
}

/** Tells of what nobody foresaw. */
export function fail(error: unknown, veil: Veil): void {
  core.setFailed(printable(veil.over(messageOf(error))));
}
