import * as core from "@actions/core";
import { page } from "./page.ts";
import type { Reported, Reporter } from "./reporter.ts";

/** The job's summary. */
export function summary(reported: Reported): Reporter {
  return {
    async end() {
      await core.summary.addRaw(await page(reported), true).write();
    },
  };
}
