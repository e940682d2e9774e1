import * as core from "@actions/core";
import { LivingComment } from "../../github/living-comment.ts";
import { systemClock } from "../clock.ts";
import { page } from "./page.ts";
import type { Reported, Reporter } from "./reporter.ts";

/** The comment on the pull request. */
export function comment(reported: Reported): Reporter {
  const { inputs, comments, github, key, warn } = reported;
  const isWanted = inputs.comment && inputs.githubToken !== "" && comments !== "never";
  const living = isWanted ? new LivingComment(github, systemClock, inputs.pullRequest, warn) : null;
  const render = () => page(reported);
  return {
    update(isNews) {
      // Without Region and account an earlier run's comment can't be found. Lambda's first answer tells the account.
      const { region, account } = key();
      if (comments === "live" && region !== null && account !== null) living?.show(render, isNews);
    },
    async end() {
      try {
        await living?.finish(await render());
      } finally {
        core.setOutput("comment-url", living?.url ?? "");
      }
    },
  };
}
