import * as core from "@actions/core";
import { type LogLine, logLines } from "../../report/log.ts";
import type { Reporter } from "./reporter.ts";

/** The step's log, and the annotations above it. */
export function log(): Reporter {
  return {
    tell(event, before) {
      for (const line of logLines(event, before)) print(line);
    },
  };
}

function print(line: LogLine): void {
  switch (line.kind) {
    case "group":
      core.startGroup(line.title);
      break;
    case "end-group":
      core.endGroup();
      break;
    case "line":
      core.info(line.text);
      break;
    case "warning":
      core.warning(line.text, { title: line.title });
      break;
    case "error":
      core.error(line.text, { title: line.title });
      break;
  }
}
