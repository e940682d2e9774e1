"use strict";
exports.id = 955;
exports.ids = [955,108,936];
exports.modules = {

/***/ 3955:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  plan: () => (/* binding */ plan)
});

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/alias.js
var domain_alias = __webpack_require__(3276);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/credentials.js
var credentials = __webpack_require__(9818);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/format.js
var format = __webpack_require__(1533);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/input.js
var input = __webpack_require__(4296);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/mistake.js
var mistake = __webpack_require__(9312);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/ports.js
var ports = __webpack_require__(8540);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/time.js
var time = __webpack_require__(2379);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/engine/callers.js
var engine_callers = __webpack_require__(6026);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/engine/ports.js
var engine_ports = __webpack_require__(4478);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/forecast/forecast.js
var forecast = __webpack_require__(1096);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/counts.js
var counts = __webpack_require__(672);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/e-process.js
var e_process = __webpack_require__(4133);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/method.js
var method = __webpack_require__(8469);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/forecast/power.js
var power = __webpack_require__(6184);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/forecast/suggested-plan.js





/** The bakes to try: each a minute longer, or a twentieth if that is more, up to the longest itself. */
function* bakes(longest) {
    const last = Math.floor(longest / time/* MINUTE */.pY) * time/* MINUTE */.pY;
    for (let bake = SHORTEST; bake < last; bake = Math.ceil(Math.max(bake + time/* MINUTE */.pY, bake * 1.05) / time/* MINUTE */.pY) * time/* MINUTE */.pY) {
        yield bake;
    }
    if (last >= SHORTEST)
        yield last;
}
/** The weights to try, the one with the least risk first. */
const HALF = 50;
const WEIGHTS = [1, 2, 5, 10, 20, 30, 40, HALF];
/** The first step may take this much of the time. The rest is for a step at half of the traffic. */
const FIRST = 2 / 3;
const SHORTEST = 5 * time/* MINUTE */.pY;
/**
 * Proposes a plan whose first step finds the wanted error rate with 90 % probability, at the lowest weight for which
 * there is time. How many calls fail until it is found hardly depends on the weight; how many fail if it is never found
 * does. A second step at half of the traffic is for problems that only load brings out.
 */
