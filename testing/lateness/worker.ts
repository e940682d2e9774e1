import { parentPort } from "node:worker_threads";
import { type Case, playCase } from "./table.ts";

/** 2,000 good releases over all cases. */
const GOOD = 100;
const BROKEN = 40;

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

parentPort?.on("message", (of: Case) => parentPort?.postMessage(playCase(of, seeds(GOOD), seeds(BROKEN))));
