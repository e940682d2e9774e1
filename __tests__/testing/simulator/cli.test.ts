import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { devNull } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { MINUTE } from "../../../src/domain/time.ts";
import { open, type World } from "./clients.ts";

const run = promisify(execFile);

/** Each call takes the better part of a second: all of it is for CI, elsewhere one CLI is tried in short. */
const isCi = Boolean(process.env["CI"]);

/** Every AWS CLI on the PATH: an old one and a new one speak two protocols. */
const found = (process.env["PATH"] ?? "")
  .split(delimiter)
  .flatMap((folder) => ["aws", "aws.exe"].map((name) => join(folder, name)))
  .filter(isExecutable)
  .map((file) => realpathSync(file));

/** The environment without what somebody set for their own use of AWS, or for their proxy. */
const others = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^AWS_|_proxy$/i.test(name)));

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// Not every developer has one. CI does: there, nobody would see that none was tried.
(isCi || found.length > 0 ? test : test.skip)("there is an AWS CLI on the PATH to try", () => {
  expect(found).not.toHaveLength(0);
});

for (const cli of isCi ? new Set(found) : found.slice(0, 1))
  describe(cli, () => {
    let world: World;

    beforeEach(async () => {
      world = await open();
      const checkout = world.simulator.account.addFunction({ name: "checkout", traffic: { history: 0, past: 0 } });
      checkout.createAlias("live", { version: checkout.release() });
      await world.clock.advance(14 * MINUTE);
    });

    afterEach(() => world.close());

    /** Runs a command, given as words separated by spaces. */
    async function aws(command: string, ...more: readonly string[]): Promise<string> {
      const { AWS_ENDPOINT_URL: url = "", ...simulator } = world.simulator.environment;
      const own = {
        AWS_CONFIG_FILE: devNull,
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        AWS_PAGER: "",
        NO_PROXY: "127.0.0.1",
      };
      const env = { ...others, ...own, ...simulator };
      const { stdout } = await run(cli, [...command.split(" "), ...more, "--endpoint-url", url], { env });
      return stdout;
    }

    async function json(command: string, ...more: readonly string[]) {
      return JSON.parse(await aws(command, ...more, "--output", "json"));
    }

    const of = "--dimensions Name=FunctionName,Value=checkout Name=Resource,Value=checkout:live";
    const range = "--start-time 2026-01-05T09:00:00Z --end-time 2026-01-05T09:10:00Z";

    test("lists functions and metrics", async () => {
      const versions = await json("lambda list-functions --function-version ALL --query Functions[].Version");
      expect(versions).toStrictEqual(["$LATEST", "1"]);
      const errors = "--namespace AWS/Lambda --metric-name Errors --recently-active PT3H";
      const { Metrics } = await json(`cloudwatch list-metrics ${errors} ${of}`);
      expect(Metrics).toHaveLength(2);
      expect(Metrics[1].Dimensions.at(-1)).toStrictEqual({ Name: "ExecutedVersion", Value: "1" });
    });

    // What doesn't depend on the protocol is tried with one CLI.
    const isFirst = isCi && cli === found[0];

    if (isFirst)
      test("publishes a version, gives it weight, and calls it", async () => {
        const checkout = world.simulator.account.functions.get("checkout");
        checkout?.stage({});
        const published = await json("lambda publish-version --function-name checkout --description", "much faster");
        expect(published).toMatchObject({ Version: "2", Description: "much faster", State: "Pending" });
        await world.clock.advance(MINUTE);
        const alias = "--function-name checkout --name live";
        const { RevisionId: before, ...live } = await json(`lambda get-alias ${alias}`);
        expect(live).toMatchObject({ Name: "live", FunctionVersion: "1" });
        const change = `${alias} --routing-config AdditionalVersionWeights={2=0.25} --revision-id ${before}`;
        const { RevisionId: after, ...shifted } = await json(`lambda update-alias ${change}`);
        expect(shifted).toStrictEqual({ ...live, RoutingConfig: { AdditionalVersionWeights: { 2: 0.25 } } });
        expect(after).not.toBe(before);
        await expect(aws(`lambda update-alias ${change}`)).rejects.toThrow(/\(PreconditionFailedException\)/);
        const called = await json(`lambda invoke --function-name checkout --qualifier live ${devNull}`);
        expect(called).toStrictEqual({ StatusCode: 200, ExecutedVersion: expect.stringMatching(/^[12]$/) });
      });

    test("reads statistics", async () => {
      const metric = `--namespace AWS/Lambda --metric-name Duration ${of} ${range} --period 300`;
      const simple = await json(`cloudwatch get-metric-statistics ${metric} --statistics Average Maximum`);
      expect(simple.Label).toBe("Duration");
      expect(simple.Datapoints).toHaveLength(2);
      expect(simple.Datapoints[0].Maximum).toBeGreaterThan(simple.Datapoints[0].Average);
    });

    test("reads metric data, page by page", async () => {
      world.simulator.cloudwatch.pageSize = 4;
      const Dimensions = [{ Name: "FunctionName", Value: "checkout" }];
      const Metric = { Namespace: "AWS/Lambda", MetricName: "Invocations", Dimensions };
      const queries = JSON.stringify([{ Id: "q", MetricStat: { Metric, Period: 60, Stat: "Sum" }, ReturnData: true }]);
      const { MetricDataResults } = await json(`cloudwatch get-metric-data ${range} --metric-data-queries`, queries);
      const values = MetricDataResults.flatMap(({ Values }: { Values: number[] }) => Values);
      expect(values).toHaveLength(10);
      expect(world.simulator.calls).toHaveLength(3);
    });

    if (isFirst)
      test("is told what there is not", async () => {
        const words = /ListLayers operation: This simulator has no Lambda operation at GET .*\. It has: /;
        await expect(aws("lambda list-layers")).rejects.toThrow(words);
        expect(world.simulator.calls).toHaveLength(1);
      });
  });
