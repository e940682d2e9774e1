import { MINUTE } from "../../src/domain/time.ts";
import type { Policy } from "../../testing/simulator/iam.ts";
import { playInOneProcess } from "./host.ts";
import { IN_FAIR_WEATHER, linesOf, onStage, onWeekOldStage, type Stage, transcriptOf } from "./stage.ts";

playInOneProcess();

/** The rights of a read-only role. */
const READ_ONLY: Policy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["lambda:Get*", "lambda:List*", "cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms"],
      Resource: "*",
    },
  ],
};

/** Every call that could change something and wasn't refused. */
function changes({ simulator }: Stage): string[] {
  return simulator.calls
    .filter(
      ({ service, operation, answer }) => service === "lambda" && !/^(Get|List)/.test(operation) && /^2/.test(answer),
    )
    .map(({ operation }) => operation);
}

describe("plan says what a release could see, and changes nothing", () => {
  test(
    "everything that is needed is there: what each step can find, a proposal, every check",
    onWeekOldStage("healthy", async (stage) => {
      const run = await stage.run({ command: "plan", guards: "error-rate <= baseline\np90 <= baseline * 1.2" });
      expect(run.exitCode).toBe(0);
      expect(run.outputs["outcome"]).toBe("planned");
      expect(changes(stage)).toStrictEqual([]);
      const { events } = JSON.parse(run.outputs["report"] ?? "{}");
      const { forecasts, proposals } = events.find(({ kind }: { kind: string }) => kind === "forecast");
      expect(forecasts[0].steps).toHaveLength(3);
      expect(proposals[0].kind).toBe("plan");
      expect(run.summary).toMatch(/\| Step \| Canary calls \| Finds failures from \| Finds slowdowns from \|/);
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/plan.txt");
    }),
  );

  test(
    "the plan that is proposed finds what it was asked for, if it is then released by",
    onWeekOldStage(
      "worse",
      async (stage) => {
        const looked = await stage.run({ command: "plan", "must-detect": "4%", budget: "1h" });
        const steps = /: steps: (.*)$/m.exec(linesOf(looked).join("\n"))?.[1] ?? "";
        expect(steps).toMatch(/^\d+% for \d+m/);
        const run = await stage.run({ steps, guards: "error-rate <= baseline" });
        expect(run.outputs["outcome"]).toBe("rolled-back");
        expect(linesOf(run)).toContainEqual(expect.stringMatching(/^rolling back|rolling back: error-rate/));
        expect(linesOf(run)).not.toContainEqual(expect.stringMatching(/Step 2 of/));
      },
      IN_FAIR_WEATHER,
    ),
  );

  test(
    "a role that may only read can plan: missing rights are findings, each with the statement that grants it",
    onWeekOldStage("healthy", async (stage) => {
      stage.simulator.iam.policy = READ_ONLY;
      const run = await stage.run({ command: "plan" });
      expect(run.exitCode).toBe(0);
      expect(changes(stage)).toStrictEqual([]);
      for (const action of ["lambda:PublishVersion", "lambda:UpdateAlias"]) {
        const arn = "arn:aws:lambda:eu-central-1:\\*{12}:function:checkout";
        const statement = `\\{"Effect":"Allow","Action":"${action}","Resource":\\["${arn}","${arn}:\\*"\\]\\}`;
        expect(run.outputs["reason"]).toMatch(
          new RegExp(`lack ${action} on checkout: add this to their policy: ${statement}`),
        );
      }
      expect(run.annotations.filter(({ kind }) => kind === "warning")).toHaveLength(2);
    }),
  );

  test(
    "what would stop a release fails the plan: an alarm that isn't there, a function that isn't",
    onWeekOldStage("healthy", async (stage) => {
      const run = await stage.run({ command: "plan", function: "checkout\nreturns", guards: "alarm nowhere" });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("failed");
      expect(run.outputs["reason"]).toMatch(/there is no function returns/);
      expect(run.outputs["reason"]).toMatch(/there is no alarm "nowhere"/);
    }),
  );

  test(
    "an alias that nobody calls, and provisioned concurrency, are told with what they mean",
    onWeekOldStage("bypassed", async (stage) => {
      stage.checkout.provision("live", 3);
      const run = await stage.run({ command: "plan" });
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(
          /✗ no calls went through checkout:live in the last week: .*checkout:live is bypassed by the event source/,
        ),
      );
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(
          /\? checkout:live keeps 3 environments ready \(provisioned concurrency\), .*the canary's calls run on demand/,
        ),
      );
    }),
  );

  test(
    "what could not be asked is not ticked off: no right to list the callers",
    onStage("healthy", async (stage) => {
      stage.simulator.iam.policy = {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: ["*"], Resource: "*" },
          { Effect: "Deny", Action: ["lambda:GetPolicy", "lambda:GetProvisionedConcurrencyConfig"], Resource: "*" },
        ],
      };
      const run = await stage.run({ command: "plan" });
      expect(run.exitCode).toBe(0);
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(
          /\? checkout:live had [\d,]+ calls in the last week; its callers could not be listed \(GetPolicy .*: grant lambda:GetPolicy/,
        ),
      );
      const ticked = linesOf(run).filter((line) => line.includes("✓"));
      expect(ticked.length).toBeGreaterThan(0);
      expect(ticked.filter((line) => /could not|unknown/.test(line))).toStrictEqual([]);
    }),
  );

  test(
    "a service that carries out what it has to refuse is the loudest finding: what it did, and what to do now",
    onStage("healthy", async (stage) => {
      stage.simulator.account.isLax = true;
      const run = await stage.run({ command: "plan" });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("failed");
      expect(stage.writes()).toHaveLength(2);
      const published = "PublishVersion of checkout went through, though it named code that the function never had: ";
      const written =
        "UpdateAlias of checkout:live went through, though it named a revision that the alias never had: ";
      expect(run.outputs["reason"]).toContain(`${published}the answer is version 4. If that is new, delete it; `);
      expect(run.outputs["reason"]).toContain(
        `${written}the alias was set again to what it served a moment before (3). Check that nobody else's change got lost; what answers`,
      );
      for (const text of [published, written]) {
        expect(linesOf(run)).toContainEqual(expect.stringContaining(`✗ ${text}`));
        expect(run.annotations).toContainEqual(
          expect.objectContaining({ kind: "error", text: expect.stringContaining(text) }),
        );
      }
      expect(linesOf(run)).not.toContainEqual(
        expect.stringMatching(/lambda:(PublishVersion|UpdateAlias) .* is allowed/),
      );
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "callers that were moved to the alias a few minutes ago are counted, and their rate is that of a minute",
    onStage(
      null,
      async (stage) => {
        const traffic = { callsPerMinute: 800, history: 0, past: 0 };
        const checkout = stage.simulator.account.addFunction({ name: "checkout", traffic });
        checkout.createAlias("live", { version: checkout.release() });
        await stage.clock.advance(5 * MINUTE);
        const run = await stage.run({ command: "plan" });
        expect(linesOf(run)).toContainEqual(
          expect.stringMatching(/✓ checkout:live had [\d,]+ calls in the last week; Lambda knows of no event source/),
        );
        const line = /checkout in the last 2 minutes that show: (\d+) calls a minute/;
        const [, rate] = line.exec(linesOf(run).join("\n")) ?? [];
        expect(Math.abs(Number(rate) - 800)).toBeLessThan(100);
        // With 800 calls a minute, no step is blind.
        expect(linesOf(run)).not.toContainEqual(expect.stringMatching(/no calls|nothing at all|too little traffic/));
      },
      IN_FAIR_WEATHER,
    ),
  );

  test(
    "an alias that isn't there may be a wrong name: it is no reason to say that everything is in place",
    onWeekOldStage("healthy", async (stage) => {
      const run = await stage.run({ command: "plan", alias: "prod" });
      expect(run.exitCode).toBe(0);
      const text =
        "checkout:prod doesn't exist: if your callers use another alias, set alias to its name. " +
        "Otherwise the first deploy creates it, with nothing to compare it with";
      expect(linesOf(run)).toContainEqual(expect.stringContaining(`? ${text}`));
      expect(run.annotations).toContainEqual(expect.objectContaining({ kind: "warning", text }));
      expect(run.outputs["reason"]).toBe(`nothing was changed; ${text}`);
      expect(run.summary).toMatch(/checkout.* · plan checked, nothing to forecast by yet/);
    }),
  );

  test(
    "credentials that end before the plan may are found, where their end is known",
    onWeekOldStage("healthy", async (stage) => {
      const ends = new Date(stage.clock.now() + 20 * 60_000).toISOString();
      const environment = { ...stage.simulator.environment, AWS_CREDENTIAL_EXPIRATION: ends };
      const run = await stage.run({ command: "plan" }, { environment });
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(/✗ the credentials expire at 2\S+Z, but the plan may take 30m/),
      );
    }),
  );
});
