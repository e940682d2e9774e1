import type { LambdaFunction } from "../../../simulator/lambda/function.ts";
import type { Strike } from "../strike.ts";
import { atLambda, type Fault } from "./fault.ts";

type Deed = (lambda: LambdaFunction, strike: Strike) => void;

/** What another hand does to the alias of the first function. */
const DEEDS: Readonly<Record<string, Deed>> = {
  "weights wiped, as Terraform does it": (lambda) => {
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
  "function deleted": (lambda, { theatre }) => theatre.deleteFunction(lambda.name),
};

function act(strike: Strike, deed: Deed): void {
  const { theatre, site } = strike;
  const [name = ""] = site.story.functions;
  const lambda = theatre.simulator.account.functions.get(name);
  theatre.byHand(() => {
    if (lambda?.aliases.has("live")) deed(lambda, strike);
  });
}

/** By a call to CloudWatch or GitHub it is as by the call to Lambda next to it. */
export const HANDS: readonly Fault[] = Object.entries(DEEDS).flatMap(([name, deed]) =>
  (["before", "after"] as const).map((when) => ({
    name: `${name}, ${when} the call`,
    family: "another hand",
    isHand: true,
    suits: atLambda,
    arm: (strike: Strike) => strike.meanwhile(when, () => act(strike, deed)),
  })),
);
