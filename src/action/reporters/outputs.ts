import * as core from "@actions/core";
import { outputs as outputsOf } from "../../report/outputs.ts";
import type { Reported, Reporter } from "./reporter.ts";

/** The step's outputs, but for the comment's URL. */
export function outputs({ events }: Reported): Reporter {
  return {
    async end() {
      for (const [name, value] of Object.entries(outputsOf(events()))) core.setOutput(name, value);
    },
  };
}
