import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { DescribeAlarmsCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { GetAliasCommand, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { type Duration, MINUTE, SECOND } from "../../../src/domain/time.ts";
import { ALARM, SCENARIOS, type ScenarioName } from "../../../testing/simulator/scenarios.ts";
import { open, query, read, type World } from "./clients.ts";

/** Sets up a scene, sends half of the calls to the new code, and lets ten minutes pass. */
async function play(name: ScenarioName) {
  const world = await open();
  const checkout = SCENARIOS[name].setUp(world.simulator);
  const from = world.clock.now();
  const baseline = checkout.alias("live").intended.version;
  const { version: canary } = checkout.publish({});
  checkout.updateAlias("live", { additional: { version: canary, weight: 0.5 } });
  await world.clock.advance(10 * MINUTE);
  const { MetricAlarms } = await world.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM] }));
  const state = MetricAlarms?.[0]?.StateValue;
  const rate = ({ calls, failures }: { calls: number; failures: number }) => failures / calls;
  const [old, fresh] = [checkout.tally(baseline, from), checkout.tally(canary, from)];
  const routing = checkout.alias("live").intended;
  const series =
    (wanted: (metric: string, statistic: string) => MetricDataQuery) =>
    async (metric: string, statistic: string, [begin, end]: readonly [number, number], period = 60) => {
      const { Id, MetricStat } = wanted(metric, statistic);
      const { Metric, Stat } = MetricStat ?? {};
      const each = { Id, MetricStat: { Metric, Stat, Period: period } };
      return (await read(world.cloudwatch, each, from + begin * MINUTE, from + end * MINUTE)) ?? [];
    };
  const lambda = (dimensions: string) =>
    series((metric, statistic) => query(metric, statistic, `FunctionName=checkout${dimensions}`));
  return {
    world,
    checkout,
    from,
    canary,
    old: rate(old),
    fresh: rate(fresh),
    calls: old.calls + fresh.calls,
    state,
    routing,
    /** Figures by minute, or by another period in seconds. Times are in minutes after the first shift. */
    all: lambda(""),
    byAlias: lambda(" Resource=checkout:live"),
    byBaseline: lambda(` Resource=checkout:live ExecutedVersion=${baseline}`),
    byCanary: lambda(` Resource=checkout:live ExecutedVersion=${canary}`),
    own: (dimensions: Readonly<Record<string, string>>) =>
      series((MetricName, Stat) => {
        const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
        return { Id: "q", MetricStat: { Metric: { Namespace: "Shop", MetricName, Dimensions }, Period: 60, Stat } };
      }),
    baseline,
    /** Sends no more calls to the new code, and lets some time pass: ten minutes by default. */
    withdraw: async (wait = 10 * MINUTE) => {
      checkout.updateAlias("live", { additional: null });
      await world.clock.advance(wait);
    },
  };
}

type Scene = Awaited<ReturnType<typeof play>>;

const BEFORE = [-5, 0] as const;
/** Whole minutes in which the new code gets calls, all of them visible. */
const DURING = [1, 7] as const;
const AFTER = [12, 17] as const;

function readAlias({ lambda }: World) {
  return lambda.send(new GetAliasCommand({ FunctionName: "checkout", Name: "live" }));
}

function configurationOf({ lambda }: World, Qualifier: string) {
  return lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "checkout", Qualifier }));
}

function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function isNear(value: number, expected: number, tolerance: number): boolean {
  return Math.abs(value - expected) <= tolerance;
}

/** Whether the new code answers 20 % with 500, and nothing of it is an error to Lambda. */
async function answersServerErrors({ fresh, byAlias, checkout }: Scene): Promise<boolean> {
  const [before, during] = [await byAlias("Url5xxCount", "Sum", BEFORE), await byAlias("Url5xxCount", "Sum", DURING)];
  const requests = await byAlias("UrlRequestCount", "Sum", DURING);
  const past = await byAlias("Url5xxCount", "Sum", [-60 * 24 * 7, -60], 3_600);
  return (
    fresh < 0.005 &&
    average(before) < 3 &&
    // Half of the calls go to the new code.
    isNear(average(during) / average(requests), 0.1, 0.015) &&
    past.length === 7 * 24 - 1 &&
    isNear(average(past) / (60 * 800), 0.001, 0.0002) &&
    checkout.urls.has("live")
  );
}

