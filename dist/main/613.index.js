"use strict";
exports.id = 613;
exports.ids = [613,108];
exports.modules = {

/***/ 8219:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ NOTHING_SHOWN)
/* harmony export */ });
/** For a command whose reports show neither a plan nor guards. */
const NOTHING_SHOWN = { plan: null, guards: [] };


/***/ }),

/***/ 7613:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  replay: () => (/* binding */ replay)
});

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/analyse.js + 1 modules
var analyse = __webpack_require__(3328);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/before-release.js
var before_release = __webpack_require__(5679);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/readings.js
var analysis_readings = __webpack_require__(9302);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/replay-result.js
var replay_result = __webpack_require__(5637);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/state.js
var analysis_state = __webpack_require__(9203);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/input.js
var input = __webpack_require__(4296);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/plan.js
var plan = __webpack_require__(957);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/mistake.js
var mistake = __webpack_require__(9312);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/time.js
var domain_time = __webpack_require__(2379);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/domain/replay-window.js


const LONGEST_WINDOW = 7 * domain_time/* DAY */.d_;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/;
/** Parses the inputs `from` and `to`; finds every mistake, not only the first. */
function parseReplayWindow(from, to) {
    const [start, end] = [parseTime("from", from), parseTime("to", to)];
    const mistakes = [start, end].flatMap((each) => (typeof each === "number" ? [] : [each]));
    if (typeof start !== "number" || typeof end !== "number")
        return { ok: false, mistakes };
    // Whole minutes only, within the time range.
    const window = { from: (0,domain_time/* firstWholeMinute */.gN)(start), to: (0,domain_time/* minuteOf */.iA)(end) };
    const length = window.to - window.from;
    const wrong = (problem, remedy) => {
        return { ok: false, mistakes: [(0,mistake/* mistakeAt */.sW)("to", (0,mistake/* whole */.WQ)(to), problem, remedy)] };
    };
    if (length <= 0)
        return wrong("the end is not after the start", "give a later time");
    if (length > LONGEST_WINDOW) {
        return wrong(`${(0,domain_time/* formatDuration */.a3)(length)} is too long`, "give 7 days at most");
    }
    return { ok: true, value: window };
}
/** A time without a zone is in UTC, like all times in the reports. */
function parseTime(input, given) {
    const excerpt = (0,mistake/* whole */.WQ)(given);
    const { text } = excerpt;
    const zone = /(Z|[+-]\d\d:\d\d)$/.test(text) ? "" : "Z";
    const at = TIME.test(text) ? (0,domain_time/* parseInstant */.nV)(`${text.replace(" ", "T")}${zone}`) : Number.NaN;
    if (Number.isNaN(at)) {
        const problem = text === "" ? "a replay needs a time" : `"${text}" is not a time`;
        return (0,mistake/* mistakeAt */.sW)(input, excerpt, problem, 'write it as "2026-11-21 14:00", in UTC');
    }
    const day = text.slice(0, 10);
    if (!(0,domain_time/* formatInstant */.r4)((0,domain_time/* parseInstant */.nV)(`${day}T00:00Z`)).startsWith(day)) {
        return (0,mistake/* mistakeAt */.sW)(input, excerpt, `"${day}" is not a date`, "give a date that exists", [0, day.length]);
    }
    return at;
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/engine/ports.js
var engine_ports = __webpack_require__(4478);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/engine/wait.js
var wait = __webpack_require__(1426);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/guards/grammar.js + 2 modules
var grammar = __webpack_require__(7364);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/guards/guard.js
var guard = __webpack_require__(7175);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/account.js
var account = __webpack_require__(1696);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/before-release.js
var preflight_before_release = __webpack_require__(4108);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/history.js + 2 modules
var preflight_history = __webpack_require__(760);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/reason.js
var reason = __webpack_require__(81);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/commands/command.js
var command = __webpack_require__(8219);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/commands/inputs.js + 1 modules
var inputs = __webpack_require__(4401);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/traffic-check.js
var traffic_check = __webpack_require__(138);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/alias.js
var alias = __webpack_require__(3276);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/format.js
var format = __webpack_require__(1533);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/commands/replay-range.js









/**
 * CloudWatch keeps one-minute figures for 15 days, and five-minute figures for 63:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html.
 */
const BY_MINUTE = 15 * domain_time/* DAY */.d_;
const BY_FIVE_MINUTES = 63 * domain_time/* DAY */.d_;
/** Only so many of a function's newest versions are looked for. */
const NEWEST = 300;
/** @throws ReleaseError if CloudWatch has no figures for any of it */
function replayRangeOf({ from, to }, now) {
    const period = periodOf(from, now);
    const first = Math.ceil(from / period) * period;
    const end = Math.floor(Math.min(to, now - plan/* METRIC_DELAY */.Ni) / period) * period;
    if (first < end)
        return { from: first, to: end, period };
    if (from >= now)
        throw new engine_ports/* ReleaseError */.K("the input from is in the future: check the times, which are UTC");
    if (to > now - plan/* METRIC_DELAY */.Ni) {
        const after = (0,domain_time/* formatInstant */.r4)(first + period + plan/* METRIC_DELAY */.Ni);
        throw new engine_ports/* ReleaseError */.K(`CloudWatch has no figures for this time yet: run it again at ${after}`);
    }
    throw new engine_ports/* ReleaseError */.K("CloudWatch has only five-minute figures for times this old: give a longer time");
}
function periodOf(from, now) {
    if (now - from <= BY_MINUTE)
        return domain_time/* MINUTE */.pY;
    if (now - from <= BY_FIVE_MINUTES)
        return 5 * domain_time/* MINUTE */.pY;
    throw new engine_ports/* ReleaseError */.K("CloudWatch keeps five-minute figures for 63 days: give a later time in the input from");
}
/**
 * Which versions served then. Of those with calls, the newest is the canary, the busiest of the others the baseline.
 * @throws ReleaseError if none had calls, or if the version that was asked for had none
 */
async function servedThen(target, { version, guards }, { from, to, period }, { latest, history }, ports) {
    const { functions, journal } = ports;
    const versions = (await functions.versions(target.function)).slice(-NEWEST);
    const asked = version === null || versions.includes(version) ? versions : [...versions, version];
    // By the hour first: of hundreds of versions only a few had calls, and only those are worth reading by the minute.
    const some = await callsBy(target, asked, { from: Math.floor(from / domain_time/* HOUR */.dp) * domain_time/* HOUR */.dp, to, period: domain_time/* HOUR */.dp }, ports);
    const calls = await callsBy(target, [...some.keys()], { from, to, period }, ports);
    const called = [...calls.keys()];
    const canary = version ?? called.at(-1);
    const ofCanary = canary === undefined ? undefined : calls.get(canary);
    if (canary === undefined || ofCanary === undefined) {
        throw new engine_ports/* ReleaseError */.K(await whyNoCalls(target, version, called, { from, to, period }, ports));
    }
    const since = Math.min(...ofCanary.keys());
    const sum = (each) => [...(calls.get(each) ?? [])].reduce((all, [at, count]) => (at < since ? all : all + count), 0);
    const baseline = called.filter((each) => each !== canary && sum(each) > 0).sort((a, b) => sum(b) - sum(a))[0];
    const share = sum(canary) / (sum(canary) + (baseline === undefined ? 0 : sum(baseline)));
    const beside = baseline === undefined ? "" : ` beside version ${baseline}`;
    const text = `${(0,alias/* nameOf */.Vb)(target)}: version ${canary} as the canary, with ${(0,format/* formatCount */.B4)(sum(canary))} calls (${(0,format/* formatShare */.T1)(share)})${beside}`;
    journal.write({ kind: "noted", text });
    if (since > from) {
        const first = `version ${canary} had its first call at ${timeOf(since, from)}; judged from then on`;
        journal.write({ kind: "noted", text: `${(0,alias/* nameOf */.Vb)(target)}: ${first}` });
    }
    if (baseline === undefined && guards.some(guard/* isComparing */.B$)) {
        const alone = `${(0,alias/* nameOf */.Vb)(target)}: no other version had calls then, so the guards that compare are not judged`;
        journal.write({ kind: "warned", text: alone });
    }
    const serving = baseline === undefined ? [canary] : [canary, baseline];
    const configurations = await Promise.all(serving.map((each) => functions.configuration(target.function, each)));
    // For a version that is gone by now, the function's current timeout is the best guess.
    const timeout = Math.max(...configurations.map((each) => (each ?? latest)?.timeout ?? 0));
    const found = (0,preflight_history/* memberOf */.C5)({ target, baseline: baseline ?? canary, canary, timeout }, history, since);
    // As many as each figure stands for.
    const member = { ...found, usualRate: (found.usualRate * period) / domain_time/* MINUTE */.pY };
    return { member, share, since, isBeside: baseline !== undefined };
}
/** The calls of the versions that had any, by the start of their period. */
async function callsBy(target, versions, { from, to, period }, { metrics }) {
    const series = versions.map((each) => (0,traffic_check/* callsSeries */.ND)(target, each));
    const readings = await metrics.read(series, from, to, period);
    (0,preflight_history/* throwUnreadable */.uG)(readings);
    return new Map(versions.flatMap((each, index) => {
        const points = [...(0,analysis_readings/* pointsOf */.XE)(readings[index])].filter(([, count]) => count > 0);
        return points.length === 0 ? [] : [[each, new Map(points)]];
    }));
}
async function whyNoCalls(target, version, called, { from, to }, { functions }) {
    const name = target.function;
    if (version !== null && (await functions.configuration(name, version)) === null) {
        return `there is no version ${version} of ${name}`;
    }
    const then = `between ${(0,domain_time/* formatInstant */.r4)(from)} and ${(0,domain_time/* formatInstant */.r4)(to)}`;
    return version === null || called.length === 0
        ? `no version had calls through ${(0,alias/* nameOf */.Vb)(target)} ${then}: check the times, which are UTC`
        : `version ${version} had no calls ${then}; these versions did: ${called.join(", ")}`;
}
/** `09:04`, with the date if it isn't that of the beginning. */
function timeOf(at, beginning) {
    const [day, time] = (0,domain_time/* formatInstant */.r4)(at).slice(0, 16).split("T");
    return (0,domain_time/* formatInstant */.r4)(beginning).startsWith(day ?? "") ? `${time}` : `${day} ${time}`;
}

;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/commands/replay.js




















const replay = {
    name: "replay",
    traits: { doing: "replaying the past of", moves: "nothing", aRollbackIs: "a failure" },
    comments: "never",
    needsMergedCode: false,
    parse: (read, functions) => (0,input/* together */.bs)({
        version: (0,inputs/* readVersion */.s)(read, functions),
        window: parseReplayWindow(read("from"), read("to")),
        guards: (0,grammar/* parseGuards */.u)(read("guards")),
    }),
    shows: () => command/* NOTHING_SHOWN */.A,
    run: judgePast,
    isSuccess: (outcome) => outcome === "replayed",
};
/** Judges past figures by the guards, as if a release had been baking then. Changes nothing. */
async function judgePast(order, ports) {
    const { abort, journal } = ports;
    if (order.guards.every(({ kind }) => kind === "alarm")) {
        const why = order.guards.length === 0 ? "there is no guard" : "alarms can't be replayed, and there is no other guard";
        throw new engine_ports/* ReleaseError */.K(`there is nothing to replay: ${why}`);
    }
    await (0,account/* checkAccounts */.JP)(order.functions, ports);
    journal.write({ kind: "chapter", title: "Look" });
    const replayed = await (0,wait/* unlessAborted */.Wh)(abort, replayAll(order, ports));
    if (replayed === null)
        return { outcome: "failed", reason: (0,reason/* said */.a)(String(abort.reason)), verified: false };
    const { range, members } = replayed;
    const { from, to } = range;
    journal.write({ kind: "replayed", from, to, rows: members.flatMap(({ rows }) => rows) });
    return { outcome: "replayed", reason: conclusion(members, range), verified: false };
}
function conclusion(replayed, { from, to }) {
    const rows = replayed.flatMap(({ served, rows: own }) => own.map((row) => ({ served, ...row })));
    const [first] = rows
        .flatMap(({ firedAt, ...row }) => (firedAt === null ? [] : [{ firedAt, ...row }]))
        .sort((a, b) => a.firedAt - b.firedAt);
    if (first !== undefined) {
        const { served, firedAt, analysis } = first;
        const { since, member } = served;
        const start = since === from ? "the beginning" : member.canary;
        return { kind: "would-have-failed", at: firedAt, lasted: firedAt - since, since: start, analysis };
    }
    const mute = rows.map(({ analysis }) => analysis).filter(replay_result/* showsNothing */._);
    return { kind: "would-have-held", length: to - from, guards: rows.length, mute };
}
async function replayAll(order, ports) {
    const { functions, alias, guards } = order;
    const { journal, clock } = ports;
    const targets = functions.map(({ name }) => ({ function: name, alias }));
    // First, since Lambda's answers set the clock.
    const latest = await Promise.all(functions.map((reference) => configurationOf(reference, alias, ports)));
    const range = replayRangeOf(order.window, clock.now());
    for (const guard of guards) {
        if (guard.kind === "alarm")
            journal.write({
                kind: "noted",
                text: `${guard.text} can't be replayed: CloudWatch only gives an alarm's current state`,
            });
    }
    if (range.period > domain_time/* MINUTE */.pY) {
        journal.write({
            kind: "noted",
            text: "CloudWatch has only five-minute figures for times this old: judged by those",
        });
    }
    if (order.window.to - range.to >= range.period) {
        const text = `CloudWatch has no later figures yet: judged until ${(0,domain_time/* formatInstant */.r4)(range.to)}`;
        journal.write({ kind: "noted", text });
    }
    const histories = await (0,preflight_history/* readHistory */.Lu)(targets, guards, ports, range.from);
    const all = await Promise.all(targets.map((target, place) => servedThen(target, order, range, { latest: latest[place], history: histories.get(target.function) }, ports)));
    const members = await Promise.all(all.map(async (served) => {
        const fleet = { guards: measuredIn(guards), members: all.map(({ member }) => member) };
        return { served, rows: await replayOne(fleet, served, range, ports) };
    }));
    return { range, members };
}
/** @throws ReleaseError if there is no such function, or it has no such alias */
async function configurationOf(reference, alias, { functions, traffic, region, abort }) {
    const { name } = reference;
    const [latest, found] = await Promise.all([
        functions.configuration(name, "$LATEST"),
        traffic.read({ function: name, alias }, abort),
    ]);
    if (latest === null)
        throw new engine_ports/* ReleaseError */.K(`there is no function ${name} in ${region}: check the name and the Region`);
    (0,account/* checkAccount */.g4)(reference, latest);
    if (found === null)
        throw new engine_ports/* ReleaseError */.K(`${name} has no alias ${alias}`);
    return latest;
}
function measuredIn(guards) {
    return guards.filter((guard) => guard.kind !== "alarm");
}
/** A release looks this often, unless it is told otherwise. */
const LOOKS = 20 * domain_time/* SECOND */.Z2;
/**
 * Judges, look by look, what a release could have seen at that time. Figures are taken to show as they usually do at the
 * latest, and only whole periods: what a release sees of a minute before that isn't known any more.
 */
async function replayOne({ guards, members }, { member, share, since, isBeside }, { to, period }, { metrics }) {
    const weight = Math.max(1, Math.min(99, Math.round(share * 100)));
    const context = { guards, weight, promotedAt: null };
    const time = { start: since, lasts: to - since, period };
    const broken = await (0,preflight_before_release/* brokenBefore */.Z)(guards, member, members.length, time, { metrics });
    // The shift came some time in the canary's first minute. No check for missing traffic: calls are known to have reached
    // the canary.
    let state = (0,before_release/* withLimits */.Ns)((0,analysis_state/* startingAt */.g5)((0,analysis_state/* newAnalysis */.T4)([member], guards, [], since, period), since + 1), broken);
    const risks = (0,analysis_state/* risksOf */.i7)((0,analysis_state/* newAnalysis */.T4)(members, guards, [], since, period));
    const { series, from: first } = (0,analyse/* wanted */.Ol)(state, context);
    const readings = await metrics.read(series, first, to, period);
    (0,preflight_history/* throwUnreadable */.uG)(readings);
    const whole = (0,analysis_readings/* bySeries */.PV)(series, readings);
    // A guard that can't be judged still gets its share of the chance of error, as it does in a release.
    const unjudged = new Set(isBeside ? [] : guards.filter(guard/* isComparing */.B$).map(({ place }) => place));
    const rows = new Map();
    // One look more: against a number, a minute counts a little after it has shown.
    for (let at = since + period + plan/* METRIC_DELAY */.Ni; at <= to + plan/* METRIC_DELAY */.Ni + LOOKS; at += LOOKS) {
        const { from } = (0,analyse/* wanted */.Ol)(state, context);
        const reading = (each) => {
            return { kind: "points", points: between((0,analysis_readings/* pointsOf */.XE)(whole(each)), from, at - plan/* METRIC_DELAY */.Ni, period) };
        };
        const judged = (0,analyse/* analyse */.KH)(state, { at, reading, alarms: new Map() }, context, risks);
        state = judged.state;
        for (const analysis of judged.analyses) {
            const place = analysis.guard?.place ?? 0;
            const before = rows.get(place) ?? null;
            // What it said when it fired stays: the release would have ended with a rollback then.
            if (before !== null && before.firedAt !== null)
                continue;
            rows.set(place, unjudged.has(place)
                ? {
                    firedAt: null,
                    analysis: { ...analysis, verdict: "inconclusive", reason: { kind: "not-judged" }, figures: null },
                }
                : { firedAt: analysis.verdict === "fail" ? at : null, analysis });
        }
    }
    return [...rows.values()];
}
/** The points of the whole periods between two instants. */
function between(points, from, to, period) {
    const found = new Map();
    for (let at = Math.ceil(from / period) * period; at + period <= to; at += period) {
        const value = points.get(at);
        if (value !== undefined)
            found.set(at, value);
    }
    return found;
}


/***/ }),

