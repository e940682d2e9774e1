import { parentPort } from "node:worker_threads";
import { play } from "./trials.ts";

parentPort?.on("message", (trial) => parentPort?.postMessage(play(trial)));
