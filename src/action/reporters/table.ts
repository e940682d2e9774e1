import { comment } from "./comment.ts";
import { log } from "./log.ts";
import { outputs } from "./outputs.ts";
import type { Reported, Reporter } from "./reporter.ts";
import { summary } from "./summary.ts";

/** All reporters, in the order in which they write the end. */
export const REPORTERS: readonly ((reported: Reported) => Reporter)[] = [log, outputs, summary, comment];
