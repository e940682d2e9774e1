import type { Instant } from "../../../src/domain/time.ts";
import { Refusal } from "../service.ts";
import type { Alarm } from "./alarms.ts";
import { type Input, textsOf } from "./input.ts";
import { placeOf, tokenOf } from "./queries.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const MOST_NAMES = 100;
/** How many alarms an answer has by default. */
const USUAL_RECORDS = 50;
/** Filters that look at more than an alarm's name, type and state. */
const UNKNOWN = ["ActionPrefix", "ChildrenOfAlarmName", "ParentsOfAlarmName"];

/** The types of alarms that a request asks for. */
export function typesOf({ AlarmTypes }: Input): readonly string[] {
  const types = textsOf(AlarmTypes);
  return types.length === 0 ? ["MetricAlarm"] : types;
}

/** One page of alarms, as DescribeAlarms answers. @throws Refusal */
export function alarmsPage(alarms: readonly Alarm[], input: Input, now: Instant, arnOf: (name: string) => string) {
  const refuse = (message: string) => new Refusal(400, "ValidationError", message);
  const names = textsOf(input["AlarmNames"]);
  const types = typesOf(input);
  const { AlarmNamePrefix: prefix, StateValue: wanted, MaxRecords: most = USUAL_RECORDS } = input;
  if (names.length > MOST_NAMES) {
    throw refuse(`The collection AlarmNames must not have a size greater than ${MOST_NAMES}.`);
  }
  if (names.length > 0 && prefix !== undefined) {
    throw refuse("AlarmNames and AlarmNamePrefix can not be given together.");
  }
  const unknown = types.find((type) => type !== "MetricAlarm" && type !== "CompositeAlarm");
  if (unknown !== undefined) throw refuse(`The value ${unknown} for parameter AlarmTypes is not valid.`);
  if (typeof most !== "number" || most < 1 || most > 100) {
    throw refuse("The parameter MaxRecords must be at least 1 and at most 100.");
  }
  const filter = UNKNOWN.find((name) => input[name] !== undefined);
  if (filter !== undefined) throw refuse(`This simulator's DescribeAlarms doesn't support the parameter ${filter}.`);
  const found = alarms
    .map((alarm) => ({ ...alarm, state: alarm.state(now) }))
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .filter(({ name }) => typeof prefix !== "string" || name.startsWith(prefix))
    .filter(({ state }) => wanted === undefined || state === wanted)
    .filter(({ kind }) => types.includes(kind === "metric" ? "MetricAlarm" : "CompositeAlarm"));
  const first = placeOf(input["NextToken"]).point;
  const page = found.slice(first, first + most);
  const shapes = (kind: Alarm["kind"]) =>
    page
      .filter((alarm) => alarm.kind === kind)
      .map(({ name, state }) => ({ AlarmName: name, AlarmArn: arnOf(name), StateValue: state }));
  const end = first + page.length;
  const output = {
    ...(types.includes("MetricAlarm") ? { MetricAlarms: shapes("metric") } : {}),
    ...(types.includes("CompositeAlarm") ? { CompositeAlarms: shapes("composite") } : {}),
    ...(end < found.length ? { NextToken: tokenOf({ query: 0, point: end }) } : {}),
  };
  return { output, note: page.map(({ name, state }) => `${name} ${state}`).join(", ") };
}
