"use strict";
exports.id = 297;
exports.ids = [297];
exports.modules = {

/***/ 9297:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  renderComment: () => (/* binding */ renderComment)
});

// UNUSED EXPORTS: marker

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/alias.js
var alias = __webpack_require__(3276);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/domain/fingerprint.js
const PRIME = 0x100000001b3n;
const BASIS = 0xcbf29ce484222325n;
/** A text's hash, as sixteen hex digits (FNV-1a, 64 bits): to recognise the text, not to protect it. */
function fingerprint(text) {
    const hash = new TextEncoder()
        .encode(text)
        .reduce((h, byte) => BigInt.asUintN(64, (h ^ BigInt(byte)) * PRIME), BASIS);
    return hash.toString(16).padStart(16, "0");
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/time.js
var time = __webpack_require__(2379);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/advice.js
var advice = __webpack_require__(9804);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/bars.js
var bars = __webpack_require__(4814);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/clock.js
var clock = __webpack_require__(6988);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/comment-budget.js
var comment_budget = __webpack_require__(3361);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/forecast-table.js
var forecast_table = __webpack_require__(1084);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/verdict.js
var analysis_verdict = __webpack_require__(6251);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/markdown.js
var markdown = __webpack_require__(5217);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/symbols.js
var symbols = __webpack_require__(3727);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/report/function-table.js





/** One row per function of a fleet; those that need attention come first. */
function functionTable(story, budget) {
    const { members, rows } = story;
    const hasFailed = ({ target }) => rows.some(({ analysis }) => analysis.verdict === "fail" && isAbout(analysis.target, target));
    const bad = (member) => (member.stranded !== null ? 2 : hasFailed(member) ? 1 : 0);
    const { kept, left } = (0,comment_budget/* cut */.Jj)(budget, [...members].sort((a, b) => bad(b) - bad(a)), "functions are");
    const text = (0,markdown/* table */.tp)(["Function", "Baseline \u2192 canary", "State"], ["left", "center", "left"], kept.map((member) => [
        (0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, (0,alias/* nameOf */.Vb)(member.target))),
        `${version(member.baseline, budget)} \u2192 ${version(member.canary, budget)}`,
        stateOf(story, member, budget),
    ]));
    return left === "" ? text : `${text}\n\n${left}`;
}
function stateOf({ rows }, member, budget) {
    const { target, baseline, canary, serving, stranded } = member;
    if (stranded !== null)
        return "\ud83d\udea8 **not rolled back**";
    const parts = [];
    if (canary !== null && baseline === null)
        parts.push("\ud83c\udf31 created");
    else if (canary !== null && baseline === canary)
        parts.push("unchanged");
    else {
        const verdict = (0,analysis_verdict/* worst */.QZ)(rows.map(({ analysis }) => analysis).filter((each) => isAbout(each.target, target)))?.verdict;
        if (verdict !== undefined)
            parts.push(`${symbols/* VERDICT_SYMBOLS */.C[verdict]} ${verdict}`);
    }
    if (serving !== null)
        parts.push(`serves ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, (0,alias/* describeRouting */.ww)(serving.routing)))}`);
    return parts.join(" \u00b7 ");
}
function isAbout(about, target) {
    return about !== null && (0,alias/* sameTarget */.cS)(about, target);
}
function version(number, budget) {
    return number === null ? "\u2014" : (0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, number));
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/guards/guard.js
var guards_guard = __webpack_require__(7175);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/e-process.js
var e_process = __webpack_require__(4133);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/method.js
var method = __webpack_require__(8469);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/threshold.js
var threshold = __webpack_require__(3713);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/format.js
var format = __webpack_require__(1533);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/plan.js
var plan = __webpack_require__(957);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/counts.js
var counts = __webpack_require__(672);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/analysis/traffic-check.js






const NO_CALLS = { ofFunction: 0, unqualified: 0, ofAlias: 0, ofCanary: 0 };
/** The rule that the canary's calls must be visible. */
const TRAFFIC = "traffic";
/**
 * If this many canary calls are expected and none shows, the metrics don't see the canary: the chance of that is e^-20.
 */
const SURELY_SOME = 20;
/** A shorter silence is never taken for late figures. */
const SILENCE = 2 * time/* MINUTE */.pY;
/** A silence isn't chance if this many calls are usual in its time. The number is high because traffic varies. */
const MANY = 50;
/** With more minutes with calls than this, the longest pause between them tells what is usual. */
const ENOUGH = 10;
/**
 * The traffic check from a shift on. The counts of earlier steps are kept, since long calls show late. After the promotion
 * they don't count any more: the alias's own calls are then the canary's.
 */
function traffic_check_trafficCheckFrom(member, before, at, weight) {
    const from = firstWholeMinute(at);
    const fresh = { ofStep: 0, late: null, isSilent: false };
    const span = { from, to: null, weight, calls: NO_CALLS, isOddTold: false };
    if (before === undefined)
        return { member, spans: [span], from, heardUntil: from, ...fresh };
    // A silence continues into the next step.
    if (weight === 100) {
        return { member, spans: [span], from, heardUntil: from - (before.from - before.heardUntil), ...fresh };
    }
    const ended = before.spans.map((each) => ({ ...each, to: each.to ?? minuteOf(at) }));
    return { ...before, spans: [...ended, span], ...fresh };
}
/** The calls of a version through the alias, of the alias, of the whole function, or of the function by its bare name. */
function callsSeries(target, of) {
    return { kind: "lambda", target, metric: "Invocations", statistic: "Sum", of };
}
/**
 * The calls of the function, of its bare name, of its alias, and of the canary.
 *
 * @param isPromoted after the promotion the alias's calls are the canary's
 */
function traffic_check_trafficSeries({ target, canary }, isPromoted) {
    const serving = isPromoted ? "alias" : canary;
    return ["function", "unqualified", "alias", serving].map((of) => callsSeries(target, of));
}
/**
 * Judges whether the canary can be seen. Figures that are late are waited for, and are never held against the canary:
 * only sealed minutes tell that it can't be seen, that callers bypass the alias, or that the calls have stopped.
 */
