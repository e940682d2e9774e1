import { MINUTE } from "../../../src/domain/time.ts";
import { scheduled } from "../../../testing/simulator/cloudwatch/alarms.ts";
import { open, type World } from "./clients.ts";

let world: World;

beforeEach(async () => {
  world = await open();
  const checkout = world.simulator.account.addFunction({ name: "checkout", traffic: { history: 0, past: 0 } });
  checkout.createAlias("live", { version: checkout.release() });
  world.simulator.cloudwatch.alarms.push({ name: "a & b", kind: "metric", state: scheduled() });
});

afterEach(() => world.close());

const SIGNATURE =
  "AWS4-HMAC-SHA256 Credential=AKIA/20260105/eu-central-1/monitoring/aws4_request, SignedHeaders=host, Signature=0";

async function ask(
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = { authorization: SIGNATURE },
) {
  const body = new URLSearchParams({ Version: "2010-08-01", ...form });
  const answer = await fetch(world.simulator.url, { method: "POST", headers, body });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}

/** The contents of the elements with this name. */
function inside(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "g"))].map(([, content]) => content ?? "");
}

const EXAMPLE = {
  Action: "GetMetricStatistics",
  Namespace: "AWS/Lambda",
  MetricName: "Duration",
  "Dimensions.member.1.Name": "FunctionName",
  "Dimensions.member.1.Value": "checkout",
  StartTime: "2026-01-05T09:00:00Z",
  EndTime: "2026-01-05T09:05:00+00:00",
  Period: "300",
};

test("a form is answered in XML, in the namespace of the service", async () => {
  const { status, type, text } = await ask({ Action: "DescribeAlarms", "AlarmNames.member.1": "a & b" });
  expect([status, type]).toStrictEqual([200, "text/xml"]);
  expect(text).toBe(
    '<DescribeAlarmsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><DescribeAlarmsResult><MetricAlarms><member>' +
      "<AlarmName>a &amp; b</AlarmName><AlarmArn>arn:aws:cloudwatch:eu-central-1:123456789012:alarm:a &amp; b</AlarmArn>" +
      "<StateValue>OK</StateValue></member></MetricAlarms></DescribeAlarmsResult></DescribeAlarmsResponse>",
  );
});

test("times are written out, and percentiles are entries", async () => {
  await world.clock.advance(14 * MINUTE);
  const { text } = await ask({ ...EXAMPLE, "ExtendedStatistics.member.1": "p50" });
  expect(inside(text, "Timestamp")).toStrictEqual(["2026-01-05T09:00:00Z"]);
  expect(text).toMatch(
    /<ExtendedStatistics><entry><key>p50<\/key><value>[\d.]+<\/value><\/entry><\/ExtendedStatistics>/,
  );
});

test("members of lists come in the order of their numbers, however they stand in the form", async () => {
  await world.clock.advance(14 * MINUTE);
  const queries = Array.from({ length: 11 }, (_, index) => {
    const where = `MetricDataQueries.member.${index + 1}`;
    return {
      [`${where}.Id`]: `q${index + 1}`,
      [`${where}.MetricStat.Metric.Namespace`]: "AWS/Lambda",
      [`${where}.MetricStat.Metric.MetricName`]: "Invocations",
      [`${where}.MetricStat.Metric.Dimensions.member.1.Name`]: "FunctionName",
      [`${where}.MetricStat.Metric.Dimensions.member.1.Value`]: "checkout",
      [`${where}.MetricStat.Period`]: "60",
      [`${where}.MetricStat.Stat`]: "Sum",
    };
  });
  const range = { StartTime: EXAMPLE.StartTime, EndTime: EXAMPLE.EndTime, MaxDatapoints: "100" };
  const form = Object.assign({ Action: "GetMetricData", ...range }, ...queries.toReversed());
  const { text } = await ask(form);
  expect(inside(text, "Id")).toStrictEqual(queries.map((_, index) => `q${index + 1}`));
  expect(inside(inside(text, "Timestamps")[0] ?? "", "member")).toHaveLength(5);
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["no statistic", EXAMPLE, "MissingParameter"],
  ["no period", { ...EXAMPLE, Period: "" }, "MissingParameter"],
  ["a period that is no number", { ...EXAMPLE, "Statistics.member.1": "Sum", Period: "1m" }, "InvalidParameterValue"],
  ["a time that is none", { ...EXAMPLE, "Statistics.member.1": "Sum", StartTime: "1767603600" }, "ValidationError"],
  [
    "too many points",
    { ...EXAMPLE, "Statistics.member.1": "Sum", StartTime: "2020-01-05T09:00:00Z" },
    "InvalidParameterCombination",
  ],
  ["a made-up token", { Action: "DescribeAlarms", NextToken: "made up" }, "InvalidNextToken"],
  ["an operation that isn't here", { Action: "PutMetricData" }, "InvalidAction"],
  ["another version", { Action: "ListMetrics", Version: "2009-05-15" }, "InvalidAction"],
])("%s is refused in the protocol's words", async (_what, form, code) => {
  const { status, text } = await ask(form);
  expect(status).toBe(400);
  expect(text).toMatch(/^<ErrorResponse xmlns="[^"]+"><Error><Type>Sender<\/Type>/);
  expect(inside(text, "Code")).toStrictEqual([code]);
});

test("IAM refuses by the names that the protocol has for it", async () => {
  const codes = async (headers?: Readonly<Record<string, string>>) => {
    const { status, text } = await ask({ Action: "ListMetrics" }, headers);
    return `${status} ${inside(text, "Code")}`;
  };
  expect(await codes({})).toBe("403 MissingAuthenticationToken");
  expect(await codes({ authorization: SIGNATURE.replace("eu-central-1", "us-east-1") })).toBe(
    "403 SignatureDoesNotMatch",
  );
  world.simulator.iam.policy = { Version: "2012-10-17", Statement: [] };
  expect(await codes()).toBe("403 AccessDenied");
  world.simulator.iam.credentials = "expired";
  expect(await codes()).toBe("403 ExpiredToken");
});
