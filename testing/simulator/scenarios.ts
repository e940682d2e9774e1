import { type Duration, HOUR, type Instant, MINUTE, minuteOf, SECOND } from "../../src/domain/time.ts";
import { type Behaviour, FINE } from "./behaviour.ts";
import { errorRateAbove, scheduled } from "./cloudwatch/alarms.ts";
import { growing, holes, type Lateness, losses, newSeriesAfter, roughly, wholeAfter } from "./cloudwatch/lateness.ts";
import type { MetricName } from "./cloudwatch/metrics.ts";
import type { Settings } from "./lambda/build.ts";
import type { Gauge, LambdaFunction } from "./lambda/function.ts";
import { Random } from "./random.ts";
import type { Simulator } from "./server.ts";
import type { TrafficOptions } from "./traffic.ts";
import { type Figure, ROUGH } from "./weather.ts";

/** A simulated account in which the function `checkout` has new code to release. */
export interface Scenario {
  readonly about: string;
  readonly setUp: (simulator: Simulator) => LambdaFunction;
}

export const ALARM = "checkout-5xx";
export const PULL_REQUEST = 7;
/** The commit that the runner reports. */
const COMMIT = "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d";
/** The id of the run that the runner reports. */
const RUN = 17_000_000_001;
/** With the default plan, this is the middle of the second step. */
const MID_RELEASE: Duration = 7 * MINUTE;
/** Long enough for slow code to finish. */
const PATIENT = { Timeout: 30 };
const DAY: Duration = 24 * HOUR;

interface Setting {
  readonly traffic?: Partial<TrafficOptions>;
  readonly before?: Partial<Behaviour>;
  readonly after?: Partial<Behaviour>;
  /** Of both the old code and the new. */
  readonly settings?: Partial<Settings>;
  /** How late CloudWatch is. */
  readonly lateness?: Lateness;
}

