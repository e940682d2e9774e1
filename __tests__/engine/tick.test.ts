import { CloudWatch } from "../../src/aws/cloudwatch.ts";
import { type DeployOrder, deploy } from "../../src/commands/deploy.ts";
import type { Alias, Routing, Target } from "../../src/domain/alias.ts";
import { type PublishedVersion, ServiceError } from "../../src/domain/ports.ts";
import { type Duration, HOUR, type Instant, MINUTE } from "../../src/domain/time.ts";
import { carryOut, type Engine, runRelease } from "../../src/engine/loop.ts";
import type { News, Progress } from "../../src/release/progress.ts";
import { tick } from "../../src/release/tick.ts";
import { FakeClock, FakeFunctions, FakePorts, FakeTraffic } from "../../testing/fakes/ports.ts";
import { DEFAULT_HOLD_LIMITS, guardsOf, orderOf, planOf } from "../../testing/fakes/terms.ts";
import type { LambdaFunction } from "../../testing/simulator/lambda/function.ts";
import { SCENARIOS, type ScenarioName } from "../../testing/simulator/scenarios.ts";
import { open, type World } from "../testing/simulator/clients.ts";

/** An alias in the simulator, without the way there and its quota. */
class NearbyTraffic extends FakeTraffic {
  readonly #checkout: LambdaFunction;
  readonly #now: () => Instant;

  constructor(checkout: LambdaFunction, now: () => Instant) {
    super();
    this.#checkout = checkout;
    this.#now = now;
  }

  override async read(): Promise<Alias> {
    const alias = this.#checkout.alias("live");
    const { version, additional } = alias.intended;
    const weights = additional && { version: additional.version, weight: additional.weight * 100 };
    const revision = alias.revision(this.#now());
    return {
      routing: { primary: version, additional: weights },
      description: alias.description,
      revision,
      movingFrom: null,
    };
  }

  override async write(
    _: Target,
    { primary, additional }: Routing,
    description: string,
    revision: string,
  ): Promise<Alias> {
    const weights = additional && { version: additional.version, weight: additional.weight / 100 };
    if (revision !== this.#checkout.alias("live").revision(this.#now())) {
      throw new ServiceError("conflict", `not at ${revision}`, null);
    }
    this.#checkout.updateAlias("live", { version: primary, additional: weights, description });
    this.writes.push(`${primary} ${JSON.stringify(additional)}`);
    return this.read();
  }
}

class NearbyFunctions extends FakeFunctions {
  readonly #checkout: LambdaFunction;

  constructor(checkout: LambdaFunction) {
    super("1", "2", "3");
    this.#checkout = checkout;
  }

  override async publish(): Promise<PublishedVersion> {
    const { version } = this.#checkout.publish({});
    this.published.push(version);
    return { version, readiness: { kind: "ready" } };
  }
}

/** Everything that a release needs, with the figures of a scenario. */
class Nearby extends FakePorts {
  override readonly functions: NearbyFunctions;
  override readonly traffic: NearbyTraffic;
  override readonly metrics: CloudWatch;
  override readonly clock: FakePorts["clock"];

  constructor({ clock, cloudwatch }: World, checkout: LambdaFunction) {
    super();
    this.functions = new NearbyFunctions(checkout);
    this.traffic = new NearbyTraffic(checkout, () => clock.now());
    this.metrics = new CloudWatch(cloudwatch);
    const sleep = (duration: Duration) => clock.advance(duration);
    this.clock = Object.assign(new FakeClock(), { now: () => clock.now(), sleep });
  }
}

function order(): DeployOrder {
  return orderOf(["checkout"], {
    plan: planOf("10% for 3m, 50% for 3m"),
    guards: guardsOf("error-rate <= baseline * 1.5 + 0.5%\np90 <= baseline * 1.5\nthrottles < 5%"),
    holdLimits: DEFAULT_HOLD_LIMITS,
    pollInterval: MINUTE,
  });
}

/** A release in a scenario, by an engine: how it ended, what was reported, and what was written. */
async function released(scenario: ScenarioName, engine: Engine) {
  const world = await open({ seed: 7, past: HOUR });
  try {
    const ports = new Nearby(world, SCENARIOS[scenario].setUp(world.simulator));
    const ending = await deploy.run(order(), ports, engine);
    return { ending, events: ports.events, writes: ports.traffic.writes };
  } finally {
    await world.close();
  }
}

function throughText<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Everything that is known between two ticks has been text. */
const asText: Engine = async (start, ports) => {
  let progress = start;
  let news: News = { kind: "begun", at: ports.clock.now() };
  while (progress.phase.kind !== "ended") {
    const { progress: next, effects } = tick(throughText(progress), news);
    progress = next;
    news = await carryOut(throughText(effects), progress, ports);
  }
  return progress.phase.ending;
};

/** In the others, nothing is ever released. */
const NAMES = (Object.keys(SCENARIOS) as ScenarioName[]).filter((name) => !/upload/.test(name));

describe("a release that has been text between all of its ticks goes on as if it hadn't", () => {
  test.each(NAMES)("%s", async (scenario) => {
    const whole = await released(scenario, runRelease);
    const text = await released(scenario, asText);
    expect(text).toStrictEqual(whole);
  });
});

/**
 * Stops for good after each tick, when its effects have been carried out but what came of them isn't known yet. The next
 * process has only the progress.
 */
const stopping: Engine = async (start, ports) => {
  let progress: Progress = start;
  while (progress.phase.kind !== "ended") {
    const begun = tick(throughText(progress), { kind: "begun", at: ports.clock.now() });
    await carryOut(begun.effects, begun.progress, ports);
    const again = tick(throughText(begun.progress), { kind: "begun", at: ports.clock.now() });
    const ticked = tick(again.progress, await carryOut(again.effects, again.progress, ports));
    for (const effect of ticked.effects) if (effect.kind === "wait") await ports.clock.sleep(effect.for);
    progress = ticked.progress;
  }
  return progress.phase.ending;
};

test.each(["healthy", "broken", "worse", "slower"] as const)(
  "a release whose process stops after every tick is ended by the next ones: %s",
  async (scenario) => {
    const whole = await released(scenario, runRelease);
    const stopped = await released(scenario, stopping);
    expect(stopped.ending).toStrictEqual(whole.ending);
    expect(stopped.writes).toStrictEqual(whole.writes);
  },
);
