import { type DeployOrder, deploy } from "../../../src/commands/deploy.ts";
import { rollback } from "../../../src/commands/rollback.ts";
import { type Alias, nameOf, type Run } from "../../../src/domain/alias.ts";
import type { Plan } from "../../../src/domain/plan.ts";
import { MINUTE, SECOND } from "../../../src/domain/time.ts";
import { healAfterMain } from "../../../src/engine/heal.ts";
import { FakeFunctions, FakeTraffic } from "../../fakes/ports.ts";
import { orderOf } from "../../fakes/terms.ts";
import { Random } from "../../simulator/random.ts";
import { describe, type Observed, SOMEBODY } from "../promise/observed.ts";
import { missesOf } from "../promise/promise.ts";
import { type Ground, Process, type Written, writtenBy } from "./process.ts";
import { StageTime } from "./stage-time.ts";

/** Something that happens after this many turns of calls, counted over all processes. */
export type Incident = { readonly turn: number } & (
  | { readonly kind: "release"; readonly name: "A" | "B" }
  | { readonly kind: "rollback" }
  | { readonly kind: "terraform" }
  /** Somebody edits the description, and with it the record of the release that is running. */
  | { readonly kind: "edit" }
  | { readonly kind: "cancel"; readonly name: "A" | "B" }
  /** With the runner, or without it: then post heals. */
  | { readonly kind: "kill"; readonly name: "A" | "B" | "rollback"; readonly isLost: boolean }
);

/** Who does what and when. The seed decides how long each call takes and what happens to it. */
export interface Schedule {
  readonly seed: number;
  readonly incidents: readonly Incident[];
}

export const TARGET = { function: "checkout", alias: "live" } as const;
export const HOME = "41";

const RUNS = { A: "101", B: "102", rollback: "103", next: "104" } as const;

/** Far more than any schedule takes. */
const MOST_TURNS = 20_000;

/** The result of a schedule, as the promise is checked by it. */
export interface Played extends Observed {
  readonly writes: readonly Written[];
  readonly processes: readonly Process[];
  readonly hasEnded: boolean;
}

/** Checks the promise, and that no process that has ended is still at work. */
export function missesOfSchedule(played: Played): readonly string[] {
  return [...missesOf(played), ...(played.hasEnded ? [] : ["the schedule never ends"])];
}

function planned(steps: Plan["steps"]): DeployOrder {
  return orderOf([TARGET.function], { plan: { steps, finalBake: 0 }, pollInterval: 30 * SECOND });
}

const SHORT = planned([
  { weight: 5, bake: MINUTE },
  { weight: 50, bake: MINUTE },
]);

/** With a bake after the promotion. */
const BAKING = { ...SHORT, plan: { steps: [{ weight: 25, bake: MINUTE }], finalBake: MINUTE } };

/** Plays a schedule to its end and, if the alias is left between two versions, the next deploy. */
export async function playSchedule({ seed, incidents }: Schedule): Promise<Played> {
  const time = new StageTime();
  const traffic = new FakeTraffic();
  const functions = new FakeFunctions("40", HOME);
  const processes: Process[] = [];
  const written: Written[] = [];
  const waiting = incidents.map((incident) => ({ ...incident })).sort((a, b) => a.turn - b.turn);
  let turns = 0;

  const ground: Ground = {
    time,
    traffic,
    functions,
    random: new Random(seed, "model"),
    written,
    isCalm: false,
    onTurn: () => {
      turns += 1;
      happenUpTo(turns);
    },
    onEnd: (process) => {
      const isSure = process.outcome !== "failed" && process.outcome !== "superseded";
      if (process.role === "release" && !isSure) playPost(process);
    },
    state: ({ id }) => {
      const of = processes.filter(({ run, role }) => run.id === id && role !== "post");
      return of.some(({ end }) => end === "never") ? "live" : "ended";
    },
  };
  const run = (name: keyof typeof RUNS): Run => ({ id: RUNS[name], attempt: 1 });
  const add = (name: string, role: Process["role"], by: Run, main?: string) => {
    const added = new Process(ground, name, role, by, main);
    processes.push(added);
    return added;
  };
  const find = (name: string) => processes.find((each) => each.name === name);
  const release = (name: "A" | "B" | "next", order: DeployOrder) => {
    functions.changed = true;
    add(name, "release", run(name)).start((ports) => deploy.run(order, ports));
  };

  function playPost(main: Process): void {
    if (main.sent.length === 0) return;
    const sent = [{ target: TARGET, records: main.sent.slice(-2) }];
    const { outcome } = main;
    const end = outcome === "failed" || outcome === "superseded" ? outcome : "killed";
    // The job's other post steps come first and take some time.
    time.at(ground.random.between(0, MINUTE), () => {
      const post = add(`post of ${main.name}`, "post", main.run, main.name);
      post.start((ports) => healAfterMain(ports, { sent, end }));
    });
  }

  function note(by: string, alias: Alias): void {
    written.push(writtenBy(by, time.now, TARGET, alias));
  }

  function happenUpTo(turn: number): void {
    while (waiting[0] !== undefined && waiting[0].turn <= turn) happen(waiting.shift() as Incident);
  }

  function happen(incident: Incident): void {
    switch (incident.kind) {
      case "release":
        if (find(incident.name) === undefined) release(incident.name, incident.name === "A" ? SHORT : BAKING);
        return;
      case "rollback":
        add("rollback", "rollback", run("rollback")).start((ports) =>
          rollback.run({ functions: SHORT.functions, alias: TARGET.alias, version: null }, ports),
        );
        return;
      case "terraform":
        note(SOMEBODY, traffic.set(TARGET, { primary: HOME, additional: null }, "Managed by Terraform"));
        return;
      case "edit": {
        const alias = traffic.aliases.get(nameOf(TARGET));
        if (alias !== undefined) note(SOMEBODY, traffic.set(TARGET, alias.routing, "edited"));
        return;
      }
      case "cancel":
        find(incident.name)?.cancel();
        return;
      case "kill": {
        const main = find(incident.name);
        if (main?.end !== "never") return;
        main.kill();
        if (!incident.isLost && main.role === "release") playPost(main);
        return;
      }
    }
  }

  note("scene", traffic.set(TARGET, { primary: HOME, additional: null }, "Payments"));
  happenUpTo(0);
  let hasEnded = await time.run(MOST_TURNS);
  // Incidents planned for later than the last call happen now.
  while (waiting.length > 0 && hasEnded) {
    happen(waiting.shift() as Incident);
    hasEnded = await time.run(MOST_TURNS);
  }
  ground.isCalm = true;
  if (traffic.aliases.get("checkout:live")?.routing.additional) {
    release("next", planned([]));
    hasEnded &&= await time.run(MOST_TURNS);
  }
  return { writes: written, processes, hasEnded };
}

export function tell({ by, at, state }: Written): string {
  return `${new Date(at).toISOString().slice(11, 23)} ${by}: ${describe(state)} (${state?.description})`;
}