/***/ 4108:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ brokenBefore),
/* harmony export */   lookBefore: () => (/* binding */ lookBefore)
/* harmony export */ });
/* harmony import */ var _analysis_before_release_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5679);
/* harmony import */ var _analysis_counts_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(672);
/* harmony import */ var _analysis_e_process_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4133);
/* harmony import */ var _analysis_method_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8469);
/* harmony import */ var _analysis_readings_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(9302);
/* harmony import */ var _domain_format_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1533);
/* harmony import */ var _domain_time_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(2379);
/* harmony import */ var _guards_guard_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(7175);
/* harmony import */ var _guards_signals_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(4439);
/* harmony import */ var _release_release_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(3672);
/* harmony import */ var _history_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(760);











/**
 * Judges the hour before the release by the guards with a fixed limit; where all versions share the figure, also the
 * same hours of the day before. Warns of each guard that would have failed, and of each that the last week breaks.
 *
 * @returns those that would have failed
 */
async function lookBefore(order, candidates, histories, ports) {
    const guards = (0,_analysis_before_release_js__WEBPACK_IMPORTED_MODULE_0__/* .withFixedLimit */ .e)(order.guards);
    const cases = candidates.flatMap(({ target, alias, configuration }) => {
        const history = histories.get(target.function);
        if (alias === null || history === undefined)
            return [];
        const { primary } = alias.routing;
        // The baseline in the canary's place: a canary as good as the baseline would do the same.
        const versions = { target, baseline: primary, canary: primary, timeout: configuration.timeout };
        const member = (0,_history_js__WEBPACK_IMPORTED_MODULE_9__/* .memberOf */ .C5)(versions, history, null);
        return guards.map((guard) => ({ guard, member, history }));
    });
    if (cases.length === 0)
        return [];
    const lasts = (0,_release_release_js__WEBPACK_IMPORTED_MODULE_8__/* .longestRelease */ .m1)(order);
    const pastsOf = await readPasts(cases, { start: (0,_domain_time_js__WEBPACK_IMPORTED_MODULE_5__/* .minuteOf */ .iA)(ports.clock.now()), lasts }, ports);
    return cases.flatMap((each) => {
        const { guard, member, history } = each;
        const risks = (0,_analysis_e_process_js__WEBPACK_IMPORTED_MODULE_2__/* .risksOfEach */ .VV)((0,_analysis_method_js__WEBPACK_IMPORTED_MODULE_3__/* .testsOf */ .Vh)(order.guards, member.usual, 0).length * histories.size);
        const broken = (0,_analysis_before_release_js__WEBPACK_IMPORTED_MODULE_0__/* .judgeBefore */ .b6)(guard, member, pastsOf(each), risks);
        const text = broken === null ? brokenByWeek(guard, member, history) : toldOf(broken);
        if (text !== null)
            ports.journal.write({ kind: "warned", text });
        return broken === null ? [] : [broken];
    });
}
/**
 * The guards on what all versions share that a release at another time would have found broken, with what it would have
 * allowed instead. Tells nobody.
 *
 * @param member with the baseline that it had then
 * @param size how many functions would have been released together
 */
