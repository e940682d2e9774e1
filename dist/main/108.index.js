"use strict";
exports.id = 108;
exports.ids = [108];
exports.modules = {

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