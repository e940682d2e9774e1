import { Refusal } from "../../testing/simulator/service.ts";
import { playInOneProcess } from "./host.ts";
import { FOREVER, linesOf, onStage, onWeekOldStage, transcriptOf, USUAL_LOOKS } from "./stage.ts";

playInOneProcess();

describe("what AWS refuses or answers late is told, and ends on the baseline", () => {
  test(
    "CloudWatch that can't be read takes the release back, and says so",
    onStage("healthy", async (stage) => {
      stage.simulator.inject(
        { operation: "GetMetricData", skip: 2, times: FOREVER },
        { kind: "refused", refusal: new Refusal(500, "InternalServiceFault", "we are sorry") },
      );
      const run = await stage.run({ "max-unreadable": "12m" });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/the metrics could not be read for 12m/);
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "a proxy that answers in CloudWatch's place is told with its status, and by what it says of itself, without secrets",
    onStage("healthy", async (stage) => {
      const headers = { "content-type": "text/html", server: "gate of ghs_secret", via: "1.1 ::error::no" };
      stage.simulator.inject(
        { operation: "GetMetricData", skip: 2, times: FOREVER },
        { kind: "intercepted", status: 403, headers, body: "<html>Blocked</html>" },
      );
      const run = await stage.run({ "max-unreadable": "12m" });
      expect(run.outputs["reason"]).toMatch(
        /could not be read for 12m: .*\(not one of AWS's own: HTTP 403, a page of HTML, from gate of \*\*\*, via 1\.1 ::error::no\. Look at the proxy/,
      );
      expect(linesOf(run).join("\n")).not.toMatch(/ghs_secret|^::error/m);
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "the rollback command works while CloudWatch and GitHub are down",
    onStage("healthy", async (stage) => {
      await stage.run({ steps: "AllAtOnce" });
      for (const service of ["cloudwatch", "github"]) {
        stage.simulator.inject({ service, times: FOREVER }, { kind: "reset" });
      }
      const back = await stage.run({ command: "rollback" });
      expect(back.exitCode).toBe(0);
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "a rollback that is refused is the loudest message: both errors and the command that heals",
    onWeekOldStage("broken", async (stage) => {
      const denied = new Refusal(403, "ExpiredTokenException", "The security token included in the request is expired");
      stage.simulator.inject({ operation: "UpdateAlias", skip: 1, times: 99 }, { kind: "refused", refusal: denied });
      const run = await stage.run(USUAL_LOOKS);
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("failed");
      expect(linesOf(run).join("\n")).toMatch(
        /aws lambda update-alias --region eu-central-1 --function-name checkout --name live --function-version 3/,
      );
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/stranded.txt");
    }),
  );
});
