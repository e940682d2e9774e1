import type { LambdaFunction } from "../../simulator/lambda/function.ts";
import type { Strike } from "../strike.ts";
import { atLambda, type Fault } from "./fault.ts";

type Deed = (lambda: LambdaFunction, strike: Strike) => void;

/** What somebody else does to the first function's alias. */
const DEEDS: Readonly<Record<string, Deed>> = {
  "weights removed, as Terraform does": (lambda) => {
    const { version } = lambda.alias("live").intended;
    lambda.updateAlias("live", { version, additional: null, description: "Managed by Terraform" });
  },
  "version moved": (lambda) => {
    lambda.updateAlias("live", { version: "2", additional: null, description: "by hand" });
  },
  "rolled back by hand": (lambda) => {
    lambda.updateAlias("live", { version: "3", additional: null, description: "by hand" });
  },
  "weights changed, record kept": (lambda) => {
    const { version } = lambda.alias("live").intended;
    lambda.updateAlias("live", { version, additional: { version: "1", weight: 0.9 } });
  },
  "text edited": (lambda) => {
    lambda.updateAlias("live", { description: "edited" });
  },
  "alias deleted": (lambda) => lambda.deleteAlias("live"),
  "function deleted": (lambda, { testbed }) => testbed.deleteFunction(lambda.name),
};

function act(strike: Strike, deed: Deed): void {
  const { testbed, site } = strike;
  const [name = ""] = site.story.functions;
  const lambda = testbed.simulator.account.functions.get(name);
  testbed.byHand(() => {
    if (lambda?.aliases.has("live")) deed(lambda, strike);
  });
}

/** Only at calls to Lambda: at calls to CloudWatch or GitHub it would be the same as at the next call to Lambda. */
export const EXTERNAL_EDITS: readonly Fault[] = Object.entries(DEEDS).flatMap(([name, deed]) =>
  (["before", "after"] as const).map((when) => ({
    name: `${name}, ${when} the call`,
    family: "changed by someone else",
    isExternalEdit: true,
    suits: atLambda,
    arm: (strike: Strike) => strike.meanwhile(when, () => act(strike, deed)),
  })),
);
