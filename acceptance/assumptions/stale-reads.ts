import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { type Duration, formatDuration, SECOND } from "../../src/domain/time.ts";
import { ALIAS, settled } from "../fixture.ts";
import type { Place } from "../place.ts";
import type { Finding, Trial } from "../trial.ts";

/** How often each is written, and read at once after each write. */
const WRITES = 8;
const READS = 3;
/** How long a stale read is followed. */
const LONGEST: Duration = 15 * SECOND;

interface Tally {
  reads: number;
  stale: number;
  /** For how long after its write a read was still stale. */
  longest: Duration;
}

interface Subject {
  readonly assumption: string;
  /** Writes, and returns whether a read shows it. */
  readonly write: (place: Place, round: number) => Promise<() => Promise<boolean>>;
  readonly rounds: number;
}

const SUBJECTS: readonly Subject[] = [
  {
    assumption: "Reads of an alias right after a write that show it as it was",
    rounds: WRITES,
    write: async ({ lambda, name: FunctionName }, round) => {
      const input = { FunctionName, Name: ALIAS, Description: `write ${round}` };
      const { RevisionId } = await lambda.send(new UpdateAliasCommand(input));
      return async () => {
        const read = await lambda.send(new GetAliasCommand({ FunctionName, Name: ALIAS }));
        return read.RevisionId === RevisionId;
      };
    },
  },
  {
    assumption: "Reads of a configuration right after a change that show it as it was",
    rounds: 2,
    write: async (place, round) => {
      const { lambda, name: FunctionName } = place;
      await settled(place);
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 4 + round }));
      return async () => {
        const { Timeout } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
        return Timeout === 4 + round;
      };
    },
  },
  {
    assumption: "Lists of versions right after a publish that leave it out",
    rounds: 1,
    write: async (place) => {
      const { lambda, name: FunctionName } = place;
      await settled(place);
      const published = await lambda.send(new PublishVersionCommand({ FunctionName }));
      return async () => {
        const { Versions = [] } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
        return Versions.some(({ Version }) => Version === published.Version);
      };
    },
  },
];

/** Whether what was written can be read at once. */
export async function staleReads({ account, own }: Trial): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { assumption, write, rounds } of SUBJECTS) {
    const [seen, simulator] = await Promise.all([tally(account, write, rounds), tally(own, write, rounds)]);
    const same = seen.stale > 0 === simulator.stale > 0;
    findings.push({ assumption, simulator: told(simulator), seen: told(seen), same });
  }
  return findings;
}

async function tally(place: Place, write: Subject["write"], rounds: number): Promise<Tally> {
  const tally: Tally = { reads: 0, stale: 0, longest: 0 };
  for (let round = 0; round < rounds; round++) {
    const isFresh = await write(place, round);
    const written = Date.now();
    const reads = await Promise.all(Array.from({ length: READS }, isFresh));
    tally.reads += reads.length;
    const stale = reads.filter((fresh) => !fresh).length;
    tally.stale += stale;
    for (let fresh = stale === 0; !fresh && Date.now() - written < LONGEST; ) {
      await place.pause(SECOND / 4);
      fresh = await isFresh();
      tally.longest = Math.max(tally.longest, Date.now() - written);
    }
  }
  return tally;
}

function told({ reads, stale, longest }: Tally): string {
  return stale === 0 ? `none of ${reads}` : `${stale} of ${reads}, for up to ${formatDuration(longest)}`;
}