function suggestPlan({ week, usual }, guards, functions, { mustDetect, budget }, now) {
    const { alpha } = (0,e_process/* risksOfEach */.VV)((0,method/* testsOf */.Vh)(guards, usual, now).length * functions);
    const usualRate = (0,counts/* rate */.TS)(week);
    const tolerances = guards.flatMap((guard) => guard.kind === "counts" && guard.signal === "error-rate" ? [guard.tolerance] : []);
    if (tolerances.length === 0)
        return { kind: "unwatched" };
    const allowed = Math.min(1, ...tolerances.map(({ ratio, margin }) => ratio * usualRate + margin));
    if (mustDetect <= allowed)
        return { kind: "allowed", allowed };
    const finds = (weight, bake) => {
        const scene = (0,power/* sceneOf */.cO)(week, now, bake, weight, alpha);
        const found = tolerances.flatMap((each) => (0,power/* smallestFound */.au)(usualRate, each, scene) ?? []);
        return found.length === 0 ? null : Math.min(...found);
    };
    for (const weight of WEIGHTS) {
        // If the first step is at half of the traffic already, it may take all of the time.
        const longest = weight < HALF ? budget * FIRST : budget;
        for (const bake of bakes(longest)) {
            const found = finds(weight, bake);
            if (found === null || found > mustDetect)
                continue;
            const rest = Math.floor((budget - bake) / time/* MINUTE */.pY) * time/* MINUTE */.pY;
            const second = weight < HALF && rest >= SHORTEST ? [{ weight: HALF, bake: Math.min(rest, bake) }] : [];
            return { kind: "plan", plan: { steps: [{ weight, bake }, ...second], finalBake: 0 } };
        }
    }
    return { kind: "too-little-traffic", finds: finds(HALF, Math.floor(budget / time/* MINUTE */.pY) * time/* MINUTE */.pY) };
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/account.js
var account = __webpack_require__(1696);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/before-release.js
var before_release = __webpack_require__(4108);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/blind-spots.js
var blind_spots = __webpack_require__(7936);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/candidate.js
var candidate = __webpack_require__(1698);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/credentials.js
var preflight_credentials = __webpack_require__(5477);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/history.js + 2 modules
var preflight_history = __webpack_require__(760);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/look.js
var look = __webpack_require__(1020);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/pace.js
var pace = __webpack_require__(4240);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/provisioned-concurrency.js
var provisioned_concurrency = __webpack_require__(3783);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/preflight/warnings.js
var warnings = __webpack_require__(1170);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/reason.js
var reason = __webpack_require__(81);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/release.js
var release = __webpack_require__(3672);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/commands/inputs.js + 1 modules
var inputs = __webpack_require__(4401);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/commands/plan.js
























const plan = {
    name: "plan",
    traits: { doing: "checking the plan for", moves: "nothing", aRollbackIs: "a failure" },
    comments: "never",
    needsMergedCode: false,
    parse: (read, functions) => (0,input/* together */.bs)({ ...(0,inputs/* readReleaseInputs */.$)(read, functions), wish: readWish(read) }),
    shows: ({ plan, guards }) => ({ plan, guards }),
    run: checkPlan,
    isSuccess: (outcome) => outcome === "planned",
};
function readWish(read) {
    return (0,input/* together */.bs)({
        mustDetect: (0,input/* readOne */.JF)(read, "must-detect", 0.05, (excerpt) => {
            const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(excerpt.text) ?? [];
            if (percent !== undefined && Number(percent) > 0 && Number(percent) <= 100)
                return Number(percent) / 100;
            return (0,mistake/* mistakeAt */.sW)("must-detect", excerpt, `"${excerpt.text}" is not a share of calls`, 'write it as "5%"');
        }),
        budget: (0,input/* readDuration */.$7)(read, "budget", { usual: time/* HOUR */.dp, least: 10 * time/* MINUTE */.pY, most: 5 * time/* DAY */.d_ }),
    });
}
/**
 * What a release with this plan could see, and whether it has everything it needs. Changes nothing: permissions are
 * checked with requests that can't succeed. A missing permission to write is a finding, not a failure, so that a
 * read-only role can plan.
 */
async function checkPlan(order, ports) {
    const { journal } = ports;
    (0,warnings/* warnAboutPlan */.dW)(order, ports);
    await (0,account/* checkAccounts */.JP)(order.functions, ports);
    journal.write({ kind: "chapter", title: "Look" });
    const { candidates, busy, claimed, inAlarm, ...rest } = await (0,look/* findAll */.JW)(order, ports);
    const problems = [...rest.problems];
    (0,warnings/* warnAboutAlarms */.AF)(inAlarm, ports);
    (0,look/* noteDurable */.MF)(candidates, ports);
    for (const { target, claim } of claimed.filter(candidate/* isOrphan */.B)) {
        const text = `${(0,domain_alias/* nameOf */.Vb)(target)} was left at ${claim.release.reached} (${claim.why}): the next deploy puts it back first`;
        journal.write({ kind: "warned", text });
    }
    const existing = candidates.filter(({ alias }) => alias !== null);
    const absent = candidates.filter(({ alias }) => alias === null).map(({ target }) => absence(target));
    const prospects = existing.length === 0 ? [] : await prospectsFor(order, existing, ports, problems);
    if ((0,warnings/* isJudged */.sL)(order.plan)) {
        await (0,blind_spots.warnAboutBlindSpots)(order.guards, existing.map(({ target }) => target), ports);
    }
    const changed = [];
    const checks = await Promise.all([
        busy.map((text) => ({ state: "unknown", text })),
        plan_credentials(order, ports),
        ...candidates.flatMap((candidate) => checksOf(order, candidate, prospects, ports, changed)),
    ]);
    if (changed.length > 0)
        problems.push(...changed, LAX);
    if (prospects.length > 0) {
        const { plan, guards, wish } = order;
        const now = ports.clock.now();
        const forecasts = prospects.map((prospect) => (0,forecast/* forecast */.g)(prospect, plan, guards, prospects.length, now, (0,release/* patienceOf */.Hw)(order)));
        const proposals = prospects.map((prospect) => suggestPlan(prospect, guards, prospects.length, wish, now));
        journal.write({ kind: "forecast", forecasts, proposals, wish });
        const weeks = prospects.map(({ week }) => week);
        (0,pace/* notePace */._)(order, weeks, ports);
    }
    journal.write({ kind: "checked", checks: checks.flat() });
    const missing = checks.flat().filter(({ state, text }) => state === "wrong" && !problems.includes(text));
    const findings = [...busy, ...absent, ...missing.map(({ text }) => text)];
    for (const text of findings)
        journal.write({ kind: "warned", text });
    if (problems.length > 0)
        return { outcome: "failed", reason: { kind: "all", reasons: problems.map(reason/* said */.a) }, verified: false };
    return { outcome: "planned", reason: { kind: "planned", findings }, verified: false };
}
async function prospectsFor(order, candidates, ports, problems) {
    try {
        const targets = candidates.map(({ target }) => target);
        const histories = await (0,preflight_history/* readHistory */.Lu)(targets, order.guards, ports);
        if ((0,warnings/* isJudged */.sL)(order.plan))
            await (0,before_release.lookBefore)(order, candidates, histories, ports);
        return (0,preflight_history/* prospectsOf */.fg)(candidates, histories);
    }
    catch (error) {
        problems.push((0,engine_ports/* messageOf */.b)(error));
        return [];
    }
}
/** @param changed gets what the checks changed, which they must not */
function checksOf({ version }, { target, alias, configuration }, prospects, ports, changed) {
    const { functions, traffic } = ports;
    const name = (0,domain_alias/* nameOf */.Vb)(target);
    const may = (action, ask) => right(action, configuration.arn, target, ask, changed);
    return [
        Promise.resolve([
            alias === null
                ? { state: "unknown", text: absence(target) }
                : fine(`${name} serves version ${alias.routing.primary}; both versions have the same role and dead-letter target`),
        ]),
        may("lambda:ListVersionsByFunction", functions.versions(target.function)),
        ...(version === null ? [may("lambda:PublishVersion", functions.mayPublish(target.function))] : []),
        alias === null
            ? may("lambda:CreateAlias", traffic.mayCreate(target))
            : may("lambda:UpdateAlias", traffic.mayWrite(target, alias)),
        ...(alias === null ? [] : [reached(target, prospects, ports), provisioned(target, ports)]),
    ];
}
/** Callers may use an alias of another name: that looks the same as a first release. */
function absence(target) {
    return (`${(0,domain_alias/* nameOf */.Vb)(target)} doesn't exist: if your callers use another alias, set alias to its name. ` +
        "Otherwise the first deploy creates it, with nothing to compare it with");
}
function fine(text) {
    return { state: "fine", text };
}
const LAX = "what answers in Lambda's place carries out requests that Lambda refuses: don't release there, since a release could " +
    "overwrite what others do";
/**
 * Whether the request was denied; if so, with the statement that grants the missing permission.
 *
 * @param changed gets what the request did, if it was carried out
 */
async function right(action, arn, target, ask, changed) {
    try {
        await ask;
        return [fine(`${action} on ${target.function} is allowed`)];
    }
    catch (error) {
        if (error instanceof ports/* ServiceError */._ && error.fault === "accepted") {
            changed.push(error.message);
            return [{ state: "wrong", text: error.message }];
        }
        if (!(error instanceof ports/* ServiceError */._) || error.fault !== "denied") {
            return [
                {
                    state: "unknown",
                    text: `could not check whether ${action} on ${target.function} is allowed: ${(0,engine_ports/* messageOf */.b)(error)}`,
                },
            ];
        }
        const statement = JSON.stringify({ Effect: "Allow", Action: action, Resource: [arn, `${arn}:*`] });
        return [
            {
                state: "wrong",
                text: `the credentials lack ${action} on ${target.function}: add this to their policy: ${statement}`,
            },
        ];
    }
}
async function reached(target, prospects, ports) {
    const week = prospects.find((prospect) => prospect.function === target.function)?.week;
    if (week === undefined)
        return [];
    const callers = await (0,engine_callers/* describeCallers */.u)(target, ports);
    if (week.calls === 0) {
        return [{ state: "wrong", text: `no calls went through ${(0,domain_alias/* nameOf */.Vb)(target)} in the last week: ${callers.text}` }];
    }
    const text = `${(0,domain_alias/* nameOf */.Vb)(target)} had ${(0,format/* formatCount */.B4)(week.calls)} calls in the last week; ${callers.text}`;
    return [{ state: callers.isKnown ? "fine" : "unknown", text }];
}
async function provisioned(target, ports) {
    const { kind, text } = await (0,provisioned_concurrency/* provisioningOf */.v)(target, ports);
    return [kind === "none" ? fine(text) : { state: "unknown", text }];
}
async function plan_credentials(order, ports) {
    try {
        const { expiry, needed, isEnough } = await (0,preflight_credentials/* lifeOfCredentials */.s)(order, ports);
        const what = order.waitForRelease > 0 ? "the plan, with the wait for another release," : "the plan";
        const length = `${what} may take ${(0,time/* formatDuration */.a3)(needed)}`;
        switch (expiry.kind) {
            case "never":
                return [fine(`the credentials last as long as the release, and ${length}`)];
            case "unknown": {
                const text = `it is unknown when the credentials expire, and ${length}: without credentials nothing can be rolled back`;
                if (!isEnough)
                    ports.journal.write({ kind: "warned", text });
                return [{ state: "unknown", text }];
            }
            case "at": {
                const until = `the credentials expire at ${(0,time/* formatInstant */.r4)(expiry.at)}`;
                if (isEnough)
                    return [fine(`${until}, and ${length}`)];
                const text = `${until}, but ${length}. After that nothing can be rolled back: ${credentials/* LONGER_CREDENTIALS */.z}`;
                return [{ state: "wrong", text }];
            }
        }
    }
    catch (error) {
        return [{ state: "unknown", text: `the credentials could not be checked: ${(0,engine_ports/* messageOf */.b)(error)}` }];
    }
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


/***/ }),

