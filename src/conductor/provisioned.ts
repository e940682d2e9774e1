import { nameOf, type Target } from "../release/alias.ts";
import { formatCount } from "../release/figures.ts";
import { messageOf, type World } from "./world.ts";

/** Whether an alias has provisioned concurrency, and what that means for a release, for people. */
export interface Provisioning {
  readonly kind: "none" | "some" | "unknown";
  readonly text: string;
}

/** Asks whether an alias keeps environments ready, which a canary has none of. Never throws. */
export async function provisioningOf(target: Target, { functions }: Pick<World, "functions">): Promise<Provisioning> {
  const name = nameOf(target);
  try {
    const ready = await functions.provisionedConcurrency(target);
    if (ready === null) return { kind: "none", text: `${name} has no provisioned concurrency` };
    const text =
      `${name} keeps ${formatCount(ready)} environments ready (provisioned concurrency), and they are the baseline's: the ` +
      "canary's calls start on demand, and colder, until Lambda has readied its own after the promotion, up to about 15 " +
      "minutes later. While the alias has weights, that number can't be changed, and calls beyond it run on demand";
    return { kind: "some", text };
  } catch (error) {
    return {
      kind: "unknown",
      text: `whether ${name} has provisioned concurrency could not be asked: ${messageOf(error)}`,
    };
  }
}
