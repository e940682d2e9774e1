import { nameOf, type Target } from "../domain/alias.ts";
import { formatCount } from "../domain/format.ts";
import { messageOf, type Ports } from "../engine/ports.ts";

/** Whether an alias has provisioned concurrency, and what that means for a release, for people. */
export interface Provisioning {
  readonly kind: "none" | "some" | "unknown";
  readonly text: string;
}

/** Asks whether an alias has provisioned concurrency: a canary gets none of it. Never throws. */
export async function provisioningOf(target: Target, { functions }: Pick<Ports, "functions">): Promise<Provisioning> {
  const name = nameOf(target);
  try {
    const ready = await functions.provisionedConcurrency(target);
    if (ready === null) return { kind: "none", text: `${name} has no provisioned concurrency` };
    const text =
      `${name} keeps ${formatCount(ready)} environments ready (provisioned concurrency), all of them for the baseline: the ` +
      "canary's calls run on demand, with more cold starts, until Lambda has readied its environments, up to about 15 " +
      "minutes after the promotion. While the alias has weights, that number can't be changed, and calls beyond it run on demand";
    return { kind: "some", text };
  } catch (error) {
    return {
      kind: "unknown",
      text: `could not check whether ${name} has provisioned concurrency: ${messageOf(error)}`,
    };
  }
}