async function brokenBefore(guards, member, size, time, ports) {
    const before = { ...member, canary: member.baseline, usualRate: 0 };
    const shared = (0,_analysis_before_release_js__WEBPACK_IMPORTED_MODULE_0__/* .withFixedLimit */ .e)(guards).filter((guard) => (0,_analysis_before_release_js__WEBPACK_IMPORTED_MODULE_0__/* .isShared */ .yM)(guard, before));
    if (shared.length === 0)
        return [];
    const cases = shared.map((guard) => ({ guard, member: before }));
    const pastsOf = await readPasts(cases, time, ports);
    const risks = (0,_analysis_e_process_js__WEBPACK_IMPORTED_MODULE_2__/* .risksOfEach */ .VV)((0,_analysis_method_js__WEBPACK_IMPORTED_MODULE_3__/* .testsOf */ .Vh)(guards, member.usual, 0).length * size);
    return cases.flatMap((each) => (0,_analysis_before_release_js__WEBPACK_IMPORTED_MODULE_0__/* .judgeBefore */ .b6)(each.guard, each.member, pastsOf(each), risks) ?? []);
}
/** Reads the time before the release. What can't be read tells nothing. */
async function readPasts(cases, { start, lasts, period = _domain_time_js__WEBPACK_IMPORTED_MODULE_5__/* .MINUTE */ .pY }, { metrics }) {
    const read = async (some, window) => {
        const series = (0,_analysis_readings_js__WEBPACK_IMPORTED_MODULE_10__/* .distinct */ .dM)(some.flatMap(({ guard, member }) => (0,_analysis_before_release_js__WEBPACK_IMPORTED_MODULE_0__/* .seriesBefore */ .Xi)(guard, member)));
        const readings = series.length === 0 ? [] : await metrics.read(series, window.from, window.to, period);
        return { ...window, reading: (0,_analysis_readings_js__WEBPACK_IMPORTED_MODULE_10__/* .bySeries */ .PV)(series, readings) };
    };
    const yesterday = start - _domain_time_js__WEBPACK_IMPORTED_MODULE_5__/* .DAY */ .d_;
    const isOfAll = ({ guard, member }) => (0,_analysis_before_release_js__WEBPACK_IMPORTED_MODULE_0__/* .isShared */ .yM)(guard, member);
    const [hour, sameHours] = await Promise.all([
        read(cases, { from: start - _domain_time_js__WEBPACK_IMPORTED_MODULE_5__/* .HOUR */ .dp, to: start }),
        read(cases.filter(isOfAll), {
            from: yesterday,
            to: Math.min(start, yesterday + Math.ceil(lasts / _domain_time_js__WEBPACK_IMPORTED_MODULE_5__/* .MINUTE */ .pY) * _domain_time_js__WEBPACK_IMPORTED_MODULE_5__/* .MINUTE */ .pY),
        }),
    ]);
    return (each) => (isOfAll(each) ? [hour, sameHours] : [hour]);
}
function toldOf({ guard, member, analysis, isLatest, limit }) {
    const { figures } = analysis;
    if (guard.kind === "level" || guard.kind === "metric" || figures === null)
        return { kind: "over-before", analysis };
    const when = isLatest ? "in the last hour" : "at this time yesterday";
    const seen = `${about(guard, member)}: ${seenOf(guard, figures)} ${when}`;
    if (limit === null || (0,_guards_guard_js__WEBPACK_IMPORTED_MODULE_6__/* .isOfUrl */ .X$)(guard))
        return `${seen}: ${tooStrict(guard)}`;
    const counts = `it was so before the release, so only more than ${(0,_domain_format_js__WEBPACK_IMPORTED_MODULE_4__/* .formatShare */ .T1)(limit)} counts against it`;
    return `${seen}: ${counts}. Find the cause, or raise the limit`;
}
/** `1,440 of 48,000 calls failed (3 %)`, or the latest figure. */
function seenOf(guard, { canary, unit, slow }) {
    if (canary === null || !("calls" in canary)) {
        return `${signalOf(guard)} was ${(0,_domain_format_js__WEBPACK_IMPORTED_MODULE_4__/* .formatMeasure */ .os)(canary?.value ?? 0, unit)}`;
    }
    const took = `took longer than ${(0,_domain_format_js__WEBPACK_IMPORTED_MODULE_4__/* .formatMeasure */ .os)(slow?.canary ?? 0, "ms")}`;
    const happened = guard.kind === "counts" ? _guards_signals_js__WEBPACK_IMPORTED_MODULE_7__/* .SIGNALS */ ._[guard.signal].happened : took;
    return `${(0,_domain_format_js__WEBPACK_IMPORTED_MODULE_4__/* .formatCount */ .B4)(canary.failures)} of ${(0,_domain_format_js__WEBPACK_IMPORTED_MODULE_4__/* .formatCount */ .B4)(canary.calls)} calls ${happened} (${(0,_domain_format_js__WEBPACK_IMPORTED_MODULE_4__/* .formatShare */ .T1)((0,_analysis_counts_js__WEBPACK_IMPORTED_MODULE_1__/* .rate */ .TS)(canary))})`;
}
/** With fewer failures than this in a week, their share says little. */
const FEW = 10;
/** What the week before says against a guard. */
function brokenByWeek(guard, member, { week, usual }) {
    if (guard.kind === "percentile") {
        const latency = usual.latency[signalOf(guard)];
        if (latency === undefined || latency <= guard.tolerance.margin)
            return null;
        return `${about(guard, member)}: ${signalOf(guard)} is usually ${(0,_domain_format_js__WEBPACK_IMPORTED_MODULE_4__/* .formatMeasure */ .os)(latency, "ms")}: ${tooStrict(guard)}`;
    }
    if (guard.kind !== "counts" || guard.signal !== "error-rate")
        return null;
    const share = (0,_analysis_counts_js__WEBPACK_IMPORTED_MODULE_1__/* .rate */ .TS)(week);
    if (week.failures < FEW || share <= guard.tolerance.margin)
        return null;
    return `${about(guard, member)}: ${(0,_domain_format_js__WEBPACK_IMPORTED_MODULE_4__/* .formatShare */ .T1)(share)} of the calls failed in the last week: ${tooStrict(guard)}`;
}
function about({ text }, { target }) {
    return `${text} (${target.function})`;
}
function signalOf(guard) {
    return guard.kind === "percentile" ? `p${guard.percentile}` : guard.signal;
}
function tooStrict(guard) {
    const compared = guard.kind === "counts" ? "baseline * 1.5 + 0.5%" : "baseline * 1.2";
    const instead = `${signalOf(guard)} <= ${compared}`;
    return `a canary as good as the baseline would be rolled back, too. Write "${instead}", or a higher limit`;
}


/***/ })

};
;