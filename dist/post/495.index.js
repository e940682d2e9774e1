"use strict";
exports.id = 495;
exports.ids = [495];
exports.modules = {

/***/ 2495:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  renderComment: () => (/* binding */ renderComment)
});

// UNUSED EXPORTS: marker

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/alias.js
var alias = __webpack_require__(2065);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/release/fingerprint.js
const PRIME = 0x100000001b3n;
const BASIS = 0xcbf29ce484222325n;
/** A text's hash, as sixteen hex digits (FNV-1a, 64 bits): to recognise the text, not to protect it. */
function fingerprint(text) {
    const hash = new TextEncoder()
        .encode(text)
        .reduce((h, byte) => BigInt.asUintN(64, (h ^ BigInt(byte)) * PRIME), BASIS);
    return hash.toString(16).padStart(16, "0");
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/time.js
var time = __webpack_require__(8120);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/advice.js
var advice = __webpack_require__(9804);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/bars.js
var bars = __webpack_require__(4814);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/clock.js
var clock = __webpack_require__(6988);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/verdict.js
var release_verdict = __webpack_require__(4448);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/markdown.js
var markdown = __webpack_require__(5217);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/room.js
var report_room = __webpack_require__(3235);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/symbols.js
var symbols = __webpack_require__(3727);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/report/function-table.js





/** One row per function of a fleet; those that need attention come first. */
function functionTable(story, room) {
    const { members, rows } = story;
    const hasFailed = ({ target }) => rows.some(({ analysis }) => analysis.verdict === "fail" && isAbout(analysis.target, target));
    const bad = (member) => (member.stranded !== null ? 2 : hasFailed(member) ? 1 : 0);
    const { kept, left } = (0,report_room/* cut */.Jj)(room, [...members].sort((a, b) => bad(b) - bad(a)), "functions are");
    const text = (0,markdown/* table */.tp)(["Function", "Baseline \u2192 canary", "State"], ["left", "center", "left"], kept.map((member) => [
        (0,markdown/* code */.aY)((0,report_room/* within */.ux)(room, (0,alias/* nameOf */.Vb)(member.target))),
        `${version(member.baseline, room)} \u2192 ${version(member.canary, room)}`,
        stateOf(story, member, room),
    ]));
    return left === "" ? text : `${text}\n\n${left}`;
}
function stateOf({ rows }, member, room) {
    const { target, baseline, canary, serving, stranded } = member;
    if (stranded !== null)
        return "\ud83d\udea8 **not rolled back**";
    const parts = [];
    if (canary !== null && baseline === null)
        parts.push("\ud83c\udf31 created");
    else if (canary !== null && baseline === canary)
        parts.push("unchanged");
    else {
        const verdict = (0,release_verdict/* worst */.QZ)(rows.map(({ analysis }) => analysis).filter((each) => isAbout(each.target, target)))?.verdict;
        if (verdict !== undefined)
            parts.push(`${symbols/* VERDICT_SYMBOLS */.C[verdict]} ${verdict}`);
    }
    if (serving !== null)
        parts.push(`serves ${(0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, (0,alias/* describeRouting */.ww)(serving.routing)))}`);
    return parts.join(" \u00b7 ");
}
function isAbout(about, target) {
    return about !== null && (0,alias/* sameTarget */.cS)(about, target);
}
function version(number, room) {
    return number === null ? "\u2014" : (0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, number));
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/guard.js
var release_guard = __webpack_require__(6712);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/release.js
var release = __webpack_require__(3672);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/sight.js
var sight = __webpack_require__(6820);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/evidence.js
var evidence = __webpack_require__(2048);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/figures.js
var release_figures = __webpack_require__(4180);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/level.js
var level = __webpack_require__(7479);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/method.js
var method = __webpack_require__(508);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/plan.js
var plan = __webpack_require__(1450);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/power.js
var power = __webpack_require__(4272);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/signals.js
var signals = __webpack_require__(2912);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/release/sentence.js






/** `12 of 480 canary calls failed (2.5 %), 31 of 9,120 baseline calls (0.34 %); allowed up to 1.01 %: \u2026` */
function sentence_countsSentence(verdict, counted, { canary, baseline }, { ratio }, { allowed, quiet, scope }) {
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
        : conclusion(verdict, quiet, "calls");
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
            const { happened, note, calls } = EVENTS[counted.signal];
            const through = calls === "UrlRequestCount" ? " through the function URL" : "";
            return { happened, happenedBeside: "", note, through };
        }
    }
}
function tally({ calls, failures }, whose) {
    const of = `${formatCount(failures)} of ${formatCount(calls)}`;
    return whose.startsWith("the ") ? `${of} calls of ${whose}` : `${of} ${whose} calls`;
}
function conclusion(verdict, quiet, what) {
    if (quiet)
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
function sentence_pairSentence(verdict, measured, { minutes, over, latest }, { quiet }) {
    const what = nameOfMeasured(measured);
    const unit = unitOf(measured);
    if (latest === null) {
        const fewest = measured.kind === "duration" ? ` with ${measured.fewest} calls of each version` : "";
        return `CloudWatch shows no minute yet${fewest} in which the ${what} could be judged`;
    }
    const beside = latest.baseline === null ? "" : `, the baseline's ${formatMeasure(latest.baseline, unit)}`;
    const figures = `the latest ${what} was ${formatMeasure(latest.canary, unit)}${beside}, allowed up to ${formatMeasure(latest.allowed, unit)}`;
    const tally = `over it in ${over} of ${minutes} minutes`;
    return `${figures}; ${tally}: ${conclusion(verdict, quiet, "minutes")} (paired sign-flip test)`;
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
            return LEVELS_TOLD[measured.signal].words;
        case "own": {
            const { namespace, name, statistic } = measured.metric;
            return `${statistic} of ${namespace}/${name}`;
        }
    }
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/sign-flip.js
var sign_flip = __webpack_require__(2766);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/release/judge.js










/**
 * Which minutes count before they are sealed. A call shows only when it has finished.
 *
 * In a comparison all minutes count: both sides lack the same calls. Against a number, a minute counts once the calls
 * that usually take long are over; before, only those that fail at once would show. In the canary's favour, a minute
 * counts once no call can be under way any more.
 */
function judge_provisionalAt(at, { timeout, usual }) {
    const complete = at - MINUTE - ARRIVAL;
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
        quiet: verdict === "inconclusive" && calls < FEW && !couldShow(calls, tolerance, share, risks.alpha),
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
    if (!EVENTS[counted.signal].hasSampleOfEachCall)
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
                // A throttled call doesn't count as an invocation.
                const others = EVENTS[counted.signal].metric === "Throttles" ? (told ?? 0) : 0;
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
        quiet: verdict === "inconclusive" && seen.minutes < fewestMinutes(risks.alpha),
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
    const { state, standing } = lookAtLevel(method.state, pointsOf(canary[0]), limit, at);
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
        canary: standing.latest === null ? null : { value: standing.latest },
        baseline: null,
        allowed: limit.limit,
        evidence: null,
        quiet: false,
    };
    const reason = levelSentence(measured, standing, limit, target);
    return { method: { ...method, state }, verdict: verdicts[standing.kind], reason, figures };
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

;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/release/method-series.js

/**
 * The series of one side. For counts: the calls, then what happened to them, and also how many samples that has, if
 * it has one for each call. For a figure: the figure, then the number
 * of calls behind it, if CloudWatch has that.
 *
 * @param of the version, or "alias" once that serves nothing else
 */
function method_series_seriesOf(method, side, target, version, of) {
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
        const { metric, calls, scope, hasSampleOfEachCall } = EVENTS[counted.signal];
        const whose = scope === "version" ? of : scope;
        const samples = hasSampleOfEachCall ? [lambda(metric, "SampleCount", whose)] : [];
        return [lambda(calls, "Sum", whose), lambda(metric, "Sum", whose), ...samples];
    }
    const { measured } = method;
    switch (measured.kind) {
        case "duration":
            return [lambda(measured.metric, measured.statistic), lambda(measured.metric, "SampleCount")];
        case "level":
            return [lambda(LEVELS_TOLD[measured.signal].metric, "Maximum", "function")];
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

;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/release/watch.js








function watch_activeWatches(release) {
    const { stage } = release;
    const at = stage.kind === "promoted" ? firstWholeMinute(stage.bake.since) : null;
    return release.watches.flatMap((watch) => {
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
    // While it isn't known whose figures will come, no minute is done with.
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

;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/release/analysis.js






/** True if at least one guard compares with the baseline, and all that do were shown to be within their tolerance. */
function isVerified({ guards }, analyses) {
    const theirs = analyses.filter(({ rule }) => isOfComparison({ guards }, rule));
    return theirs.length > 0 && theirs.every((analysis) => analysis.verdict === "pass");
}
/** True for the rule of a guard that compares with the baseline. */
function isOfComparison({ guards }, rule) {
    return guards.some((guard) => guard.text === rule && (0,release_guard/* isComparing */.B$)(guard));
}
/** The guards that still work once all traffic is on the canary: those that need no baseline. */
function guardsAfterPromotion(guards) {
    return guards.filter((guard) => !isComparing(guard));
}
/** The series that the next look needs, and the first minute to read. */
function wanted(release) {
    const watches = activeWatches(release);
    const series = [
        ...watches.flatMap(({ canary, baseline, handover, whole }) => [
            ...canary,
            ...baseline,
            ...(handover?.alias ?? []),
            ...(whole === null ? [] : [whole.beside, ...whole.alias]),
        ]),
        ...release.sightings.flatMap(({ member }) => sightSeries(member, isPromoted(release))),
    ];
    const from = Math.min(...watches.map(({ watch: { method } }) => (method.kind === "level" ? method.state.from : method.evidence.from)), ...release.sightings.map(({ from }) => from));
    return { series: distinct(series), from };
}
/** Adds an observation to the release's evidence, and judges every rule by all the evidence so far. */
function analyse(release, observation) {
    const terms = { risks: risksOf(release), share: weightOf(release) / 100 };
    const judged = new Map(activeWatches(release).map((active) => [active.watch, judgeWatch(active, observation, terms)]));
    const sighted = release.sightings.map((sighting) => judgeSight(sighting, isPromoted(release), observation));
    const alarms = judgeAlarms(release, observation);
    return {
        release: {
            ...release,
            watches: release.watches.map((watch) => judged.get(watch)?.watch ?? watch),
            sightings: sighted.map(({ sighting }) => sighting),
            armed: alarms.armed,
        },
        analyses: [
            // After the promotion, a comparison can only still fail, by calls that show late.
            ...[...judged.values()].flatMap(({ watch, analysis }) => isComparing(watch.guard) && isPromoted(release) && analysis.verdict !== "fail" ? [] : [analysis]),
            ...sighted.flatMap(({ analysis }) => (analysis === null ? [] : [analysis])),
            ...alarms.analyses,
        ],
        warnings: sighted.flatMap(({ warning }) => (warning === null ? [] : [warning])),
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
function guardTable(story, room) {
    const { rows } = story;
    if (rows.length === 0)
        return awaited(story, room);
    const { kept, left } = (0,report_room/* cut */.Jj)(room, worstFirst(rows), "verdicts were");
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
        const about = row.analysis.target === null ? "all" : (0,markdown/* code */.aY)((0,report_room/* within */.ux)(room, row.analysis.target.function));
        return isFleet ? [about, ...guardCells(story, row, room)] : guardCells(story, row, room);
    });
    const text = isFleet
        ? (0,markdown/* table */.tp)(["Function", ...head], ["left", "left", "center", "center", "center", "center", "left"], cells)
        : (0,markdown/* table */.tp)(head, ["left", "center", "center", "center", "center", "left"], cells);
    return left === "" ? text : `${text}\n\n${left}`;
}
function guardCells(story, { analysis }, room) {
    const { rule, verdict, reason, figures } = analysis;
    const name = (0,markdown/* code */.aY)((0,report_room/* within */.ux)(room, rule));
    const word = `${symbols/* VERDICT_SYMBOLS */.C[verdict]}&nbsp;${verdict}`;
    if (figures === null)
        return [`${name}<br><sub>${(0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, reason))}</sub>`, "", "", "", "", word];
    const { baseline, canary, allowed, evidence, scope, unit, slow } = figures;
    return [
        wasBeforePromotion(story, rule) ? `${name}<br><sub>as last judged, before the promotion</sub>` : name,
        baseline === null ? "" : `${measured(baseline, unit)}${over(slow?.baseline)}`,
        `${canary === null ? "nothing&nbsp;yet" : measured(canary, unit)}${over(slow?.canary)}${WHOSE[scope]}`,
        (0,release_figures/* formatMeasure */.os)(allowed, unit),
        evidence === null ? "" : (0,markdown/* code */.aY)((0,bars/* evidenceBar */.V_)(evidence)),
        word,
    ];
}
/** The duration above which a call counts as slow. */
function over(bound) {
    return bound === null || bound === undefined
        ? ""
        : `<br><sub>over&nbsp;${(0,release_figures/* formatMeasure */.os)(bound, "ms").replace(" ", "&nbsp;")}</sub>`;
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
    return story.state.kind === "promoted" && isOfComparison(story, rule);
}
function measured(figure, unit) {
    if (!("calls" in figure))
        return (0,release_figures/* formatMeasure */.os)(figure.value, unit);
    const { calls, failures } = figure;
    if (calls + failures === 0)
        return "no calls";
    // A failed init is an error without an invocation.
    const of = Math.max(calls, failures);
    return `${(0,release_figures/* formatShare */.T1)((0,evidence/* rate */.TS)(figure))}<br><sub>${(0,release_figures/* formatCount */.B4)(failures)} of ${(0,release_figures/* formatCount */.B4)(of)}</sub>`;
}
function worstFirst(rows) {
    const rank = ({ analysis }) => release_verdict/* VERDICTS */.bk.indexOf(analysis.verdict);
    return [...rows].sort((a, b) => rank(b) - rank(a));
}
/** Before the first look: the names of the guards, so that people see what will be watched. */
function awaited({ guards, state }, room) {
    if (guards.length === 0 || (state.kind !== "ready" && state.kind !== "baking" && state.kind !== "preparing"))
        return "";
    const { kept, left } = (0,report_room/* cut */.Jj)(room, guards, "guards are");
    const text = (0,markdown/* table */.tp)(["Guard", "Verdict"], ["left", "left"], kept.map((guard) => [(0,markdown/* code */.aY)((0,report_room/* within */.ux)(room, guard.text)), "\u00b7 nothing measured yet"]));
    return left === "" ? text : `${text}\n\n${left}`;
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/headline.js + 2 modules
var headline = __webpack_require__(3139);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/outlook.js
var report_outlook = __webpack_require__(6921);
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
    const room = COLUMNS - 2;
    const latest = steps.findLastIndex(({ progress }) => progress !== "ahead");
    const last = steps.length - room;
    const wanted = Math.min(Math.max(0, latest - 2), last);
    // A single step is shown: folding it would save nothing.
    const from = wanted === 1 ? 0 : wanted === last - 1 ? last : wanted;
    const before = steps.slice(0, from);
    const behind = steps.slice(from + room);
    return [
        ...(before.length > 0 ? [folded("\u2713", before)] : []),
        ...steps.slice(from, from + room).map(column),
        ...(behind.length > 0 ? [folded("\u00b7", behind)] : []),
    ];
}
function folded(symbol, steps) {
    const [first = "", last = ""] = [steps[0], steps.at(-1)].map((step) => (step === undefined ? "" : nameOf(step)));
    return [`${symbol} ${first} \u2013 ${last}`, `${steps.length} steps`];
}
function nameOf({ weight }) {
    return weight === 100 ? "promote" : `${weight} %`;
}
function column(step) {
    const { bake, progress, since, until } = step;
    const name = nameOf(step);
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

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/standing.js
var standing = __webpack_require__(2320);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/report/comment.js
















/** GitHub refuses a comment of 65,536 bytes. */
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
    for (const room of report_room/* ROOMS */.pR) {
        text = `${marker(key)}\n${body(story, key, links, room)}\n`;
        if (new TextEncoder().encode(text).length <= LIMIT)
            break;
    }
    return text;
}
function body(story, key, links, room) {
    const { symbol, subject, words } = (0,headline/* headline */.P)(story);
    const isFleet = story.members.length > 1;
    const where = key.region === null ? "" : ` in ${(0,markdown/* prose */.CS)(key.region)}`;
    return [
        `### ${symbol} ${(0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, subject))}${where} \u00b7 ${(0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, words))}`,
        ...summit(story, room),
        story.shifts.length > 0 || story.state.kind !== "ended" ? planBar((0,report_story/* stepsOf */.B_)(story)) : "",
        story.task === "plan" && story.outlook !== null ? (0,report_outlook/* outlookTable */.C6)(story.outlook, room) : "",
        (0,report_outlook/* checkList */.RJ)(story.checks, room),
        story.replayed.length > 0 ? (0,report_outlook/* replayTable */.Mk)(story.replayed, room) : "",
        isFleet ? functionTable(story, room) : "",
        guardTable(story, room),
        warnings(story, room),
        details(story, room),
        footer(story, key, links, room),
    ]
        .filter((part) => part !== "")
        .join("\n\n");
}
/**
 * Where the traffic is. While rolling back and at the end, also why, and what to do. Urgent cases are in a coloured
 * box.
 */
function summit(story, room) {
    const { state } = story;
    const stands = (0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, (0,standing/* standing */.J)(story)));
    const next = (0,advice/* advice */.v)(story);
    const stranded = (0,report_story/* strandedOf */.nH)(story);
    const reason = state.kind === "ended" || state.kind === "rolling-back" ? (0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, state.reason)) : "";
    const told = [`**${stands}**`, reason, next === null ? "" : (0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, next))].filter((line) => line !== "");
    if (stranded.length > 0) {
        const { kept, left } = (0,report_room/* cut */.Jj)(room, stranded, "commands are");
        const cries = kept.flatMap((each) => [
            (0,plain/* plain */.pj)(each.command).length <= LONGEST_COMMAND
                ? (0,markdown/* commandBlock */.L)(each.command)
                : "The command is too long for a comment: the log has it.",
            // As code: in prose, a name and the colon after it could turn into an emoji.
            `${(0,markdown/* code */.aY)((0,report_room/* within */.ux)(room, (0,alias/* nameOf */.Vb)(each.target)))}: ${(0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, each.reason))}`,
        ]);
        const lines = [`**${stands}**`, (0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, next ?? "")), ...cries, left, reason];
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
            return story.task === "rollback" ? told : [(0,markdown/* box */.aP)("WARNING", told.join("\n\n"))];
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
function warnings({ warnings: all }, room) {
    const { kept, left } = (0,report_room/* cut */.Jj)(room, all, "warnings are");
    return [...kept.map((text) => `- \u26a0\ufe0f ${(0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, text))}`), left === "" ? "" : `- ${left}`]
        .filter((line) => line !== "")
        .join("\n");
}
/** The notes, and the sentence of every verdict. */
function details({ rows, notes, outlook, task }, room) {
    const sentences = (0,report_room/* cut */.Jj)(room, rows.filter(({ analysis }) => analysis.figures !== null), "sentences are");
    const noted = (0,report_room/* cut */.Jj)(room, notes, "notes are");
    const lines = [
        ...noted.kept.map(({ at, text }) => `- ${(0,clock/* clock */.pm)(at)} ${(0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, text))}`),
        ...sentences.kept.map(({ at, analysis: { rule, target, reason } }) => {
            const about = target === null ? "" : ` (${(0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, target.function))})`;
            return `- ${(0,clock/* clock */.pm)(at)} ${(0,markdown/* code */.aY)((0,report_room/* within */.ux)(room, rule))}${about}: ${(0,markdown/* prose */.CS)((0,report_room/* within */.ux)(room, reason))}`;
        }),
        ...[noted.left, sentences.left].filter((left) => left !== "").map((left) => `- ${left}`),
    ];
    const expected = outlook === null || task === "plan" ? [] : [(0,report_outlook/* outlookTable */.C6)(outlook, room)];
    const parts = [...expected, ...(lines.length === 0 ? [] : [lines.join("\n")])];
    if (parts.length === 0)
        return "";
    return `<details><summary>Details</summary>\n\n${parts.join("\n\n")}\n\n</details>`;
}
function footer(story, { job }, links, room) {
    const { startedAt, asOf, state } = story;
    const parts = [];
    if (startedAt !== null && asOf !== null) {
        const lasted = (0,time/* formatDuration */.a3)(asOf - startedAt);
        const last = state.kind === "ended" ? `took ${lasted}` : `as of ${(0,clock/* clockToTheSecond */.x9)(asOf)}, after ${lasted}`;
        parts.push(`Started ${(0,clock/* dayAndClock */.q4)(startedAt)} UTC, ${last}`);
    }
    if (job !== "")
        parts.push(`job ${(0,markdown/* code */.aY)((0,report_room/* within */.ux)(room, job))}`);
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