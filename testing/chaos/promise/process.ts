import type { Played } from "../testbed.ts";

/** Signs of a crashed program in what should be words for people. */
const FALLEN = /^\s+at .*:\d+:\d+\)?$|unhandled|uncaught|\[object Object\]|\bundefined\b|\bNaN\b/im;

/** A process ends by itself with 0 or 1, without having crashed. */
export function missesOfProcess({ actor, exitCode, signal, isStuck, log }: Played): readonly string[] {
  const misses: string[] = [];
  if (isStuck) misses.push(`${actor} never ended`);
  if (signal === null && exitCode !== 0 && exitCode !== 1) misses.push(`${actor} ended with exit code ${exitCode}`);
  const fallen = log.find(({ text }) => FALLEN.test(text));
  if (fallen !== undefined) misses.push(`${actor} printed "${fallen.text.slice(0, 160)}"`);
  return misses;
}