async function climbs(metric: string, { all, withdraw }: Scene): Promise<boolean> {
  const [before, during] = [await all(metric, "Maximum", BEFORE), await all(metric, "Maximum", DURING)];
  await withdraw();
  const [first = 0] = during;
  return (
    isDeepStrictEqual(before, Array(5).fill(SECOND)) &&
    isNear(first, 2 * MINUTE, 2 * SECOND) &&
    isDeepStrictEqual(
      during,
      during.map((_, index) => first + index * MINUTE),
    ) &&
    isDeepStrictEqual(await all(metric, "Maximum", AFTER), Array(5).fill(SECOND))
  );
}

/** How many of the canary's calls of each minute show, all the figures' ages after its end. */
function shownOf({ world, from, canary }: Scene, ages: readonly Duration[], minutes = 6): readonly number[][] {
  const dimensions = { FunctionName: "checkout", Resource: "checkout:live", ExecutedVersion: canary };
  const metric = { namespace: "AWS/Lambda", name: "Invocations", dimensions };
  const { metrics } = world.simulator.cloudwatch;
  return Array.from({ length: minutes }, (_, index) => {
    const minute = from + (index + 1) * MINUTE;
    return ages.map((age) => metrics.samples(metric, minute, minute + MINUTE, minute + MINUTE + age)?.sum ?? 0);
  });
}

const isTenMinutesLate = (scene: Scene) =>
  shownOf(scene, [599 * SECOND, 601 * SECOND]).every(([before, after = 0]) => before === 0 && after > 300);

const callsAt = async ({ all }: Scene, minutes: readonly [number, number]) => {
  const sums = await all("Invocations", "Sum", minutes);
  return sums.length === 0 ? 0 : average(sums);
};