function traffic_check_checkTraffic(trafficCheck, isPromoted, { at, reading }) {
    const { member } = trafficCheck;
    const readings = traffic_check_trafficSeries(member, isPromoted).map(reading);
    const unreadable = readings.find((each) => each.kind === "unreadable");
    if (unreadable !== undefined) {
        return { trafficCheck, analysis: traffic(member, "error", unreadable.reason), warning: null };
    }
    const [ofFunction, unqualified, ofAlias, ofCanary] = readings.map(pointsOf);
    const callsIn = (minute) => ({
        ofFunction: ofFunction?.get(minute) ?? 0,
        unqualified: unqualified?.get(minute) ?? 0,
        ofAlias: ofAlias?.get(minute) ?? 0,
        ofCanary: ofCanary?.get(minute) ?? 0,
    });
    const sealedBefore = minuteOf(at - sealingAge(member.timeout));
    const sealed = countedUpTo(trafficCheck, sealedBefore - MINUTE, callsIn);
    // Calls that show already count, even if their minute isn't complete.
    const latest = countedUpTo(trafficCheck, at, callsIn);
    const arrived = minuteOf(at - METRIC_DELAY);
    const isLong = silence(member, latest.heardUntil, sealedBefore);
    const late = isLong === null ? lateness(latest, arrived, callsIn) : null;
    const analysis = blindness(member, sealed.spans) ?? (isLong === null ? null : traffic(member, "inconclusive", isLong));
    const odd = analysis === null ? sealed.spans.find((span) => !span.isOddTold && oddShare(member, span) !== null) : undefined;
    return {
        trafficCheck: {
            ...sealed,
            spans: sealed.spans.map((span) => (span === odd ? { ...span, isOddTold: true } : span)),
            /* c8 ignore next -- for the types only: a traffic check always has a span */
            ofStep: latest.spans.at(-1)?.calls.ofCanary ?? 0,
            late: late === null || late.shownUntil < sealedBefore ? null : late,
            isSilent: isLong !== null,
        },
        analysis,
        warning: odd === undefined ? null : oddShare(member, odd),
    };
}
/** Adds the minutes up to `upTo` to the spans that they are in. A minute in which the weight changed is in none. */
function countedUpTo(trafficCheck, upTo, callsIn) {
    let { spans, from, heardUntil } = trafficCheck;
    for (; from <= upTo; from += MINUTE) {
        const minute = from;
        const calls = callsIn(minute);
        if (calls.ofFunction > 0)
            heardUntil = minute + MINUTE;
        spans = spans.map((span) => minute >= span.from && minute < (span.to ?? Number.POSITIVE_INFINITY)
            ? { ...span, calls: plus(span.calls, calls) }
            : span);
    }
    return { ...trafficCheck, spans, from, heardUntil };
}
function plus(a, b) {
    return {
        ofFunction: a.ofFunction + b.ofFunction,
        unqualified: a.unqualified + b.unqualified,
        ofAlias: a.ofAlias + b.ofAlias,
        ofCanary: a.ofCanary + b.ofCanary,
    };
}
/** Checks the current step, which tells sooner, and all steps together, in case each had few calls. */
function blindness(member, spans) {
    for (const some of [spans.slice(-1), spans]) {
        if (isBypassed(member, some))
            return traffic(member, "error", bypassed(member, sum(some)));
        const throughAlias = expected(some, "ofAlias");
        if (sum(some).ofCanary === 0 && throughAlias >= SURELY_SOME) {
            return traffic(member, "error", unseen(member, sum(some), throughAlias));
        }
    }
    return null;
}
/** True if callers use the function's bare name, and nobody has used the alias, not before the release either. */
function isBypassed({ isCalled }, spans) {
    return !isCalled && sum(spans).ofAlias === 0 && expected(spans, "unqualified") >= SURELY_SOME;
}
function sum(spans) {
    return spans.reduce((total, { calls }) => plus(total, calls), NO_CALLS);
}
/** How many of these calls would have reached the canary by its weight. */
function expected(spans, of) {
    return spans.reduce((total, { weight, calls }) => total + (calls[of] * weight) / 100, 0);
}
function bypassed({ target }, { unqualified }) {
    return (`${target.function} had ${formatCount(unqualified)} calls by its bare name and none through the alias ` +
        `${target.alias}: its callers bypass the alias, so the release can't control or see the canary's traffic`);
}
function unseen({ target, canary }, { ofAlias }, expected) {
    return (`the alias ${target.alias} had ${formatCount(ofAlias)} calls, about ${formatCount(Math.round(expected))} ` +
        `of which must have reached version ${canary}, but CloudWatch shows none of them`);
}
/**
 * Figures that must be there, but don't show yet: the function's calls, the alias's if nobody has called it before, or
 * the canary's while the alias's show.
 *
 * @param arrived the end of the last minute that usually shows
 */
function lateness({ member, heardUntil, spans }, arrived, callsIn) {
    if (silence(member, heardUntil, arrived) !== null)
        return lateSince(heardUntil, `calls of ${member.target.function}`);
    /* c8 ignore next -- for the types only: a traffic check always has a span */
    const { from = arrived, weight = 0 } = spans.at(-1) ?? {};
    if (isBypassed(member, spans))
        return lateSince(from, `calls of ${nameOf(member.target)}`);
    let [must, minute] = [0, arrived - MINUTE];
    for (; minute >= from && callsIn(minute).ofCanary === 0; minute -= MINUTE) {
        must += (callsIn(minute).ofAlias * weight) / 100;
    }
    if (must < SURELY_SOME)
        return null;
    return lateSince(minute + MINUTE, `calls of version ${member.canary} of ${member.target.function}`);
}
function lateSince(shownUntil, what) {
    return { shownUntil, reason: `CloudWatch shows ${what} only up to ${formatTime(shownUntil)}: its figures are late` };
}
/** Lambda splits at random, call by call. A share that is more than five standard deviations off has another cause. */
function oddShare({ target, canary }, span) {
    if (span.weight >= 100)
        return null;
    const { ofAlias, ofCanary } = span.calls;
    const share = span.weight / 100;
    const expected = ofAlias * share;
    if (Math.abs(ofCanary - expected) <= 5 * Math.sqrt(expected * (1 - share)))
        return null;
    return (`${nameOf(target)}: version ${canary} had ${formatCount(ofCanary)} of ${formatCount(ofAlias)} calls, but at ` +
        `${formatShare(share)} it should be about ${formatCount(Math.round(expected))}. Likely causes: an event source that sends ` +
        "few, large batches, an alias update that hasn't reached all of Lambda yet, or calls that hang and show only when they time out");
}
/** A sentence if a function that was never silent for long is silent now; else null. */
function silence({ longestSilence, usualRate, target }, heardUntil, now) {
    const lasts = now - heardUntil;
    const expected = (usualRate * lasts) / MINUTE;
    const how = `CloudWatch has shown no calls of ${target.function} since ${formatTime(heardUntil)}`;
    const because = "either they have stopped, or its figures are very late";
    if (longestSilence !== null && lasts >= 2 * longestSilence + SILENCE) {
        const before = `in the hour before the release they never paused for more than ${formatDuration(longestSilence)}`;
        return `${how}, but ${before}: ${because}`;
    }
    if (lasts > 0 && expected >= MANY) {
        const usual = `the alias usually has about ${formatCount(Math.round(expected))} calls in that time at this hour`;
        return `${how}, but ${usual}: ${because}`;
    }
    return null;
}
/**
 * The longest pause between calls, from an instant on and up to the last call; null if there are too few calls to tell.
 * Calls after the last one may still be to come.
 *
 * @param calls by minute
 */