export const SCENARIOS = {
  healthy: {
    about: "the new code is as good as the old",
    setUp: (simulator) => watched(simulator, { traffic: { callsPerMinute: 800 } }),
  },
  broken: {
    about: "30 % of the new code's calls fail",
    setUp: (simulator) => watched(simulator, { after: { errorRate: 0.3 } }),
  },
  busy: {
    about: "20 calls a second, of which 0.1 % fail, whatever the code",
    setUp: (simulator) => watched(simulator, { traffic: { callsPerMinute: 1_200 } }),
  },
  worse: {
    about: "the old code fails in 1 % of its calls, the new in 4 %",
    setUp: (simulator) => watched(simulator, { before: { errorRate: 0.01 }, after: { errorRate: 0.04 } }),
  },
  quiet: {
    about: "a call every other minute: too few to tell anything",
    setUp: (simulator) => watched(simulator, { traffic: { callsPerMinute: 0.5 } }),
  },
  bursty: {
    about: "traffic is rough and both versions have bursts of errors, but the new code is as good as the old",
    setUp: (simulator) => {
      const checkout = stage(simulator, { traffic: ROUGH });
      simulator.cloudwatch.alarms.push({ name: ALARM, kind: "metric", state: scheduled() });
      return checkout;
    },
  },
  alarm: {
    about: `the new code is as good as the old, but the alarm ${ALARM} goes off 7 minutes after the start`,
    setUp: (simulator) => {
      const checkout = stage(simulator, {});
      const state = scheduled({ at: simulator.time.now() + MID_RELEASE, state: "ALARM" });
      simulator.cloudwatch.alarms.push({ name: ALARM, kind: "metric", state });
      return checkout;
    },
  },
  intruder: {
    about: "7 minutes after the start, somebody else changes the alias",
    setUp: (simulator) => {
      const checkout = watched(simulator, {});
      const version = checkout.alias("live").intended.version;
      simulator.time.at(simulator.time.now() + MID_RELEASE, () => {
        checkout.updateAlias("live", { version, additional: null, description: "set by hand" });
      });
      return checkout;
    },
  },
  slower: {
    about: "the new code takes twice as long",
    setUp: (simulator) => watched(simulator, { after: { latency: 2 * FINE.latency } }),
  },
  hanging: {
    about: "20 % of the new code's calls hang until the time-out of 30 s ends them, so they show late, as errors",
    setUp: (simulator) => watched(simulator, { after: { hangRate: 0.2 }, settings: PATIENT }),
  },
  throttled: {
    about: "from the first shift on, 5 % of all calls are throttled",
    setUp: (simulator) => {
      const throttled = (at: Instant) => {
        const shift = simulator.account.functions.get("checkout")?.aliases.get("live")?.firstChange ?? null;
        return shift !== null && at >= shift ? 0.05 : 0;
      };
      return watched(simulator, { traffic: { throttled } });
    },
  },
  "stale-stream": {
    about: "while the new code gets traffic, IteratorAge climbs by a minute per minute; otherwise it is 1 s",
    setUp: (simulator) => {
      const checkout = watched(simulator, {});
      checkout.gauges.set("IteratorAge", (minute) => ageOf(checkout, minute));
      return checkout;
    },
  },
  backlog: {
    about: "while the new code gets traffic, AsyncEventAge climbs and 2 % of the events get lost",
    setUp: (simulator) => {
      const checkout = watched(simulator, {});
      checkout.gauges.set("AsyncEventAge", (minute) => ageOf(checkout, minute));
      for (const losses of LOSSES) checkout.gauges.set(losses, (minute) => lossesOf(checkout, minute));
      return checkout;
    },
  },
  crowded: {
    about: "the new code is 20 times as slow, so far more calls run at once",
    setUp: (simulator) => watched(simulator, { after: { latency: 20 * FINE.latency }, settings: PATIENT }),
  },
  "own-metric": {
    about:
      "Shop/CheckoutTime is about 200 with the old code and 320 with the new; Shop/Refused rises from 2 a minute to 40",
    setUp: (simulator) => {
      const checkout = watched(simulator, {});
      const baseline = checkout.alias("live").intended.version;
      simulator.cloudwatch.metrics.sources.push({
        names: () => ownNames(checkout),
        samples: (metric, minute) => {
          const random = new Random(simulator.seed, metric.name, metric.dimensions["Version"] ?? "", minute);
          return ownSamples(checkout, baseline, metric, minute, random);
        },
      });
      return checkout;
    },
  },
  caught: {
    about: "the new code catches its exceptions and answers 20 % of the requests to its function URL with status 500",
    setUp: (simulator) => withUrl(simulator, { urlByVersion: true }),
  },
  "caught-together": {
    about: "the same, but CloudWatch has the function URL's figures only for the alias as a whole",
    setUp: (simulator) => withUrl(simulator, { urlByVersion: false }),
  },
  "partial-batch": {
    about:
      "a queue calls the alias; the new code returns items of 20 % of its batches as failed, which end in orders-dlq",
    setUp: (simulator) => {
      const checkout = watched(simulator, { after: { partialBatchRate: 0.2 } });
      const { id, region } = simulator.account;
      const source = `arn:aws:sqs:${region}:${id}:orders`;
      simulator.account.addEventSource({ source, target: "checkout:live", reportsItems: true });
      simulator.cloudwatch.metrics.sources.push({
        names: () => [DEAD_LETTERS],
        samples: (metric, minute) => (isDeadLetters(metric) ? [deadLettersOf(checkout, minute)] : []),
      });
      return checkout;
    },
  },
  bypassed: {
    about: "all callers use the function's unqualified ARN: the alias has no traffic",
    setUp: (simulator) => {
      const checkout = watched(simulator, { traffic: { throughAlias: 0 } });
      const { id, region } = simulator.account;
      simulator.account.addEventSource({ source: `arn:aws:sqs:${region}:${id}:orders`, target: "checkout" });
      checkout.addUrl("live");
      checkout.permit("apigateway.amazonaws.com", null);
      return checkout;
    },
  },
  late: {
    about: "the new code is as good as the old; CloudWatch shows each minute only 10 minutes after its end",
    setUp: (simulator) => watched(simulator, { lateness: wholeAfter(10 * MINUTE) }),
  },
  "late-broken": {
    about: "30 % of the new code's calls fail; CloudWatch shows each minute only 10 minutes after its end",
    setUp: (simulator) => watched(simulator, { after: { errorRate: 0.3 }, lateness: wholeAfter(10 * MINUTE) }),
  },
  growing: {
    about: "the new code is as good as the old; each minute's figures grow for 10 minutes",
    setUp: (simulator) => watched(simulator, { lateness: growing }),
  },
  "late-canary": {
    about: "the new code is as good as the old; its new series show 4 minutes later than the old ones",
    setUp: (simulator) => watched(simulator, { lateness: newSeriesAfter(4 * MINUTE) }),
  },
  patchy: {
    about:
      "the new code is as good as the old; every fifth minute of a series shows 10 minutes late, every tenth never",
    setUp: (simulator) => {
      const [late, lost] = [holes(0.2, simulator.seed), losses(0.1, simulator.seed)];
      return watched(simulator, { lateness: (asked, now) => Math.min(late(asked, now), lost(asked, now)) });
    },
  },
  "rough-weather": {
    about:
      "traffic is rough, and so is CloudWatch: each series is late in its own way; the new code is as good as the old",
    setUp: (simulator) => watched(simulator, { traffic: ROUGH, lateness: roughly(simulator.seed) }),
  },
  "never-shown": {
    about: "the new code is as good as the old, but CloudWatch never shows its series",
    setUp: (simulator) => watched(simulator, { lateness: newSeriesAfter(DAY) }),
  },
  stops: {
    about: "the new code is as good as the old; all calls stop 7 minutes after the start",
    setUp: (simulator) =>
      watched(simulator, { traffic: { callsPerMinute: pausing(simulator, Number.POSITIVE_INFINITY) } }),
  },
  pauses: {
    about: "the new code is as good as the old; 7 minutes after the start, no calls come for 10 minutes",
    setUp: (simulator) => watched(simulator, { traffic: { callsPerMinute: pausing(simulator, 10 * MINUTE) } }),
  },
  staging: {
    about: "an alias `staging` that nobody has called for a week, beside `live` with all the traffic",
    setUp: (simulator) => {
      const checkout = watched(simulator, {});
      checkout.createAlias("staging", { version: checkout.alias("live").intended.version });
      return checkout;
    },
  },
  stale: {
    about: "the new code is as good as the old; for 5 s after a write, half of the reads may show what was before it",
    setUp: (simulator) => {
      simulator.account.staleness = { upTo: 5 * SECOND, share: 0.5 };
      return watched(simulator, { traffic: { callsPerMinute: 800 } });
    },
  },
  "failed-upload": {
    about: "the last upload failed, and left the new code on $LATEST",
    setUp: (simulator) => failUpload(simulator, "new code"),
  },
  "lost-upload": {
    about: "the last upload failed, and left the old code on $LATEST",
    setUp: (simulator) => failUpload(simulator, "old code"),
  },
  uploading: {
    about: "the new code is as good as the old, but Lambda needs 40 s more to take it",
    setUp: (simulator) => watched(simulator, {}, (checkout) => upload(checkout, 40 * SECOND)),
  },
  nightly: {
    about: "traffic follows the time of day: 0.2 calls a minute at 03:00, 40 at 15:00 (UTC)",
    setUp: (simulator) => watched(simulator, { traffic: { callsPerMinute: callsByDay } }),
  },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

const LOSSES = [
  "AsyncEventsDropped",
  "DeadLetterErrors",
  "DestinationDeliveryFailures",
] as const satisfies readonly Gauge[];

/** The age of the oldest event at the end of a minute, where the new code falls behind. */
function ageOf(checkout: LambdaFunction, minute: Instant): Duration {
  const end = minute + MINUTE;
  const since = checkout.aliases.get("live")?.sharedSince(end - 1) ?? null;
  return since === null ? SECOND : SECOND + end - since;
}

/** 2 % of the calls, where the new code loses events. */
function lossesOf(checkout: LambdaFunction, minute: Instant): number {
  if ((checkout.aliases.get("live")?.sharedSince(minute) ?? null) === null) return 0;
  const calls = checkout.traffic
    .minute(minute, "checkout:live", null)
    .reduce((total, series) => total + series.calls, 0);
  return Math.ceil(0.02 * calls);
}

/** What is in the queue's dead-letter queue. */
const DEAD_LETTERS: MetricName = {
  namespace: "AWS/SQS",
  name: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: "orders-dlq" },
};