for (const [name, holds] of Object.entries({
  healthy: ({ old, fresh, calls, state }) => old < 0.005 && fresh < 0.005 && calls > 6_000 && state === "OK",
  busy: ({ old, fresh, calls, state }) => old < 0.005 && fresh < 0.005 && calls > 10_000 && state === "OK",
  broken: ({ old, fresh, state }) => old < 0.005 && fresh > 0.25 && state === "ALARM",
  worse: ({ old, fresh }) => old > 0.005 && old < 0.015 && fresh > 0.03 && fresh < 0.05,
  quiet: ({ calls }) => calls < 20,
  bursty: ({ old, fresh, state }) => Math.abs(old - fresh) < 0.02 && state === "OK",
  alarm: ({ old, fresh, state }) => old < 0.005 && fresh < 0.005 && state === "ALARM",
  intruder: ({ routing }) => routing.additional === null,
  slower: async ({ old, fresh, byBaseline, byCanary }) => {
    const [before, after] = [await byBaseline("Duration", "p50", DURING), await byCanary("Duration", "p50", DURING)];
    return old < 0.005 && fresh < 0.005 && isNear(average(after) / average(before), 2, 0.2);
  },
  hanging: async ({ old, fresh, byCanary, checkout, from, canary }) => {
    const maxima = await byCanary("Duration", "Maximum", DURING);
    const minute = from + 4 * MINUTE;
    const errorsAt = (seenAt: number) => {
      const range = { from: minute, to: minute + MINUTE, seenAt };
      return checkout.traffic.samples("Errors", range, "checkout:live", canary)[0]?.sum ?? 0;
    };
    // The first hanging call is ended after 30 s and shows 45 s later at the earliest.
    const isLate = errorsAt(minute + 74 * SECOND) < 5 && errorsAt(minute + 4 * MINUTE) > 50;
    return old < 0.005 && isNear(fresh, 0.2, 0.02) && maxima.every((maximum) => maximum === 30 * SECOND) && isLate;
  },
  throttled: async ({ byAlias }) => {
    const [before, during] = [await byAlias("Throttles", "Sum", BEFORE), await byAlias("Throttles", "Sum", DURING)];
    const past = await byAlias("Throttles", "Sum", [-60 * 24 * 7, -60], 3_600);
    return [...before, ...past].every((sum) => sum === 0) && isNear(average(during) / 800, 0.05, 0.01);
  },
  "stale-stream": (scene) => climbs("IteratorAge", scene),
  backlog: async (scene) => {
    const losses = ["AsyncEventsDropped", "DeadLetterErrors", "DestinationDeliveryFailures"];
    const sums = (range: readonly [number, number]) =>
      Promise.all(losses.map((metric) => scene.all(metric, "Sum", range)));
    const [before, during, age] = [await sums(BEFORE), await sums(DURING), await climbs("AsyncEventAge", scene)];
    const isNone = (series: readonly number[]) => series.length === 5 && series.every((sum) => sum === 0);
    const isSome = (series: readonly number[]) => series.length === 6 && series.every((sum) => isNear(sum, 16, 4));
    return age && before.every(isNone) && during.every(isSome) && (await sums(AFTER)).every(isNone);
  },
  crowded: async ({ all, fresh }) => {
    const [before, during] = [
      await all("ConcurrentExecutions", "Maximum", BEFORE),
      await all("ConcurrentExecutions", "Maximum", DURING),
    ];
    return average(during) > 3 * average(before) && fresh < 0.005;
  },
  "own-metric": async ({ own, baseline, canary, withdraw }) => {
    const [old, fresh] = [baseline, canary].map((Version) => own({ Service: "checkout", Version }));
    const refused = own({ Service: "checkout" });
    await withdraw();
    const means = [await old?.("CheckoutTime", "Average", DURING), await fresh?.("CheckoutTime", "Average", DURING)];
    const counts = await fresh?.("CheckoutTime", "SampleCount", DURING);
    const others = [...((await fresh?.("CheckoutTime", "Sum", BEFORE)) ?? [0])];
    others.push(...((await fresh?.("CheckoutTime", "Sum", AFTER)) ?? [0]));
    const past = await old?.("CheckoutTime", "Average", [-60 * 24 * 7, -60], 3_600);
    const sums = await Promise.all([BEFORE, DURING, AFTER].map((range) => refused("Refused", "Sum", range)));
    return (
      means.every((series, index) => isNear(average(series ?? []), index === 0 ? 200 : 320, 10)) &&
      (counts ?? []).length === 6 &&
      isNear(average(counts ?? []), 100, 15) &&
      others.length === 0 &&
      past?.length === 7 * 24 - 1 &&
      isNear(average(past), 200, 1) &&
      sums.every((series, index) => isNear(average(series), index === 1 ? 40 : 2, index === 1 ? 10 : 2))
    );
  },
  caught: async (scene) =>
    (await answersServerErrors(scene)) && (await scene.byCanary("UrlRequestCount", "Sum", DURING)).length === 6,
  "caught-together": async (scene) => {
    const versions = [
      await scene.byCanary("Url5xxCount", "Sum", DURING),
      await scene.byBaseline("UrlRequestCount", "Sum", DURING),
    ];
    return (await answersServerErrors(scene)) && versions.every((series) => series.length === 0);
  },
  "partial-batch": async ({ fresh, all, world, checkout, from }) => {
    const { sources } = world.simulator.cloudwatch.metrics;
    const metric = {
      namespace: "AWS/SQS",
      name: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "orders-dlq" },
    };
    const lettersAt = (minutes: number) => sources[0]?.samples(metric, from + minutes * MINUTE)[0] ?? -1;
    const [source] = world.simulator.account.eventSources;
    return (
      fresh < 0.005 &&
      (await all("Errors", "Sum", DURING)).every((sum) => sum < 5) &&
      lettersAt(-1) === 0 &&
      lettersAt(2) < lettersAt(5) &&
      isNear(lettersAt(5), 0.2 * 0.5 * 800 * 6, 100) &&
      source?.target === "checkout:live" &&
      source.reportsItems &&
      checkout.urls.size === 0
    );
  },
  bypassed: async ({ all, byAlias, world, checkout }) => {
    const where = [world.simulator.account.eventSources.map(({ target }) => target), [...checkout.urls.keys()]];
    return (
      (await byAlias("Invocations", "Sum", [-60 * 24, 7])).length === 0 &&
      (await all("Invocations", "Sum", DURING)).every((sum) => sum > 600) &&
      isDeepStrictEqual([...where, [...checkout.policies.keys()]], [["checkout"], ["live"], [""]])
    );
  },
  late: (scene) => scene.fresh < 0.005 && isTenMinutesLate(scene),
  "late-broken": (scene) => scene.fresh > 0.25 && isTenMinutesLate(scene),
  growing: (scene) =>
    shownOf(scene, [2 * MINUTE, 5 * MINUTE, 10 * MINUTE]).every(
      ([soon = 0, later = 0, whole = 0]) => soon < later && later < whole && whole > 300,
    ),
  "late-canary": (scene) => {
    const [[early, , late = 0] = []] = shownOf(scene, [2 * MINUTE, 3 * MINUTE, 4 * MINUTE], 1);
    return early === 0 && late > 300;
  },
  patchy: (scene) => {
    const shown = shownOf(scene, [3 * MINUTE, 10 * MINUTE, 25 * MINUTE], 9).map((counts) => counts.map((n) => n > 0));
    const kinds = new Set(shown.map((each) => each.join()));
    return ["true,true,true", "false,true,true"].every((kind) => kinds.has(kind)) && !kinds.has("true,false,false");
  },
  "rough-weather": (scene) => {
    const shown = shownOf(scene, [2 * MINUTE, 10 * MINUTE], 9);
    return shown.some(([soon = 0, late = 0]) => soon < late / 2) && scene.fresh < 0.2;
  },
  "never-shown": (scene) => scene.fresh < 0.005 && shownOf(scene, [25 * MINUTE]).every(([calls]) => calls === 0),
  stops: async (scene) => {
    await scene.world.clock.advance(30 * MINUTE);
    return (await callsAt(scene, [1, 6])) > 600 && (await callsAt(scene, [8, 37])) === 0;
  },
  pauses: async (scene) => {
    await scene.world.clock.advance(15 * MINUTE);
    return (await callsAt(scene, [8, 16])) === 0 && (await callsAt(scene, [18, 22])) > 600;
  },
  staging: async ({ world, byAlias, checkout }) => {
    const dimensions = { FunctionName: "checkout", Resource: "checkout:staging" };
    const metric = { namespace: "AWS/Lambda", name: "Invocations", dimensions };
    const now = world.clock.now();
    const calls = world.simulator.cloudwatch.metrics.samples(metric, now - 7 * 24 * 60 * MINUTE, now, now);
    return (
      calls === null && checkout.aliases.has("staging") && (await byAlias("Invocations", "Sum", DURING)).length > 0
    );
  },
  nightly: async ({ byAlias }) => {
    const hours = await byAlias("Invocations", "Sum", [-60 * 24 * 7, -60], 3_600);
    const days = [hours.slice(0, 24), hours.slice(-24)];
    return days.every((day) => Math.min(...day) < 120 && Math.max(...day) > 2_000) && average(hours) > 1_000;
  },
  stale: async ({ old, fresh, world, canary, withdraw }) => {
    const weighted = async () => (await readAlias(world)).RoutingConfig?.AdditionalVersionWeights?.[canary] === 0.5;
    const settled = await Promise.all(Array.from({ length: 20 }, weighted));
    await withdraw(0);
    const seen = [];
    for (let second = 0; second < 7; second++) {
      seen.push(await Promise.all(Array.from({ length: 20 }, weighted)));
      await world.clock.advance(SECOND);
    }
    const stale = seen.map((reads) => reads.filter(Boolean).length);
    const isAsTold =
      stale.slice(0, 3).every((count) => count > 0 && count < 20) && stale.slice(5).every((n) => n === 0);
    return old < 0.005 && fresh < 0.005 && settled.every(Boolean) && isAsTold;
  },
} satisfies Record<Exclude<ScenarioName, OfUploads>, (scene: Scene) => boolean | Promise<boolean>>)) {
  test(`${name}: ${SCENARIOS[name as ScenarioName].about}`, async () => {
    const scene = await play(name as ScenarioName);
    try {
      const { old, fresh, calls, state, routing } = scene;
      const figures = { old, fresh, calls, state, routing };
      expect({ ...figures, isAsTold: await holds(scene) }).toStrictEqual({ ...figures, isAsTold: true });
    } finally {
      await scene.world.close();
    }
  });
}