function longestSilence(calls, from) {
    const minutes = [...calls].flatMap(([minute, count]) => (count > 0 ? [minute] : [])).sort((a, b) => a - b);
    if (minutes.length <= ENOUGH)
        return null;
    let [longest, end] = [0, from];
    for (const minute of minutes) {
        longest = Math.max(longest, minute - end);
        end = minute + MINUTE;
    }
    return longest;
}
function traffic({ target }, verdict, reason) {
    return { rule: TRAFFIC, target, verdict, reason, figures: null };
}

;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/analysis/state.js






/**
 * What is known before anything was shifted.
 *
 * @param armed the alarms that were seen in another state than ALARM
 * @param period the time that each figure will stand for
 */
function newAnalysis(members, guards, armed, now, period = MINUTE) {
    const measured = guards.filter((guard) => guard.kind !== "alarm");
    const since = minuteOf(now);
    const watches = members.flatMap((member) => measured.map((guard) => {
        const method = methodFor(guard, member.usual, since, period);
        return { member, guard, method, apart: isOfUrl(guard) ? "unknown" : "yes", limit: null };
    }));
    return { watches, trafficChecks: [], armed };
}
/** What each test may risk; bounds on levels take no part of it. */
function state_risksOf({ watches }) {
    return risksOfEach(watches.filter(({ method }) => method.kind !== "level").length);
}
/** With the first shift: evidence begins here. */
function startingAt(state, first) {
    const watches = state.watches.map((watch) => ({ ...watch, method: startingFrom(first, watch.method) }));
    return { ...state, watches };
}
function startingFrom(first, method) {
    const from = minuteOf(first);
    switch (method.kind) {
        case "counts":
            return { ...method, evidence: { ...method.evidence, from } };
        case "sign-flip":
            return { ...method, evidence: { ...method.evidence, from } };
        case "level":
            return { ...method, state: noLevel(firstWholeMinute(first)) };
    }
}
/** With each shift: from now on the canaries get this weight. */
function atWeight(state, members, weight, at) {
    const trafficChecks = members.map((member, place) => trafficCheckFrom(member, state.trafficChecks[place], at, weight));
    return { ...state, trafficChecks };
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/guards/signals.js
var signals = __webpack_require__(4439);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/fewest.js
var fewest = __webpack_require__(3118);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/analysis/sentence.js






/** `12 of 480 canary calls failed (2.5 %), 31 of 9,120 baseline calls (0.34 %); allowed up to 1.01 %: \u2026` */
function sentence_countsSentence(verdict, counted, { canary, baseline }, { ratio }, { allowed, underpowered, scope }) {
    const { happened, happenedBeside, note, through } = words(counted);
    const whose = scope === "version" ? "canary" : `the ${scope}`;
    if (canary.calls + canary.failures === 0) {
        return whose === "canary"
            ? `CloudWatch shows no calls of the canary${through} yet`
            : `CloudWatch shows no calls of ${whose}${through} yet`;
    }
    const first = `${tally(canary, whose)} ${happened} (${formatShare(rate(canary))})`;
    const second = ratio === 0 ? "" : `, ${tally(baseline, "baseline")}${happenedBeside} (${formatShare(rate(baseline))})`;
    const ending = note === null ? "" : `; ${note}`;
    const concluded = verdict === "inconclusive" && isOffItsBound(counted, baseline)
        ? "almost none of the baseline's calls are that slow any more, so there is nothing to compare"
        : conclusion(verdict, underpowered, "calls");
    return `${first}${second}; allowed up to ${formatShare(allowed)}: ${concluded}${ending}`;
}
function words(counted) {
    switch (counted.kind) {
        case "slow": {
            const beside = counted.baseline === null ? "" : ` longer than ${formatMeasure(counted.baseline, "ms")}`;
            const happened = `took longer than ${formatMeasure(counted.canary, "ms")}`;
            return { happened, happenedBeside: beside, note: null, through: "" };
        }
        case "events": {
            const { happened, note, calls } = SIGNALS[counted.signal];
            const through = calls === "UrlRequestCount" ? " through the function URL" : "";
            return { happened, happenedBeside: "", note, through };
        }
    }
}
function tally({ calls, failures }, whose) {
    const of = `${formatCount(failures)} of ${formatCount(calls)}`;
    return whose.startsWith("the ") ? `${of} calls of ${whose}` : `${of} ${whose} calls`;
}
function conclusion(verdict, underpowered, what) {
    if (underpowered)
        return `too few ${what} for any verdict`;
    switch (verdict) {
        case "pass":
            return "shown to be within tolerance";
        case "fail":
            return "shown to be over it";
        case "inconclusive":
        case "error":
            return "not enough data to show it either way";
    }
}
/** `the latest p90 \u2026 was 240 ms, the baseline's 180 ms, allowed up to 216 ms; over it in 9 of 12 minutes: \u2026` */
function sentence_pairSentence(verdict, measured, { minutes, over, latest }, { underpowered }) {
    const what = nameOfMeasured(measured);
    const unit = unitOf(measured);
    if (latest === null) {
        const fewest = measured.kind === "duration" ? ` with ${measured.fewest} calls of each version` : "";
        return `CloudWatch shows no minute yet${fewest} in which the ${what} could be judged`;
    }
    const beside = latest.baseline === null ? "" : `, the baseline's ${formatMeasure(latest.baseline, unit)}`;
    const figures = `the latest ${what} was ${formatMeasure(latest.canary, unit)}${beside}, allowed up to ${formatMeasure(latest.allowed, unit)}`;
    const tally = `over it in ${over} of ${minutes} minutes`;
    return `${figures}; ${tally}: ${conclusion(verdict, underpowered, "minutes")} (paired sign-flip test)`;
}
/** `age of the records read from the stream: 185 s, allowed up to 30 s: over the limit for 3m (fails at 3m)` */
function sentence_levelSentence(measured, { kind, latest, over }, limit, target) {
    const unit = unitOf(measured);
    const whole = measured.kind === "level" ? ` (of ${target.function} as a whole)` : "";
    const what = `${nameOfMeasured(measured)}${whole}`;
    if (latest === null)
        return `CloudWatch has shown no ${what} since the first shift`;
    const figures = `${what}: ${formatMeasure(latest, unit)}, allowed up to ${formatMeasure(limit.limit, unit)}`;
    switch (kind) {
        case "within":
        case "unmeasured":
            return `${figures}: within the limit`;
        case "over":
        case "over-for-long":
            return `${figures}: over the limit for ${formatDuration(over * limit.period)} (fails at ${formatDuration(tooMany(limit) * limit.period)})`;
        case "unarmed":
            return `${figures}: it was already over the limit before the release, and counts once it has been within it`;
    }
}
function nameOfMeasured(measured) {
    switch (measured.kind) {
        case "duration":
            return measured.words;
        case "level":
            return SIGNALS[measured.signal].words;
        case "own": {
            const { namespace, name, statistic } = measured.metric;
            return `${statistic} of ${namespace}/${name}`;
        }
    }
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/sign-flip.js
var sign_flip = __webpack_require__(4789);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/analysis/judge.js










/**
 * Which minutes count before they are sealed. A call shows only when it has finished.
 *
 * In a comparison all minutes count: both sides lack the same calls. Against a number, a minute counts once the calls
 * that usually take long are over; before, only those that fail at once would show. In the canary's favour, a minute
 * counts once no call can be under way any more.
 */
function judge_provisionalAt(at, { timeout, usual }) {
    const complete = at - MINUTE - METRIC_DELAY;
    const usually = Math.min(timeout, SLOW_CALLS * (usual.latency["p90"] ?? timeout));
    return ({ ratio }) => ({
        against: ratio > 0 ? Number.POSITIVE_INFINITY : complete - usually + 1,
        inFavour: complete - timeout + 1,
    });
}
/** Nearly all calls are over after this many times their p90. */
const SLOW_CALLS = 4;
/** Adds the new minutes to what a method knows, and judges by all of it. */
function judge_judge(method, read, moment, target) {
    switch (method.kind) {
        case "counts":
            return judgeCounts(method, read, moment);
        case "sign-flip":
            return judgePairs(method, read, moment);
        case "level":
            return judgeLevel(method, read, moment, target);
    }
}
/** With this many calls, there is no need to check whether they could show anything. */
const FEW = 200;
function judgeCounts(method, read, { risks, share, sealedBefore, provisional, scope, limit, usual, usualRate }) {
    const { counted } = method;
    // Of the function as a whole only its alias's calls are known.
    const usualCalls = scope === "version" ? usualRate * share : scope === "alias" ? usualRate : 0;
    const tolerance = toleranceOf(method, limit);
    const isPaired = haveSamplesOfAll(counted, read, usual);
    const minutes = minuteCounts(counted, read, isPaired);
    const evidence = seal(method.evidence, minutes, sealedBefore, tolerance, risks);
    const { bad, good, seen } = isPaired
        ? weigh(evidence, minutes, tolerance, risks, provisional(tolerance))
        : weighApart(evidence, minutes, tolerance, risks, sealedBefore, provisional(tolerance).against, usualCalls);
    const isStale = isOffItsBound(counted, seen.baseline);
    const verdict = isStale && bad < 1 ? "inconclusive" : shown(bad, good);
    const calls = Math.max(seen.canary.calls, seen.canary.failures);
    const figures = {
        scope,
        unit: "share",
        slow: counted.kind === "slow" ? { canary: counted.canary, baseline: counted.baseline } : null,
        canary: seen.canary,
        baseline: tolerance.ratio > 0 ? seen.baseline : null,
        allowed: tolerance.ratio * rate(seen.baseline) + tolerance.margin,
        evidence: evidenceOf(bad, isStale ? 0 : good),
        underpowered: verdict === "inconclusive" && calls < FEW && !couldShow(calls, tolerance, share, risks.alpha),
    };
    return {
        method: { ...method, evidence },
        verdict,
        reason: countsSentence(verdict, counted, seen, tolerance, figures),
        figures,
    };
}
/**
 * Weighs calls and events that come from two series, either of which may be late. Only sealed minutes count, with one
 * exception: against a number, minutes count before that as if they had had their usual calls at least.
 */
function weighApart(evidence, minutes, tolerance, risks, sealedBefore, against, usualCalls) {
    const sealed = weigh(evidence, minutes, tolerance, risks, { against: sealedBefore, inFavour: sealedBefore });
    if (tolerance.ratio > 0 || usualCalls === 0)
        return sealed;
    const atLeast = minutes.map((each) => ({
        ...each,
        canary: { ...each.canary, calls: Math.max(each.canary.calls, usualCalls) },
    }));
    const { bad } = weigh(evidence, atLeast, tolerance, risks, { against, inFavour: sealedBefore });
    if (bad < 1)
        return sealed;
    const { seen } = weigh(evidence, minutes, tolerance, risks, { against, inFavour: sealedBefore });
    return { ...sealed, bad, seen };
}
/** Where the time before the release was over the guard's own limit, that isn't blamed on the canary. */
function toleranceOf({ tolerance }, limit) {
    return limit === null ? tolerance : { ratio: 0, margin: limit };
}
/**
 * True if the events' own samples tell how many calls there were. In case AWS leaves out the zeros, that must have been
 * seen.
 */
function haveSamplesOfAll(counted, { canary, baseline }, usual) {
    if (counted.kind === "slow")
        return true;
    if (!SIGNALS[counted.signal].hasSampleOfEachCall)
        return false;
    if (usual.hasErrorSamples)
        return true;
    return [canary, baseline].some((side) => {
        const [, events, samples] = side.map(pointsOf);
        return [...(samples ?? [])].some(([minute, count]) => count > (events?.get(minute) ?? 0));
    });
}
/**
 * Counts by minute, for the minutes with any calls. Only there does a missing point mean zero.
 *
 * @param isPaired whether the events' own samples are the calls
 */
function minuteCounts(counted, { canary, baseline }, isPaired) {
    const [calls, events, samples] = canary.map(pointsOf);
    const [baseCalls, baseEvents, baseSamples] = baseline.map(pointsOf);
    const minutes = minutesOf(calls, events, baseCalls);
    const of = (all, happened, sampled, minute) => {
        const n = all?.get(minute) ?? 0;
        const told = happened?.get(minute);
        if (isPaired && counted.kind === "events")
            return { calls: sampled?.get(minute) ?? 0, failures: told ?? 0 };
        switch (counted.kind) {
            case "slow":
                // Without its percentile rank, nothing is known about a minute's calls.
                return told === undefined
                    ? { calls: 0, failures: 0 }
                    : { calls: n, failures: Math.round(n * (1 - told / 100)) };
            case "events": {
                const others = SIGNALS[counted.signal].isBesideCalls ? (told ?? 0) : 0;
                return { calls: n + others, failures: told ?? 0 };
            }
        }
    };
    return minutes.map((minute) => ({
        minute,
        canary: of(calls, events, samples, minute),
        baseline: of(baseCalls, baseEvents, baseSamples, minute),
    }));
}
function judgePairs(method, read, { risks, sealedBefore, provisional, scope, limit }) {
    const { measured } = method;
    const tolerance = toleranceOf(method, limit);
    const pairs = minutePairs(measured, tolerance, read);
    const evidence = sealPairs(method.evidence, pairs, sealedBefore, risks);
    const { bad, good, seen } = weighPairs(evidence, pairs, risks, provisional(tolerance));
    const verdict = shown(bad, good);
    const { latest } = seen;
    const figures = {
        scope,
        unit: unitOf(measured),
        slow: null,
        canary: latest === null ? null : { value: latest.canary },
        baseline: latest === null || latest.baseline === null ? null : { value: latest.baseline },
        allowed: latest?.allowed ?? tolerance.margin,
        evidence: evidenceOf(bad, good),
        underpowered: verdict === "inconclusive" && seen.minutes < fewestMinutes(risks.alpha),
    };
    return { method: { ...method, evidence }, verdict, reason: pairSentence(verdict, measured, seen, figures), figures };
}
/** The minutes in which both sides have a figure made of enough calls. */
function minutePairs({ fewest }, tolerance, read) {
    const figuresOf = (readings) => {
        const [figures, calls] = readings.map(pointsOf);
        const enough = [...(figures ?? [])].filter(([minute]) => calls === undefined || (calls.get(minute) ?? 0) >= fewest);
        return new Map(enough);
    };
    const [canary, baseline] = [figuresOf(read.canary), figuresOf(read.baseline)];
    return minutesOf(canary).flatMap((minute) => {
        const figure = canary?.get(minute);
        const beside = baseline?.get(minute);
        if (figure === undefined || (beside === undefined && tolerance.ratio > 0))
            return [];
        const allowed = tolerance.ratio * (beside ?? 0) + tolerance.margin;
        return [{ minute, canary: figure, baseline: beside ?? null, allowed }];
    });
}
function judgeLevel(method, { canary }, { at, scope }, target) {
    const { measured, limit } = method;
    const { state, status } = lookAtLevel(method.state, pointsOf(canary[0]), limit, at);
    const verdicts = {
        "over-for-long": "fail",
        within: "pass",
        over: "inconclusive",
        unarmed: "inconclusive",
        unmeasured: "inconclusive",
    };
    const figures = {
        scope,
        unit: unitOf(measured),
        slow: null,
        canary: status.latest === null ? null : { value: status.latest },
        baseline: null,
        allowed: limit.limit,
        evidence: null,
        underpowered: false,
    };
    const reason = levelSentence(measured, status, limit, target);
    return { method: { ...method, state }, verdict: verdicts[status.kind], reason, figures };
}
function shown(bad, good) {
    return bad >= 1 ? "fail" : good >= 1 ? "pass" : "inconclusive";
}
function evidenceOf(bad, good) {
    return bad >= 1 ? 1 : Math.min(1, Math.max(-1, Math.max(0, bad) - Math.max(0, good)));
}
/** The minutes of all the points given, in order of time. */
function minutesOf(...all) {
    const minutes = new Set(all.flatMap((points) => [...(points?.keys() ?? [])]));
    return [...minutes].sort((a, b) => a - b);
}

;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/analysis/series.js

/**
 * The series of one side. For counts: the calls, then what happened to them, then its number of samples, if it has one
 * for each call. For a figure: the figure, then the number of calls behind it, if CloudWatch has that.
 *
 * @param of the version, or "alias" once that serves nothing else
 */
function series_seriesOf(method, side, target, version, of) {
    const lambda = (metric, statistic, whose = of) => ({
        kind: "lambda",
        target,
        metric,
        statistic,
        of: whose,
    });
    if (method.kind === "counts") {
        const { counted } = method;
        if (counted.kind === "slow") {
            /* c8 ignore next -- for the types only: the baseline is asked for in comparisons only, and those set its bound */
            const bound = side === "canary" ? counted.canary : (counted.baseline ?? counted.canary);
            return [lambda("Duration", "SampleCount"), lambda("Duration", shareUpTo(bound))];
        }
        const { metric, calls, scope, hasSampleOfEachCall } = SIGNALS[counted.signal];
        const whose = scope === "version" ? of : scope;
        const samples = hasSampleOfEachCall ? [lambda(metric, "SampleCount", whose)] : [];
        return [lambda(calls, "Sum", whose), lambda(metric, "Sum", whose), ...samples];
    }
    const { measured } = method;
    switch (measured.kind) {
        case "duration":
            return [lambda(measured.metric, measured.statistic), lambda(measured.metric, "SampleCount")];
        case "level":
            return [lambda(SIGNALS[measured.signal].metric, "Maximum", "function")];
        case "own":
            return measured.fewest === 0
                ? [ownSeries(measured.metric, target, version)]
                : [
                    ownSeries(measured.metric, target, version),
                    ownSeries({ ...measured.metric, statistic: "SampleCount" }, target, version),
                ];
    }
}
/** CloudWatch's percentile rank: the percentage of calls that took no longer than the bound. */
function shareUpTo(bound) {
    return `PR(:${Number(bound.toFixed(2))})`;
}
function ownSeries({ namespace, name, dimensions, statistic }, target, version) {
    const fill = (value) => value.replaceAll("$version", version).replaceAll("$alias", target.alias).replaceAll("$function", target.function);
    const filled = Object.entries(dimensions).map(([key, value]) => [key, fill(value)]);
    return { kind: "own", namespace, name, dimensions: Object.fromEntries(filled), statistic };
}

;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/analysis/watch.js








/** @param promotedAt since when all traffic has been on the canaries; null before */
function watch_activeWatches(watches, promotedAt) {
    const at = promotedAt === null ? null : firstWholeMinute(promotedAt);
    return watches.flatMap((watch) => {
        const { method, guard, member } = watch;
        const { target, canary, baseline } = member;
        const comparing = isComparing(guard);
        const ofCanary = seriesOf(method, "canary", target, canary, canary);
        const ofBaseline = comparing ? seriesOf(method, "baseline", target, baseline, baseline) : [];
        const alias = seriesOf(method, "canary", target, canary, "alias");
        if (at === null) {
            const [beside] = seriesOf(method, "baseline", target, baseline, baseline);
            const isKnown = watch.apart === "yes" || method.kind === "level" || beside === undefined;
            const whole = isKnown ? null : { alias, beside, since: method.evidence.from };
            return [{ watch, canary: ofCanary, baseline: ofBaseline, handover: null, whole }];
        }
        const isSealed = method.kind !== "level" && method.evidence.from >= at;
        if (comparing)
            return isSealed
                ? []
                : [{ watch, canary: ofCanary, baseline: ofBaseline, handover: { at, alias: [] }, whole: null }];
        const isOfAlias = isSealed || watch.apart === "no";
        const handover = isOfAlias ? null : { at, alias };
        return [{ watch, canary: isOfAlias ? alias : ofCanary, baseline: [], handover, whole: null }];
    });
}
/** Takes the minutes before the handover from the version's series, and those after it from the alias's. */
function handedOver(reading, handover, successor) {
    if (handover === null || reading.kind === "unreadable")
        return reading;
    if (successor?.kind === "unreadable")
        return successor;
    const before = [...reading.points].filter(([minute]) => minute < handover.at);
    const after = [...pointsOf(successor)].filter(([minute]) => minute >= handover.at);
    return { kind: "points", points: new Map([...before, ...after]) };
}
/** Adds the new minutes to a watch, and judges its guard by all that is known so far. */
function watch_judgeWatch(active, { at, reading }, terms) {
    const { watch, canary, baseline, handover, whole } = active;
    const { guard, member } = watch;
    const judged = (news, verdict, reason, figures) => ({
        watch: { ...watch, ...news },
        analysis: { rule: guard.text, target: member.target, verdict, reason, figures },
    });
    const sealedBefore = minuteOf(at - sealingAge(member.timeout));
    const apart = whole === null ? watch.apart : apartBy(active, whole, reading, sealedBefore);
    const isWhole = apart === "no" && whole !== null;
    const read = {
        canary: (isWhole ? whole.alias : canary).map((each, index) => {
            const successor = handover?.alias[index];
            return handedOver(reading(each), handover, successor === undefined ? undefined : reading(successor));
        }),
        baseline: baseline.map((each) => handedOver(reading(each), handover, undefined)),
    };
    const besides = whole === null ? [] : [whole.beside, ...whole.alias].map(reading);
    const unreadable = [...read.canary, ...read.baseline, ...besides].find((each) => each.kind === "unreadable");
    if (unreadable !== undefined)
        return judged({}, "error", unreadable.reason, null);
    if (isWhole && isComparing(guard))
        return judged({ apart }, "inconclusive", NOT_APART, null);
    const scope = apart === "no" ? "alias" : scopeOf(watch.method);
    const limit = scope === "version" ? null : watch.limit;
    const provisional = provisionalAt(at, member);
    const { method, verdict, reason, figures } = judge(watch.method, read, { ...terms, at, sealedBefore, provisional, scope, limit, usual: member.usual, usualRate: member.usualRate }, member.target);
    // Until it is known whose figures will come, no minute is final.
    const isOpen = apart === "unknown" && whole !== null;
    const told = [reason, ...(isWhole ? [AS_A_WHOLE] : []), ...remarkOn(watch.method, limit, figures)].join("; ");
    return judged({ apart, method: isOpen ? watch.method : method }, verdict, told, figures);
}
/** Why more is allowed than the guard says. */
function remarkOn(method, limit, { unit }) {
    if (limit === null || method.kind === "level")
        return [];
    return [`it was over ${formatMeasure(method.tolerance.margin, unit)} before the release already`];
}
const AS_A_WHOLE = "CloudWatch doesn't tell the versions of this function URL apart, so this is the alias as a whole";
const NOT_APART = "CloudWatch doesn't tell the versions of this function URL apart, so they can't be compared: write a fixed limit instead";
/** Late figures prove nothing: only minutes that no longer grow can show that there are none by version. */
function apartBy({ watch: { apart }, canary }, { alias, beside, since }, reading, sealedBefore) {
    const minutes = (series) => series.slice(0, 1).flatMap((first) => {
        return [...pointsOf(reading(first))].flatMap(([minute, figure]) => (figure > 0 ? [minute] : []));
    });
    if (minutes([beside]).length > 0 || minutes(canary).length > 0)
        return "yes";
    // In the minute of the shift, most requests may have come before it.
    return minutes(alias).some((minute) => minute > since && minute < sealedBefore) ? "no" : apart;
}

;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/analysis/analyse.js






/** True if at least one guard compares with the baseline, and all that do were shown to be within their tolerance. */
function isVerified(guards, analyses) {
    const theirs = analyses.filter(({ rule }) => isOfComparison(guards, rule));
    return theirs.length > 0 && theirs.every((analysis) => analysis.verdict === "pass");
}
/** True for the rule of a guard that compares with the baseline. */
function isOfComparison(guards, rule) {
    return guards.some((guard) => guard.text === rule && (0,guards_guard/* isComparing */.B$)(guard));
}
/** The guards that still work once all traffic is on the canary: those that need no baseline. */
function guardsAfterPromotion(guards) {
    return guards.filter((guard) => !isComparing(guard));
}
/** The series that the next look needs, and the first minute to read. */
function wanted(state, { promotedAt }) {
    const watches = activeWatches(state.watches, promotedAt);
    const series = [
        ...watches.flatMap(({ canary, baseline, handover, whole }) => [
            ...canary,
            ...baseline,
            ...(handover?.alias ?? []),
            ...(whole === null ? [] : [whole.beside, ...whole.alias]),
        ]),
        ...state.trafficChecks.flatMap(({ member }) => trafficSeries(member, promotedAt !== null)),
    ];
    const from = Math.min(...watches.map(({ watch: { method } }) => (method.kind === "level" ? method.state.from : method.evidence.from)), ...state.trafficChecks.map(({ from }) => from));
    return { series: distinct(series), from };
}
/** Adds an observation to what is known, and judges every rule by all of it. */
function analyse(state, observation, context) {
    const isPromoted = context.promotedAt !== null;
    const terms = { risks: risksOf(state), share: context.weight / 100 };
    const judged = new Map(activeWatches(state.watches, context.promotedAt).map((active) => [active.watch, judgeWatch(active, observation, terms)]));
    const checked = state.trafficChecks.map((each) => checkTraffic(each, isPromoted, observation));
    const alarms = judgeAlarms(context.guards, state.armed, observation);
    return {
        state: {
            watches: state.watches.map((watch) => judged.get(watch)?.watch ?? watch),
            trafficChecks: checked.map(({ trafficCheck }) => trafficCheck),
            armed: alarms.armed,
        },
        analyses: [
            // After the promotion, a comparison can only still fail, by calls that show late.
            ...[...judged.values()].flatMap(({ watch, analysis }) => isComparing(watch.guard) && isPromoted && analysis.verdict !== "fail" ? [] : [analysis]),
            ...checked.flatMap(({ analysis }) => (analysis === null ? [] : [analysis])),
            ...alarms.analyses,
        ],
        warnings: checked.flatMap(({ warning }) => (warning === null ? [] : [warning])),
    };
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/plain.js
var plain = __webpack_require__(5134);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/story.js
var report_story = __webpack_require__(5391);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/report/guard-table.js










/** A version is a number, so it is never longer. */
const LONGEST_VERSION = 12;
/** One row per guard and function: both versions' figures, the limit, the evidence, the verdict. */
function guardTable(story, budget) {
    const { rows } = story;
    if (rows.length === 0)
        return awaited(story, budget);
    const { kept, left } = (0,comment_budget/* cut */.Jj)(budget, worstFirst(rows), "verdicts were");
    const inOrder = rows.filter((row) => kept.includes(row));
    const isFleet = story.members.length > 1;
    const [only] = (0,report_story/* releasedOf */.f8)(story);
    const named = (side, version) => isFleet || !version ? side : `${side}&nbsp;${(0,markdown/* prose */.CS)((0,plain/* clip */.$Q)(version, LONGEST_VERSION))}`;
    const head = [
        "Guard",
        named("Baseline", only?.baseline),
        named("Canary", only?.canary),
        "Allowed<br>up to",
        "Shown<br><sub>good&nbsp;\u27f7&nbsp;bad</sub>",
        "Verdict",
    ];
    const cells = inOrder.map((row) => {
        const about = row.analysis.target === null ? "all" : (0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, row.analysis.target.function));
        return isFleet ? [about, ...guardCells(story, row, budget)] : guardCells(story, row, budget);
    });
    const text = isFleet
        ? (0,markdown/* table */.tp)(["Function", ...head], ["left", "left", "center", "center", "center", "center", "left"], cells)
        : (0,markdown/* table */.tp)(head, ["left", "center", "center", "center", "center", "left"], cells);
    return left === "" ? text : `${text}\n\n${left}`;
}
function guardCells(story, { analysis }, budget) {
    const { rule, verdict, reason, figures } = analysis;
    const name = (0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, rule));
    const word = `${symbols/* VERDICT_SYMBOLS */.C[verdict]}&nbsp;${verdict}`;
    if (figures === null)
        return [`${name}<br><sub>${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, reason))}</sub>`, "", "", "", "", word];
    const { baseline, canary, allowed, evidence, scope, unit, slow } = figures;
    return [
        wasBeforePromotion(story, rule) ? `${name}<br><sub>as last judged, before the promotion</sub>` : name,
        baseline === null ? "" : `${measured(baseline, unit)}${over(slow?.baseline)}`,
        `${canary === null ? "nothing&nbsp;yet" : measured(canary, unit)}${over(slow?.canary)}${WHOSE[scope]}`,
        (0,format/* formatMeasure */.os)(allowed, unit),
        evidence === null ? "" : (0,markdown/* code */.aY)((0,bars/* evidenceBar */.V_)(evidence)),
        word,
    ];
}
/** The duration above which a call counts as slow. */
function over(bound) {
    return bound === null || bound === undefined
        ? ""
        : `<br><sub>over&nbsp;${(0,format/* formatMeasure */.os)(bound, "ms").replace(" ", "&nbsp;")}</sub>`;
}
/** Not every signal is measured per version. */
const WHOSE = {
    version: "",
    alias: "<br><sub>of&nbsp;the&nbsp;alias</sub>",
    function: "<br><sub>of&nbsp;the&nbsp;function</sub>",
    metric: "<br><sub>of&nbsp;all&nbsp;versions</sub>",
};
/** After the promotion there is no baseline to compare with, so a comparison keeps its last verdict. */
function wasBeforePromotion(story, rule) {
    return story.state.kind === "promoted" && isOfComparison(story.guards, rule);
}
function measured(figure, unit) {
    if (!("calls" in figure))
        return (0,format/* formatMeasure */.os)(figure.value, unit);
    const { calls, failures } = figure;
    if (calls + failures === 0)
        return "no calls";
    // A failed init is an error without an invocation.
    const of = Math.max(calls, failures);
    return `${(0,format/* formatShare */.T1)((0,counts/* rate */.TS)(figure))}<br><sub>${(0,format/* formatCount */.B4)(failures)} of ${(0,format/* formatCount */.B4)(of)}</sub>`;
}
function worstFirst(rows) {
    const rank = ({ analysis }) => analysis_verdict/* VERDICTS */.bk.indexOf(analysis.verdict);
    return [...rows].sort((a, b) => rank(b) - rank(a));
}
/** Before the first look: the names of the guards, so that people see what will be watched. */
function awaited({ guards, state }, budget) {
    if (guards.length === 0 || (state.kind !== "ready" && state.kind !== "baking" && state.kind !== "preparing"))
        return "";
    const { kept, left } = (0,comment_budget/* cut */.Jj)(budget, guards, "guards are");
    const text = (0,markdown/* table */.tp)(["Guard", "Verdict"], ["left", "left"], kept.map((guard) => [(0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, guard.text)), "\u00b7 nothing measured yet"]));
    return left === "" ? text : `${text}\n\n${left}`;
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/headline.js + 3 modules
var headline = __webpack_require__(7701);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/report/plan-bar.js



/** More columns don't fit side by side. */
const COLUMNS = 7;
/** The plan's steps side by side, as a Markdown table. Of a long plan, only those around the current step. */
function planBar(steps) {
    const columns = plan_bar_window(steps);
    return (0,markdown/* table */.tp)(columns.map(([head]) => head), columns.map(() => "center"), [columns.map(([, times]) => times)]);
}
function plan_bar_window(steps) {
    if (steps.length <= COLUMNS)
        return steps.map(column);
    const budget = COLUMNS - 2;
    const latest = steps.findLastIndex(({ progress }) => progress !== "ahead");
    const last = steps.length - budget;
    const wanted = Math.min(Math.max(0, latest - 2), last);
    // A single step is shown: folding it would save nothing.
    const from = wanted === 1 ? 0 : wanted === last - 1 ? last : wanted;
    const before = steps.slice(0, from);
    const behind = steps.slice(from + budget);
    return [
        ...(before.length > 0 ? [folded("\u2713", before)] : []),
        ...steps.slice(from, from + budget).map(column),
        ...(behind.length > 0 ? [folded("\u00b7", behind)] : []),
    ];
}
function folded(symbol, steps) {
    const [first = "", last = ""] = [steps[0], steps.at(-1)].map((step) => (step === undefined ? "" : plan_bar_nameOf(step)));
    return [`${symbol} ${first} \u2013 ${last}`, `${steps.length} steps`];
}
function plan_bar_nameOf({ weight }) {
    return weight === 100 ? "promote" : `${weight} %`;
}
function column(step) {
    const { bake, progress, since, until } = step;
    const name = plan_bar_nameOf(step);
    const from = since === null ? "" : (0,clock/* clock */.pm)(since);
    const to = until === null ? "" : (0,clock/* clock */.pm)(until);
    switch (progress) {
        case "ahead":
            return [`\u00b7 ${name}`, bake > 0 ? (0,time/* formatDuration */.a3)(bake) : ""];
        case "at-hand":
            return [`\u25ba **${name}**`, to === "" ? from : `${from} \u2192 ${to}`];
        case "done":
            return [`\u2713 ${name}`, to === "" || to === from ? from : `${from} \u2013 ${to}`];
        case "stopped":
            return [`\u2717 **${name}**`, to === "" || to === from ? from : `${from} \u2013 ${to}`];
    }
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/serving-summary.js
var serving_summary = __webpack_require__(7159);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/report/comment.js
















/** GitHub refuses a comment of 65,536 bytes. Observed: "Body is too long (maximum is 65536 characters)". */
const LIMIT = 65_000;
/** A longer command is left out: half a command would be dangerous. */
const LONGEST_COMMAND = 1_500;
/** The hidden first line by which a later run finds the comment again. */
function marker({ targets, workflow, job, region, account }) {
    const names = targets.map(alias/* nameOf */.Vb).sort();
    // Everybody can read the marker: a longer fingerprint would give away the account to whoever tries them all.
    const hint = account === null ? null : fingerprint(account).slice(0, 3);
    return `<!-- lambda-canary ${fingerprint(JSON.stringify([workflow, job, names, region, hint]))} -->`;
}
/** The comment on the pull request, which is also the job summary. */
function renderComment(story, key, links) {
    let text = "";
    for (const budget of comment_budget/* COMMENT_BUDGETS */.tR) {
        text = `${marker(key)}\n${body(story, key, links, budget)}\n`;
        if (new TextEncoder().encode(text).length <= LIMIT)
            break;
    }
    return text;
}
function body(story, key, links, budget) {
    const { symbol, subject, words } = (0,headline/* headline */.P)(story);
    const isFleet = story.members.length > 1;
    const where = key.region === null ? "" : ` in ${(0,markdown/* prose */.CS)(key.region)}`;
    return [
        `### ${symbol} ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, subject))}${where} \u00b7 ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, words))}`,
        ...summit(story, budget),
        story.shifts.length > 0 || story.state.kind !== "ended" ? planBar((0,report_story/* stepsOf */.B_)(story)) : "",
        story.forecast !== null && isPlanned(story.forecast) ? (0,forecast_table/* forecastTable */.wX)(story.forecast, budget) : "",
        (0,forecast_table/* checkList */.RJ)(story.checks, budget),
        story.replayed.length > 0 ? (0,forecast_table/* replayTable */.Mk)(story.replayed, budget) : "",
        isFleet ? functionTable(story, budget) : "",
        guardTable(story, budget),
        warnings(story, budget),
        details(story, budget),
        footer(story, key, links, budget),
    ]
        .filter((part) => part !== "")
        .join("\n\n");
}
/**
 * Where the traffic is. While rolling back and at the end, also why, and what to do. Urgent cases are in a coloured
 * box.
 */
function summit(story, budget) {
    const { state } = story;
    const stands = (0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, (0,serving_summary/* servingSummary */.J)(story)));
    const next = (0,advice/* advice */.v)(story);
    const stranded = (0,report_story/* strandedOf */.nH)(story);
    const reason = state.kind === "ended" || state.kind === "rolling-back" ? (0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, state.reason)) : "";
    const told = [`**${stands}**`, reason, next === null ? "" : (0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, next))].filter((line) => line !== "");
    if (stranded.length > 0) {
        const { kept, left } = (0,comment_budget/* cut */.Jj)(budget, stranded, "commands are");
        const cries = kept.flatMap((each) => [
            (0,plain/* plain */.pj)(each.command).length <= LONGEST_COMMAND
                ? (0,markdown/* commandBlock */.L)(each.command)
                : "The command is too long for a comment: the log has it.",
            // As code: in prose, a name and the colon after it could turn into an emoji.
            `${(0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, (0,alias/* nameOf */.Vb)(each.target)))}: ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, each.reason))}`,
        ]);
        const lines = [`**${stands}**`, (0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, next ?? "")), ...cries, left, reason];
        return [(0,markdown/* box */.aP)("CAUTION", lines.filter((line) => line !== "").join("\n\n"))];
    }
    switch (state.kind) {
        case "preparing":
        case "ready":
            return [stands];
        case "baking":
        case "promoted":
            return [`${(0,markdown/* code */.aY)((0,bars/* weightBar */.ev)((0,report_story/* weightNow */.XW)(story)))} ${stands}`];
        case "rolling-back":
            return [(0,markdown/* box */.aP)("WARNING", told.join("\n\n"))];
        case "ended":
            break;
    }
    switch (state.outcome) {
        case "promoted":
            return story.verified ? told : [(0,markdown/* box */.aP)("WARNING", told.join("\n\n"))];
        case "rolled-back":
            return story.aRollbackIs === "the aim" ? told : [(0,markdown/* box */.aP)("WARNING", told.join("\n\n"))];
        case "unchanged":
        case "created":
        case "planned":
        case "replayed":
            return told;
        case "superseded":
        case "failed":
            return [(0,markdown/* box */.aP)("CAUTION", told.join("\n\n"))];
    }
}
function warnings({ warnings: all }, budget) {
    const { kept, left } = (0,comment_budget/* cut */.Jj)(budget, all, "warnings are");
    return [...kept.map((text) => `- \u26a0\ufe0f ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, text))}`), left === "" ? "" : `- ${left}`]
        .filter((line) => line !== "")
        .join("\n");
}
/** True if a plan was asked for: then the forecast is what this is about. */
function isPlanned({ wish }) {
    return wish !== null;
}
/** The notes, and the sentence of every verdict. */
function details({ rows, notes, forecast }, budget) {
    const sentences = (0,comment_budget/* cut */.Jj)(budget, rows.filter(({ analysis }) => analysis.figures !== null), "sentences are");
    const noted = (0,comment_budget/* cut */.Jj)(budget, notes, "notes are");
    const lines = [
        ...noted.kept.map(({ at, text }) => `- ${(0,clock/* clock */.pm)(at)} ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, text))}`),
        ...sentences.kept.map(({ at, analysis: { rule, target, reason } }) => {
            const about = target === null ? "" : ` (${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, target.function))})`;
            return `- ${(0,clock/* clock */.pm)(at)} ${(0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, rule))}${about}: ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, reason))}`;
        }),
        ...[noted.left, sentences.left].filter((left) => left !== "").map((left) => `- ${left}`),
    ];
    const expected = forecast === null || isPlanned(forecast) ? [] : [(0,forecast_table/* forecastTable */.wX)(forecast, budget)];
    const parts = [...expected, ...(lines.length === 0 ? [] : [lines.join("\n")])];
    if (parts.length === 0)
        return "";
    return `<details><summary>Details</summary>\n\n${parts.join("\n\n")}\n\n</details>`;
}
function footer(story, { job }, links, budget) {
    const { startedAt, asOf, state } = story;
    const parts = [];
    if (startedAt !== null && asOf !== null) {
        const lasted = (0,time/* formatDuration */.a3)(asOf - startedAt);
        const last = state.kind === "ended" ? `took ${lasted}` : `as of ${(0,clock/* clockToTheSecond */.x9)(asOf)}, after ${lasted}`;
        parts.push(`Started ${(0,clock/* dayAndClock */.q4)(startedAt)} UTC, ${last}`);
    }
    if (job !== "")
        parts.push(`job ${(0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, job))}`);
    if (links.run !== null)
        parts.push((0,markdown/* link */.nf)("run and log", links.run));
    if (links.rollback !== null && canBeRolledBack(story))
        parts.push((0,markdown/* link */.nf)("roll back by hand", links.rollback));
    return parts.length === 0 ? "" : `<sub>${parts.join(" \u00b7 ")}</sub>`;
}
/** True while a canary has traffic, or may have. */
function canBeRolledBack(story) {
    const { state } = story;
    if ((0,report_story/* strandedOf */.nH)(story).length > 0)
        return true;
    return state.kind === "ended" ? state.outcome === "promoted" : story.shifts.length > 0;
}


/***/ })

};
;