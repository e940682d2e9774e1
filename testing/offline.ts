import type { Observation } from "../src/analysis/verdict.ts";
import type { Alias, Routing } from "../src/domain/alias.ts";
import type { Duration, Instant } from "../src/domain/time.ts";
import type { Ending } from "../src/release/events.ts";
import { type News, newProgress } from "../src/release/progress.ts";
import type { Release } from "../src/release/release.ts";
import { tick } from "../src/release/tick.ts";

/** What a release sees and moves where there is no service: no call is made, and no time is spent. */
export interface Offline {
  now(): Instant;
  /** Lets time pass. */
  pass(time: Duration): void;
  /** What a look shows now. */
  observe(release: Release): Observation;
  /** Routes the function's calls. */
  route(routing: Routing): void;
}

/** Ticks a release of one function to its end. */
export function playOffline(
  release: Release,
  { now, pass, observe, route }: Offline,
  poll: Duration,
): Ending & { readonly release: Release } {
  const aliases = release.members.map((member) => {
    const routing: Routing = { primary: member.baseline, additional: null };
    return { member, alias: { routing, description: "", revision: "1", movingFrom: null } satisfies Alias };
  });
  let progress = newProgress(release, aliases, { poll, region: "eu-central-1" });
  let news: News = { kind: "begun", at: now() };
  for (;;) {
    const ticked = tick(progress, news);
    progress = ticked.progress;
    if (progress.phase.kind === "ended") return { ...progress.phase.ending, release: progress.release };
    for (const effect of ticked.effects) {
      switch (effect.kind) {
        case "wait":
          pass(effect.for);
          break;
        case "look": {
          const observation = effect.at === "everything" ? observe(progress.release) : null;
          const seen = { aborted: null, expiring: null, observation };
          const read = progress.fleet.map(({ alias }) => ({ kind: "read", alias }) as const);
          news = { kind: "looked", at: now(), ...seen, aliases: effect.at === "credentials" ? null : read };
          break;
        }
        case "write": {
          for (const { sent } of effect.writes) route(sent.routing);
          const done = effect.writes.map(({ sent }) => {
            return { kind: "done", alias: { ...sent, revision: "1", movingFrom: null } } as const;
          });
          news = { kind: "written", at: now(), aborted: null, results: done };
          break;
        }
        case "ask-callers":
          news = { kind: "callers", at: now(), text: "nobody" };
          break;
        case "tell":
          break;
      }
    }
  }
}
