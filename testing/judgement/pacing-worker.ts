import { parentPort } from "node:worker_threads";
import { type PacingTrial, playPaced } from "./pacing.ts";

parentPort?.on("message", ({ cell, pace, runs }: PacingTrial) =>
  parentPort?.postMessage(Array.from({ length: runs }, (_, run) => playPaced(cell, pace, run))),
);
