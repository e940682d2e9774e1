import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  PublishVersionCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
} from "@aws-sdk/client-lambda";
import { MINUTE } from "../../src/domain/time.ts";
import { answerTo, type Place } from "../place.ts";
import { compared, type Finding, type Trial } from "../trial.ts";

/** An alias for these questions alone. */
const PROBE = "probe";
const OTHER_REVISION = "00000000-0000-4000-8000-000000000000";
const OTHER_CODE = Buffer.alloc(32).toString("base64");

interface Question {
  readonly what: string;
  readonly ask: (place: Place) => Promise<string>;
}

function update(change: Partial<UpdateAliasCommandInput>) {
  return ({ lambda, name: FunctionName }: Place) =>
    answerTo(lambda.send(new UpdateAliasCommand({ FunctionName, Name: PROBE, ...change })));
}

const weights = (AdditionalVersionWeights: Record<string, number>) => ({ RoutingConfig: { AdditionalVersionWeights } });

/** In this order: each finds the alias as the one before has left it. */
const QUESTIONS: readonly Question[] = [
  {
    what: "an alias that doesn't exist",
    ask: ({ lambda, name: FunctionName }) => answerTo(lambda.send(new GetAliasCommand({ FunctionName, Name: PROBE }))),
  },
  {
    what: "a new alias",
    ask: ({ lambda, name: FunctionName }) =>
      answerTo(lambda.send(new CreateAliasCommand({ FunctionName, Name: PROBE, FunctionVersion: "1" }))),
  },
  {
    what: "a new alias whose name is taken",
    ask: ({ lambda, name: FunctionName }) =>
      answerTo(lambda.send(new CreateAliasCommand({ FunctionName, Name: PROBE, FunctionVersion: "1" }))),
  },
  {
    what: "a new alias whose name is a number",
    ask: ({ lambda, name: FunctionName }) =>
      answerTo(lambda.send(new CreateAliasCommand({ FunctionName, Name: "7", FunctionVersion: "1" }))),
  },
  { what: "a write with a revision of before", ask: update({ RevisionId: OTHER_REVISION, Description: "late" }) },
  { what: "a version that doesn't exist", ask: update({ FunctionVersion: "999" }) },
  { what: "a weight for a second version", ask: update(weights({ "2": 0.05 })) },
  {
    what: "a weight with six decimals, and how it is read then",
    ask: async (place) => {
      const answer = await update(weights({ "2": 0.123456 }))(place);
      const read = await place.lambda.send(new GetAliasCommand({ FunctionName: place.name, Name: PROBE }));
      return `${answer}, ${JSON.stringify(read.RoutingConfig?.AdditionalVersionWeights)}`;
    },
  },
  { what: "a version that has a weight already", ask: update({ FunctionVersion: "2" }) },
  { what: "a weight above 1", ask: update(weights({ "2": 1.5 })) },
  { what: "a weight of exactly 1", ask: update(weights({ "2": 1 })) },
  { what: "a weight below 0", ask: update(weights({ "2": -0.1 })) },
  { what: "weights for two versions", ask: update(weights({ "2": 0.1, "3": 0.1 })) },
  { what: "a weight beside $LATEST", ask: update({ FunctionVersion: "$LATEST", ...weights({ "2": 0.1 }) }) },
  {
    what: "provisioned concurrency for an alias with a weight",
    ask: ({ lambda, name: FunctionName }) => {
      const input = { FunctionName, Qualifier: PROBE, ProvisionedConcurrentExecutions: 1 };
      return answerTo(lambda.send(new PutProvisionedConcurrencyConfigCommand(input)));
    },
  },
  {
    what: "the provisioned concurrency of an alias that has none",
    ask: ({ lambda, name: FunctionName }) =>
      answerTo(lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: PROBE }))),
  },
  {
    what: "deleting a version that an alias serves",
    ask: ({ lambda, name: FunctionName }) =>
      answerTo(lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: "1" }))),
  },
  {
    what: "a promotion that clears the weights in the same write",
    ask: update({ FunctionVersion: "2", ...weights({}) }),
  },
  {
    what: "deleting an alias",
    ask: ({ lambda, name: FunctionName }) =>
      answerTo(lambda.send(new DeleteAliasCommand({ FunctionName, Name: PROBE }))),
  },
  {
    what: "a function that doesn't exist",
    ask: ({ lambda, name }) =>
      answerTo(lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `${name}-none` }))),
  },
  {
    what: "calling an alias that doesn't exist",
    ask: ({ lambda, name: FunctionName }) =>
      answerTo(lambda.send(new InvokeCommand({ FunctionName, Qualifier: "nobody" }))),
  },
  {
    what: "publishing other code than is there",
    ask: ({ lambda, name: FunctionName }) =>
      answerTo(lambda.send(new PublishVersionCommand({ FunctionName, CodeSha256: OTHER_CODE }))),
  },
  {
    what: "publishing by a revision of before",
    ask: ({ lambda, name: FunctionName }) =>
      answerTo(lambda.send(new PublishVersionCommand({ FunctionName, RevisionId: OTHER_REVISION }))),
  },
  {
    what: "publishing what was published last",
    ask: async ({ lambda, name: FunctionName }) => {
      const { Version, $metadata } = await lambda.send(new PublishVersionCommand({ FunctionName }));
      return `${$metadata.httpStatusCode}, version ${Version}`;
    },
  },
  {
    what: "figures of a time that ends before it begins",
    ask: ({ cloudwatch, name }) => {
      const Dimensions = [{ Name: "FunctionName", Value: name }];
      const Metric = { Namespace: "AWS/Lambda", MetricName: "Invocations", Dimensions };
      const MetricDataQueries = [{ Id: "q", MetricStat: { Metric, Period: 60, Stat: "Sum" } }];
      const [StartTime, EndTime] = [new Date(), new Date(Date.now() - MINUTE)];
      return answerTo(cloudwatch.send(new GetMetricDataCommand({ StartTime, EndTime, MetricDataQueries })));
    },
  },
];

/** How each call that a release may make is answered, and with which error. */
export async function answers(trial: Trial): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { what, ask } of QUESTIONS) findings.push(...(await compared(trial, `The answer to ${what}`, ask)));
  return findings;
}