/** Of these, nothing new can be published at once. */
type OfUploads = "failed-upload" | "lost-upload" | "uploading";

for (const [name, expected] of Object.entries({
  "failed-upload": { status: "Failed", code: "SubnetOutOfIPAddresses", isNew: true, after: "Failed" },
  "lost-upload": { status: "Failed", code: "SubnetOutOfIPAddresses", isNew: false, after: "Failed" },
  uploading: { status: "InProgress", code: "Creating", isNew: true, after: "Successful" },
} satisfies Record<OfUploads, object>)) {
  test(`${name}: ${SCENARIOS[name as OfUploads].about}`, async () => {
    const world = await open();
    try {
      SCENARIOS[name as OfUploads].setUp(world.simulator);
      const latest = await configurationOf(world, "$LATEST");
      const live = await configurationOf(world, "live");
      await world.clock.advance(40 * SECOND);
      expect({
        status: latest.LastUpdateStatus,
        code: latest.LastUpdateStatusReasonCode,
        isNew: latest.CodeSha256 !== live.CodeSha256,
        after: (await configurationOf(world, "$LATEST")).LastUpdateStatus,
      }).toStrictEqual(expected);
    } finally {
      await world.close();
    }
  });
}

test("npm run simulator lists the scenarios in a column", async () => {
  const { ended, text } = await run("--help");
  await ended;
  const columns = Object.entries(SCENARIOS).map(([name, { about }]) => {
    const line = text()
      .split("\n")
      .find((each) => each.startsWith(`  ${name} `) && each.endsWith(` ${about}`));
    return line?.indexOf(about);
  });
  expect([...new Set(columns)]).toStrictEqual([expect.any(Number)]);
});

