"use strict";
exports.id = 565;
exports.ids = [565];
exports.modules = {

/***/ 5565:
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
    return (0,markdown/* paragraphs */.qN)(text, left);
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
        const verdict = (0,analysis_verdict/* worst */.Q)(rows.map(({ analysis }) => analysis).filter((each) => isAbout(each.target, target)))?.verdict;
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

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/analysis/counts.js
var counts = __webpack_require__(672);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/domain/format.js
var format = __webpack_require__(1533);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/outlook.js
var report_outlook = __webpack_require__(6921);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/plain.js
var plain = __webpack_require__(5134);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/story.js
var report_story = __webpack_require__(5391);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/report/guard-table.js









/** A version is a number, so it is never longer. */
const LONGEST_VERSION = 12;
/** One row per guard and function: both versions' figures, the limit, when it is shown, the verdict. */
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
        "Shown&nbsp;to&nbsp;be<br>as&nbsp;good",
        "Verdict",
    ];
    const cells = inOrder.map((row) => {
        const about = row.analysis.target === null ? "all" : (0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, row.analysis.target.function));
        return isFleet ? [about, ...guardCells(story, row, budget)] : guardCells(story, row, budget);
    });
    const text = isFleet
        ? (0,markdown/* table */.tp)(["Function", ...head], ["left", "left", "center", "center", "center", "center", "left"], cells)
        : (0,markdown/* table */.tp)(head, ["left", "center", "center", "center", "center", "left"], cells);
    return (0,markdown/* paragraphs */.qN)(text, left);
}
function guardCells(story, { analysis }, budget) {
    const { rule, verdict, reason, figures } = analysis;
    const name = (0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, rule));
    const word = `${symbols/* VERDICT_SYMBOLS */.C[verdict]}&nbsp;${verdict}`;
    if (figures === null)
        return [`${name}<br><sub>${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, reason))}</sub>`, "", "", "", "", word];
    const { baseline, canary, allowed, scope, unit, slow } = figures;
    const percentile = slow?.percentile;
    const told = percentile === undefined
        ? [
            baseline === null ? "" : `${measured(baseline, unit)}${over(slow?.baseline)}`,
            `${canary === null ? "nothing&nbsp;yet" : measured(canary, unit)}${over(slow?.canary)}${WHOSE[scope]}`,
            (0,format/* formatMeasure */.os)(allowed, unit),
        ]
        : [
            percentile.baseline === null ? "" : (0,format/* formatMeasure */.os)(percentile.baseline, "ms"),
            (0,format/* formatMeasure */.os)(percentile.canary, "ms"),
            (0,format/* formatMeasure */.os)(percentile.allowed, "ms"),
        ];
    return [
        wasBeforePromotion(story, analysis) ? `${name}<br><sub>as last judged, before the promotion</sub>` : name,
        ...told,
        shown(story, analysis),
        word,
    ];
}
/** Whether a comparison has shown the canary to be as good, or when it will. */
function shown({ state }, { kind, verdict, outlook }) {
    if (kind !== "comparison")
        return "";
    switch (verdict) {
        case "pass":
            return "yes";
        case "fail":
            return "no,&nbsp;worse";
        case "inconclusive":
        case "error":
            break;
    }
    if (state.kind !== "ended")
        return outlook === undefined ? "not yet" : (0,report_outlook/* timeToCome */.HN)(outlook);
    if (outlook === undefined)
        return "no";
    return outlook.left === null ? "takes many hours" : `takes about ${(0,report_outlook/* inTime */.RN)(outlook.lasted + outlook.left)}`;
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
function wasBeforePromotion(story, { kind }) {
    return story.state.kind === "promoted" && kind === "comparison";
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
    const rank = ({ analysis }) => analysis_verdict/* VERDICTS */.b.indexOf(analysis.verdict);
    return [...rows].sort((a, b) => rank(b) - rank(a));
}
/** Before the first look: the names of the guards, so that people see what will be watched. */
function awaited({ guards, state }, budget) {
    if (guards.length === 0 || (state.kind !== "ready" && state.kind !== "baking" && state.kind !== "preparing"))
        return "";
    const { kept, left } = (0,comment_budget/* cut */.Jj)(budget, guards, "guards are");
    const text = (0,markdown/* table */.tp)(["Guard", "Verdict"], ["left", "left"], kept.map((guard) => [(0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, guard.text)), "\u00b7 nothing measured yet"]));
    return (0,markdown/* paragraphs */.qN)(text, left);
}

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/report/headline.js + 7 modules
var headline = __webpack_require__(8444);
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
    const width = COLUMNS - 2;
    const latest = steps.findLastIndex(({ state }) => state !== "ahead");
    const last = steps.length - width;
    const wanted = Math.min(Math.max(0, latest - 2), last);
    // A single step is shown: folding it would save nothing.
    const from = wanted === 1 ? 0 : wanted === last - 1 ? last : wanted;
    const before = steps.slice(0, from);
    const behind = steps.slice(from + width);
    return [
        ...(before.length > 0 ? [folded("\u2713", before)] : []),
        ...steps.slice(from, from + width).map(column),
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
    const { bake, state, since, until, orSooner } = step;
    const name = nameOf(step);
    const from = since === null ? "" : (0,clock/* clock */.pm)(since);
    const to = until === null ? "" : (0,clock/* clock */.pm)(until);
    switch (state) {
        case "ahead":
            return [`\u00b7 ${name}`, bake > 0 ? (0,time/* formatDuration */.a3)(bake) : ""];
        case "at-hand":
            return [`\u25ba **${name}**`, to === "" ? from : `${from} \u2192 ${to}${orSooner ? " or sooner" : ""}`];
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
    return (0,markdown/* paragraphs */.qN)(`### ${symbol} ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, subject))}${where} \u00b7 ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, words))}`, ...summit(story, budget), story.shifts.length > 0 || story.state.kind !== "ended" ? planBar((0,report_story/* stepsOf */.B_)(story)) : "", story.forecast !== null && isPlanned(story.forecast) ? (0,forecast_table/* forecastTable */.wX)(story.forecast, budget) : "", (0,forecast_table/* checkList */.RJ)(story.checks, budget), story.replayed.length > 0 ? (0,forecast_table/* replayTable */.Mk)(story.replayed, budget) : "", isFleet ? functionTable(story, budget) : "", guardTable(story, budget), warnings(story, budget), details(story, budget), footer(story, key, links, budget));
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
    const told = [`**${stands}**`, reason, next === null ? "" : (0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, next))];
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
        return [(0,markdown/* box */.aP)("CAUTION", (0,markdown/* paragraphs */.qN)(...lines))];
    }
    switch (state.kind) {
        case "preparing":
        case "ready":
            return [stands];
        case "baking":
        case "promoted":
            return [`${(0,markdown/* code */.aY)((0,bars/* weightBar */.e)((0,report_story/* weightNow */.XW)(story)))} ${stands}`];
        case "rolling-back":
            return [(0,markdown/* box */.aP)("WARNING", (0,markdown/* paragraphs */.qN)(...told))];
        case "ended":
            break;
    }
    switch (state.outcome) {
        case "promoted":
            return (0,report_story/* needsSomebody */.GZ)(story) ? [(0,markdown/* box */.aP)("WARNING", (0,markdown/* paragraphs */.qN)(...told))] : told;
        case "rolled-back":
            return story.aRollbackIs === "the aim" ? told : [(0,markdown/* box */.aP)("NOTE", (0,markdown/* paragraphs */.qN)(...told))];
        case "unchanged":
        case "created":
        case "planned":
        case "replayed":
            return told;
        case "superseded":
        case "failed":
            return [(0,markdown/* box */.aP)((0,report_story/* needsSomebody */.GZ)(story) ? "CAUTION" : "NOTE", (0,markdown/* paragraphs */.qN)(...told))];
    }
}
function warnings({ warnings: all }, budget) {
    const { kept, left } = (0,comment_budget/* cut */.Jj)(budget, all, "warnings are");
    return (0,markdown/* bullets */.e5)(...kept.map((text) => `\u26a0\ufe0f ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, text))}`), left);
}
/** True if a plan was asked for: then the forecast is what this is about. */
function isPlanned({ wish }) {
    return wish !== null;
}
/** The notes, and the sentence of every verdict. */
function details({ rows, notes, forecast, state }, budget) {
    const sentences = (0,comment_budget/* cut */.Jj)(budget, rows.filter(({ analysis }) => analysis.figures !== null), "sentences are");
    const noted = (0,comment_budget/* cut */.Jj)(budget, notes, "notes are");
    const list = (0,markdown/* bullets */.e5)(...noted.kept.map(({ at, text }) => `${(0,clock/* clock */.pm)(at)} ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, text))}`), ...sentences.kept.map(({ at, analysis }) => {
        const { rule, target, reason } = analysis;
        const about = target === null ? "" : ` (${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, target.function))})`;
        const time = state.kind === "ended" ? (0,report_outlook/* wouldHaveTaken */.HC)(analysis) : (0,report_outlook/* stillToCome */.AT)(analysis);
        return `${(0,clock/* clock */.pm)(at)} ${(0,markdown/* code */.aY)((0,comment_budget/* within */.ux)(budget, rule))}${about}: ${(0,markdown/* prose */.CS)((0,comment_budget/* within */.ux)(budget, `${reason}${time}`))}`;
    }), noted.left, sentences.left);
    const expected = forecast === null || isPlanned(forecast) ? "" : (0,forecast_table/* forecastTable */.wX)(forecast, budget);
    const text = (0,markdown/* paragraphs */.qN)(expected, list);
    return text === "" ? "" : (0,markdown/* paragraphs */.qN)("<details><summary>Details</summary>", text, "</details>");
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