function isDeadLetters({ namespace, name, dimensions }: MetricName): boolean {
  const isNamed = namespace === DEAD_LETTERS.namespace && name === DEAD_LETTERS.name;
  return isNamed && dimensions["QueueName"] === DEAD_LETTERS.dimensions["QueueName"];
}

/** All items that were returned as failed since the first shift, one for each such batch. */
function deadLettersOf(checkout: LambdaFunction, minute: Instant): number {
  const since = checkout.aliases.get("live")?.firstChange ?? null;
  if (since === null || minute < since) return 0;
  let lost = 0;
  for (let at = minuteOf(since); at <= minute; at += MINUTE) {
    for (const { version } of checkout.versions.all()) {
      const [series] = checkout.traffic.minute(at, "checkout:live", version);
      lost += (series?.calls ?? 0) * checkout.behaviour(version).partialBatchRate;
    }
  }
  return Math.floor(lost);
}

/** A scene whose alias is called by its function URL. The new code catches its exceptions. */
function withUrl(simulator: Simulator, { urlByVersion }: Pick<TrafficOptions, "urlByVersion">): LambdaFunction {
  const traffic = { throughUrl: 1, urlByVersion };
  const checkout = watched(simulator, { traffic, after: { serverErrorRate: 0.2 } });
  checkout.addUrl("live");
  return checkout;
}