/***/ 7936:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   warnAboutBlindSpots: () => (/* binding */ warnAboutBlindSpots)
/* harmony export */ });
/* harmony import */ var _domain_alias_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3276);
/* harmony import */ var _domain_format_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1533);


const SPOTS = [
    {
        isOf: ({ kind }) => kind === "url",
        isGuarded: (guard) => guard.kind === "counts" && guard.signal === "url-5xx",
        told: (names) => `error-rate doesn't see what the function URL of ${names} answers with status 500: add "url-5xx < 1%"`,
    },
    {
        isOf: ({ kind, name }) => kind === "policy" && name.includes("apigateway.amazonaws.com"),
        isGuarded: () => false,
        told: (names) => `error-rate doesn't see what ${names} answers to API Gateway with status 500: add a guard such as "metric AWS/ApiGateway/5XXError {ApiName=NAME} Average < 0.01"`,
    },
    {
        isOf: ({ name, reportsItems }) => reportsItems && isQueue(name),
        isGuarded: () => false,
        told: (names) => `error-rate doesn't see the messages that ${names} returns in batchItemFailures: add a guard such as "metric AWS/SQS/ApproximateNumberOfMessagesVisible {QueueName=DEAD-LETTER-QUEUE} Maximum < 10"`,
    },
    {
        isOf: ({ name, reportsItems }) => reportsItems && !isQueue(name),
        isGuarded: (guard) => guard.kind === "level" && guard.signal === "iterator-age",
        told: (names) => `error-rate doesn't see the records that ${names} returns in batchItemFailures: add "iterator-age < 1m"`,
    },
];
function isQueue(arn) {
    return arn.split(":")[2] === "sqs";
}
/** More names would make the sentence too long. */
const FEW = 3;
/**
 * Warns of what `error-rate` can't see of these functions, with the guard to add. An alarm or a metric is taken to watch
 * all of it. Never throws.
 *
 * @returns the same sentences
 */
async function warnAboutBlindSpots(guards, targets, { functions, journal }) {
    const isTrusted = guards.some((guard) => guard.kind === "counts" && guard.signal === "error-rate");
    if (!isTrusted || guards.some(({ kind }) => kind === "alarm" || kind === "metric"))
        return [];
    const found = await Promise.all(targets.map(async (target) => ({ target, ...(await functions.callersThrough(target)) })));
    const sentences = SPOTS.filter(({ isGuarded }) => !guards.some(isGuarded)).flatMap(({ isOf, told }) => {
        const affected = found.filter(({ callers }) => callers.some(isOf)).map(({ target }) => target);
        return affected.length === 0 ? [] : [told((0,_domain_format_js__WEBPACK_IMPORTED_MODULE_0__/* .formatList */ .ki)(affected.map(_domain_alias_js__WEBPACK_IMPORTED_MODULE_1__/* .nameOf */ .Vb), FEW))];
    });
    for (const text of sentences)
        journal.write({ kind: "warned", text });
    const [problem] = found.flatMap(({ problems }) => problems);
    if (problem !== undefined) {
        journal.write({ kind: "noted", text: `it is unknown whether error-rate sees all failures: ${problem}` });
    }
    return sentences;
}


/***/ })

};
;