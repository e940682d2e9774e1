"use strict";
exports.id = 624;
exports.ids = [624];
exports.modules = {

/***/ 6624:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  CloudWatch: () => (/* binding */ CloudWatch)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-cloudwatch/dist-es/commands/GetMetricDataCommand.js
var GetMetricDataCommand = __webpack_require__(1635);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-cloudwatch/dist-es/commands/DescribeAlarmsCommand.js
var DescribeAlarmsCommand = __webpack_require__(2188);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/alias.js
var domain_alias = __webpack_require__(3276);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/time.js
var time = __webpack_require__(2379);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/aws/cloudwatch-names.js

/** A series as CloudWatch names it. The dimensions decide which calls are counted. For a wrong set, CloudWatch returns no data and no error. */
function metricOf(series) {
    if (series.kind === "own") {
        const { namespace, name, dimensions } = series;
        return {
            Namespace: namespace,
            MetricName: name,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        };
    }
    const { target, metric, of } = series;
    const alias = { Name: "Resource", Value: (0,domain_alias/* nameOf */.Vb)(target) };
    const dimensions = {
        function: [],
        unqualified: [{ Name: "Resource", Value: target.function }],
        alias: [alias],
        version: [alias, { Name: "ExecutedVersion", Value: of }],
    }[of === "function" || of === "unqualified" || of === "alias" ? of : "version"];
    return {
        Namespace: "AWS/Lambda",
        MetricName: metric,
        Dimensions: [{ Name: "FunctionName", Value: target.function }, ...dimensions],
    };
}
const STATISTICS = {
    sum: "Sum",
    samples: "SampleCount",
    average: "Average",
    maximum: "Maximum",
};
/** A series' statistic as CloudWatch writes it: `Sum`, `p90`, or the percentile rank `PR(:500)`. */
function statisticOf({ kind, statistic }) {
    if (kind === "own")
        return statistic;
    const [, bound] = /^up to (.*)$/.exec(statistic) ?? [];
    return bound === undefined ? (STATISTICS[statistic] ?? statistic) : `PR(:${bound})`;
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/aws/faults.js
var faults = __webpack_require__(6076);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/aws/limits.js
var limits = __webpack_require__(6097);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/aws/cloudwatch.js






/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const QUERIES_A_CALL = 500;
const POINTS_A_CALL = 100_800;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const ALARMS_A_CALL = 100;
/** CloudWatch: the metrics of Lambda functions and of the user's own, and alarms. */
class CloudWatch {
    #client;
    constructor(client) {
        this.#client = client;
    }
    async read(series, from, to, period = time/* MINUTE */.pY, isLook = false) {
        const requestTimeout = isLook ? limits/* LIMITS */.b.look : limits/* LIMITS */.b.history;
        const perCall = Math.max(1, Math.min(QUERIES_A_CALL, Math.floor(POINTS_A_CALL / Math.ceil((to - from) / period + 1))));
        const readings = await Promise.all(chunks(series, perCall).map((chunk) => this.#readChunk(chunk, from, to, period, requestTimeout)));
        return readings.flat();
    }
    async #readChunk(series, from, to, period, requestTimeout) {
        const input = {
            MetricDataQueries: series.map((each, index) => queryOf(each, index, period)),
            StartTime: new Date(from),
            EndTime: new Date(to),
            ScanBy: "TimestampAscending",
        };
        const results = new Map();
        try {
            let token;
            do {
                const page = await this.#client.send(new GetMetricDataCommand/* GetMetricDataCommand */.S(token === undefined ? input : { ...input, NextToken: token }), { requestTimeout });
                if (page.MetricDataResults === undefined)
                    throw (0,faults/* hollow */.se)("GetMetricData of CloudWatch", page);
                for (const result of page.MetricDataResults) {
                    const id = result.Id ?? "";
                    results.set(id, [...(results.get(id) ?? []), result]);
                }
                token = page.NextToken;
            } while (token !== undefined);
            return series.map((each, index) => readingOf(each, results.get(idOf(index)) ?? []));
        }
        catch (error) {
            // This also catches an answer that can't be parsed.
            const call = { operation: "GetMetricData", on: "CloudWatch", action: "cloudwatch:GetMetricData" };
            const reason = (0,faults/* serviceError */.cg)(call, error).message;
            return series.map(() => ({ kind: "unreadable", reason }));
        }
    }
    async alarms(names) {
        const states = new Map();
        for (const chunk of chunks([...new Set(names)], ALARMS_A_CALL)) {
            let token;
            do {
                // Composite alarms are returned only if their type is asked for.
                const input = {
                    AlarmNames: chunk,
                    AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
                    MaxRecords: ALARMS_A_CALL,
                    ...(token === undefined ? {} : { NextToken: token }),
                };
                const command = new DescribeAlarmsCommand/* DescribeAlarmsCommand */.z(input);
                const page = await this.#client.send(command, { requestTimeout: limits/* LIMITS */.b.look }).catch((error) => {
                    throw (0,faults/* serviceError */.cg)({ operation: "DescribeAlarms", on: "CloudWatch", action: "cloudwatch:DescribeAlarms" }, error);
                });
                for (const { AlarmName, StateValue } of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])]) {
                    if (AlarmName !== undefined && StateValue !== undefined)
                        states.set(AlarmName, stateOf(StateValue));
                }
                token = page.NextToken;
            } while (token !== undefined);
        }
        return states;
    }
}
function idOf(index) {
    return `q${index}`;
}
function queryOf(series, index, period) {
    return {
        Id: idOf(index),
        MetricStat: { Metric: metricOf(series), Period: period / time/* SECOND */.Z2, Stat: statisticOf(series) },
    };
}
/** If the answer had several pages, a series comes in several parts. The last part's status counts. */
function readingOf(series, parts) {
    const status = parts.at(-1)?.StatusCode;
    if (status !== "Complete") {
        const what = series.kind === "own" ? `${series.namespace}/${series.name}` : `${series.metric} of ${(0,domain_alias/* nameOf */.Vb)(series.target)}`;
        const why = status === undefined ? "CloudWatch left it out of its answer" : `CloudWatch answered ${status}`;
        return { kind: "unreadable", reason: `${what} could not be read: ${why}` };
    }
    const points = new Map();
    for (const { Timestamps, Values } of parts) {
        for (const [index, timestamp] of (Timestamps ?? []).entries()) {
            points.set(timestamp.getTime(), Values?.[index] ?? 0);
        }
    }
    return { kind: "points", points };
}
function stateOf(state) {
    switch (state) {
        case "OK":
            return "ok";
        case "ALARM":
            return "alarm";
        case "INSUFFICIENT_DATA":
            return "insufficient-data";
    }
}
function chunks(items, size) {
    return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}


/***/ })

};
;