function ownNames(checkout: LambdaFunction): readonly MetricName[] {
  const Service = "checkout";
  const published = checkout.versions.all().filter(({ version }) => version !== "$LATEST");
  return [
    { namespace: "Shop", name: "Refused", dimensions: { Service } },
    ...published.map(({ version: Version }) => ({
      namespace: "Shop",
      name: "CheckoutTime",
      dimensions: { Service, Version },
    })),
  ];
}

function ownSamples(
  checkout: LambdaFunction,
  baseline: string,
  { namespace, name, dimensions }: MetricName,
  minute: Instant,
  random: Random,
): readonly number[] {
  const { Service, Version, ...others } = dimensions;
  if (namespace !== "Shop" || Service !== "checkout" || Object.keys(others).length > 0) return [];
  if (minute < checkout.traffic.since) return [];
  const route = checkout.aliases.get("live")?.routeAt(minute) ?? null;
  const isShared = (route?.additional?.weight ?? 0) > 0;
  if (name === "Refused" && Version === undefined) return [random.poisson(isShared ? 40 : 2)];
  const serves = Version === route?.version || (isShared && Version === route?.additional?.version);
  if (name !== "CheckoutTime" || Version === undefined || !serves) return [];
  const mean = Version === baseline ? 200 : 320;
  return Array.from({ length: random.poisson(100) }, () => mean + 40 * random.normal());
}

/** 800 calls a minute, but none from the middle of the release on for some time. */
function pausing({ time }: Simulator, length: Duration): Figure {
  const from = time.now() + MID_RELEASE;
  return (at) => (at >= from && at < from + length ? 0 : 800);
}

/** From 0.2 calls a minute at 03:00 to 40 at 15:00. */
function callsByDay(at: Instant): number {
  return 20.1 - 19.9 * Math.cos((2 * Math.PI * (at - 3 * HOUR)) / DAY);
}

/** Uploads code as good as the old. @param takes how long Lambda needs for it */
function upload(checkout: LambdaFunction, takes: Duration): void {
  const usual = checkout.pace.update;
  checkout.pace.update = takes;
  checkout.upload();
  checkout.pace.update = usual;
}

/** An upload that has failed for want of addresses. */
function failUpload(simulator: Simulator, leaves: "old code" | "new code"): LambdaFunction {
  return watched(simulator, {}, (checkout) => {
    const reason = "Lambda could not set up VPC access: one of the subnets has no free IP addresses.";
    checkout.versions.updateFailure = { reason, code: "SubnetOutOfIPAddresses", leaves };
    upload(checkout, 0);
    checkout.versions.updateFailure = null;
  });
}

/** A scene with an alarm on the errors of the alias. */
function watched(simulator: Simulator, setting: Setting, renew?: (checkout: LambdaFunction) => void): LambdaFunction {
  const checkout = stage(simulator, setting, renew);
  const { metrics } = simulator.cloudwatch;
  metrics.lateness = setting.lateness ?? null;
  const state = errorRateAbove(0.1, { metrics, of: "checkout", resource: "checkout:live" });
  simulator.cloudwatch.alarms.push({ name: ALARM, kind: "metric", state });
  return checkout;
}

/**
 * Three versions, the last of them live; newer code on `$LATEST`; and the merged pull request with that code.
 *
 * @param renew brings the newer code
 */
function stage(
  { account, github }: Simulator,
  { traffic = {}, before = {}, after = {}, settings = {} }: Setting,
  renew = (checkout: LambdaFunction) => checkout.stage(after),
): LambdaFunction {
  const checkout = account.addFunction({ name: "checkout", behaviour: before, traffic, settings });
  checkout.release();
  checkout.release();
  checkout.createAlias("live", { version: checkout.release() });
  renew(checkout);
  github.repository.addPullRequest({ number: PULL_REQUEST, title: "Faster checkout", mergedAs: COMMIT });
  github.repository.runs.set(RUN, { id: RUN, status: "in_progress", conclusion: null, attempt: 1 });
  return checkout;
}
