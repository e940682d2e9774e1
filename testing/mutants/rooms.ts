/** The folders of `__tests__` that run: unit tests of what decides, and of what calls it. */
export const ROOMS = ["analysis", "forecast", "release", "engine", "preflight", "commands"] as const;

/** The folders of `src` in which changes are made: what judges, decides, writes, claims and heals. */
export const MUTATED = ["analysis", "release", "engine"] as const;

/** Tests that don't run: they play whole releases, so they reach nearly every change, and take long. */
export const LEFT_OUT: readonly string[] = ["__tests__/engine/tick.test.ts"];