/** Runs `npm run simulator` until it has printed enough. */
async function run(...args: string[]) {
  const start = fileURLToPath(new URL("../../../testing/simulator/start.ts", import.meta.url));
  const child = spawn(process.execPath, [start, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (text += part));
  const ended = once(child, "close");
  return { child, ended, text: () => text };
}

test("npm run simulator says where it is and answers there", async () => {
  const { child, ended, text } = await run("--scenario", "broken", "--seed", "7", "--port", "0");
  while (!text().includes("Ctrl-C")) await new Promise((resolve) => setTimeout(resolve, 20));
  const url = /^export AWS_ENDPOINT_URL=(\S+)$/m.exec(text())?.[1];
  const authorization = "AWS4-HMAC-SHA256 Credential=AKIASIMULATOR/20260105/eu-central-1/lambda/aws4_request";
  const answer = await fetch(`${url}/2015-03-31/functions/checkout/aliases/live`, { headers: { authorization } });
  expect(((await answer.json()) as { FunctionVersion: string }).FunctionVersion).toBe("3");
  child.kill();
  await ended;
});

test.each([
  ["--scenario brokn", /There is no scenario "brokn". Choose one of: healthy, broken,/],
  ["--port http", /--port takes a number/],
  ["--speed 0", /--speed takes a number/],
  ["--seed x", /--seed takes a whole number/],
  ["--scenarios", /Unknown option/],
])("npm run simulator tells what is wrong with %s, and what is right", async (args, problem) => {
  const { child, ended, text } = await run(...args.split(" "));
  await ended;
  expect(child.exitCode).toBe(2);
  expect(text()).toMatch(problem);
  expect(text()).toMatch(/npm run simulator -- /);
});
