import { type Duration, MINUTE, SECOND } from "../../src/domain/time.ts";
import {
  growing,
  holes,
  type Lateness,
  losses,
  newSeriesAfter,
  roughly,
  wholeAfter,
} from "../simulator/cloudwatch/lateness.ts";

interface Row {
  readonly about: string;
  /** How long after its end a canary's minute may show at the latest. */
  readonly latest: Duration;
  readonly lateness: (seed: number) => Lateness | null;
}

/** The ways in which CloudWatch is late, from what is usual to the worst that has been reported. */
export const KINDS = {
  usual: { about: "as usual: whole after 110 s", latest: 110 * SECOND, lateness: () => null },
  "75 s": { about: "whole only after 75 s", latest: 75 * SECOND, lateness: () => wholeAfter(75 * SECOND) },
  "130 s": { about: "whole only after 130 s", latest: 130 * SECOND, lateness: () => wholeAfter(130 * SECOND) },
  "5 min": { about: "whole only after 5 minutes", latest: 5 * MINUTE, lateness: () => wholeAfter(5 * MINUTE) },
  "10 min": { about: "whole only after 10 minutes", latest: 10 * MINUTE, lateness: () => wholeAfter(10 * MINUTE) },
  growing: { about: "growing for 10 minutes", latest: 10 * MINUTE, lateness: () => growing },
  "new series": {
    about: "the canary's series 4 minutes later",
    latest: 6 * MINUTE,
    lateness: () => newSeriesAfter(4 * MINUTE),
  },
  holes: { about: "every fifth minute 10 minutes later", latest: 10 * MINUTE, lateness: (seed) => holes(0.2, seed) },
  losses: { about: "every tenth minute never", latest: 110 * SECOND, lateness: (seed) => losses(0.1, seed) },
  rough: { about: "all of these in turn, each series in its own way", latest: 10 * MINUTE, lateness: roughly },
} satisfies Readonly<Record<string, Row>>;

export type Kind = keyof typeof KINDS;

export function latenessOf(kind: Kind, seed: number): Lateness | null {
  return KINDS[kind].lateness(seed);
}
