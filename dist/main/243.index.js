"use strict";
exports.id = 243;
exports.ids = [243];
exports.modules = {

/***/ 2243:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  survey: () => (/* binding */ survey)
});

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/alias.js
var release_alias = __webpack_require__(2065);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/figures.js
var figures = __webpack_require__(4180);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/forecast.js + 1 modules
var forecast = __webpack_require__(1824);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/plan.js
var release_plan = __webpack_require__(1450);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/ports.js
var ports = __webpack_require__(6365);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/method.js
var method = __webpack_require__(508);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/power.js
var power = __webpack_require__(4272);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/release.js
var release = __webpack_require__(3672);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/time.js
var time = __webpack_require__(8120);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/release/week.js
var release_week = __webpack_require__(1657);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/release/propose.js







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
function propose({ week, usual }, guards, functions, { mustDetect, budget }, now) {
    const { alpha } = (0,release/* risksOfEach */.VV)((0,method/* testsOf */.Vh)(guards, usual, now).length * functions);
    const rate = (0,forecast/* usualErrorRate */.xb)(week);
    const tolerances = guards.flatMap((guard) => guard.kind === "counts" && guard.signal === "error-rate" ? [guard.tolerance] : []);
    if (tolerances.length === 0)
        return { kind: "unwatched" };
    const allowed = Math.min(1, ...tolerances.map(({ ratio, margin }) => ratio * rate + margin));
    if (mustDetect <= allowed)
        return { kind: "allowed", allowed };
    const finds = (weight, bake) => {
        const seen = bake - release_plan/* ARRIVAL */._R;
        const calls = ((0,release_week/* expectedCalls */.UG)(week, now, seen) * weight) / 100;
        const scene = { calls, minutes: seen / time/* MINUTE */.pY, share: weight / 100, alpha };
        const found = tolerances.flatMap((each) => (0,power/* smallestFound */.au)(rate, each, scene) ?? []);
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

// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/conductor/account.js
var account = __webpack_require__(2046);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/conductor/callers.js
var conductor_callers = __webpack_require__(9433);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/conductor/candidate.js
var candidate = __webpack_require__(1920);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/conductor/foresight.js
var foresight = __webpack_require__(150);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/conductor/history.js
var conductor_history = __webpack_require__(9605);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/conductor/look.js
var look = __webpack_require__(7978);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/conductor/provisioned.js
var provisioned = __webpack_require__(8611);
// EXTERNAL MODULE: ./node_modules/.cache/compiled/src/conductor/world.js
var conductor_world = __webpack_require__(6601);
;// CONCATENATED MODULE: ./node_modules/.cache/compiled/src/conductor/survey.js















/**
 * What a release with this plan could see, and whether it has everything it needs. Changes nothing: permissions are
 * checked with requests that can't succeed. A missing permission to write is a finding, not a failure, so that a
 * read-only role can plan.
 */
async function survey(order, world) {
    const { journal } = world;
    (0,foresight/* warnAboutPlan */.dW)(order, world);
    await (0,account/* checkAccounts */.JP)(order.functions, world);
    journal.write({ kind: "chapter", title: "Look" });
    const { candidates, busy, held, ...rest } = await (0,look/* findAll */.JW)(order, world);
    const problems = [...rest.problems];
    (0,look/* noteDurable */.MF)(candidates, world);
    for (const { target, claim } of held.filter(candidate/* isOrphan */.B)) {
        const text = `${(0,release_alias/* nameOf */.Vb)(target)} was left at ${claim.release.standing} (${claim.why}): the next deploy puts it back first`;
        journal.write({ kind: "warned", text });
    }
    const standing = candidates.filter(({ alias }) => alias !== null);
    const prospects = standing.length === 0 ? [] : await prospectsOf(order, standing, world, problems);
    const checks = await Promise.all([
        busy.map((text) => ({ state: "unknown", text })),
        credentials(order, world),
        ...candidates.flatMap((candidate) => checksOf(order, candidate, prospects, world)),
    ]);
    if (prospects.length > 0) {
        const { plan, guards, wish } = order;
        const now = world.clock.now();
        const forecasts = prospects.map((prospect) => (0,forecast/* forecast */.g3)(prospect, plan, guards, prospects.length, now));
        const proposals = prospects.map((prospect) => propose(prospect, guards, prospects.length, wish, now));
        journal.write({ kind: "forecast", forecasts, proposals, wish });
    }
    journal.write({ kind: "checked", checks: checks.flat() });
    const missing = checks.flat().filter(({ state }) => state === "wrong");
    for (const { text } of missing)
        journal.write({ kind: "warned", text });
    if (problems.length > 0)
        return { outcome: "failed", reason: problems.join("; "), verified: false };
    const found = missing.length === 0 ? "everything that could be checked is in place" : missing.map(({ text }) => text).join("; ");
    return { outcome: "planned", reason: `nothing was changed; ${found}`, verified: false };
}
async function prospectsOf({ guards }, candidates, world, problems) {
    try {
        const targets = candidates.map(({ target }) => target);
        const histories = await (0,conductor_history/* readHistory */.L)(targets, guards, world);
        return [...histories].map(([name, { week, usual }]) => ({ function: name, week, usual }));
    }
    catch (error) {
        problems.push((0,conductor_world/* messageOf */.bD)(error));
        return [];
    }
}
function checksOf({ version }, { target, alias, configuration }, prospects, world) {
    const { functions, traffic } = world;
    const name = (0,release_alias/* nameOf */.Vb)(target);
    const may = (action, ask) => right(action, configuration.arn, target, ask);
    return [
        Promise.resolve([
            alias === null
                ? fine(`${name} doesn't exist yet: the first deploy creates it, with nothing to compare it with`)
                : fine(`${name} serves version ${alias.routing.primary}; both versions have the same role and dead-letter target`),
        ]),
        may("lambda:ListVersionsByFunction", functions.versions(target.function)),
        ...(version === null ? [may("lambda:PublishVersion", functions.mayPublish(target.function))] : []),
        alias === null
            ? may("lambda:CreateAlias", traffic.mayCreate(target))
            : may("lambda:UpdateAlias", traffic.mayWrite(target, alias)),
        ...(alias === null ? [] : [reached(target, prospects, world), survey_provisioned(target, world)]),
    ];
}
function fine(text) {
    return { state: "fine", text };
}
/** Whether the request was denied; if so, with the statement that grants the missing permission. */
async function right(action, arn, target, ask) {
    try {
        await ask;
        return [fine(`${action} on ${target.function} is allowed`)];
    }
    catch (error) {
        if (!(error instanceof ports/* ServiceError */._) || error.fault !== "denied") {
            return [
                {
                    state: "unknown",
                    text: `could not check whether ${action} on ${target.function} is allowed: ${(0,conductor_world/* messageOf */.bD)(error)}`,
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
async function reached(target, prospects, world) {
    const week = prospects.find((prospect) => prospect.function === target.function)?.week;
    if (week === undefined)
        return [];
    const callers = await (0,conductor_callers/* describeCallers */.u)(target, world);
    if (week.calls > 0) {
        return [fine(`${(0,release_alias/* nameOf */.Vb)(target)} had ${(0,figures/* formatCount */.B4)(week.calls)} calls in the last week; ${callers}`)];
    }
    return [{ state: "wrong", text: `no calls went through ${(0,release_alias/* nameOf */.Vb)(target)} in the last week: ${callers}` }];
}
async function survey_provisioned(target, world) {
    const { kind, text } = await (0,provisioned/* provisioningOf */.v)(target, world);
    return [kind === "none" ? fine(text) : { state: "unknown", text }];
}
async function credentials({ plan, patience }, world) {
    const length = (0,release_plan/* longestDuration */.rP)(plan, patience.maxHold);
    const needed = `the plan may take ${(0,time/* formatDuration */.a3)(length)}`;
    try {
        const expiry = await world.credentials.expiry();
        switch (expiry.kind) {
            case "never":
                return [fine(`the credentials last as long as the release, and ${needed}`)];
            case "unknown":
                return [
                    {
                        state: "unknown",
                        text: `it is unknown when the credentials expire, and ${needed}: without credentials nothing can be rolled back`,
                    },
                ];
            case "at": {
                const until = `the credentials expire at ${(0,time/* formatInstant */.r4)(expiry.at)}`;
                if (expiry.at - world.clock.now() >= length)
                    return [fine(`${until}, and ${needed}`)];
                return [
                    {
                        state: "wrong",
                        text: `${until}, but ${needed}. After that nothing can be rolled back: ${foresight/* LONGER_CREDENTIALS */.zd}`,
                    },
                ];
            }
        }
    }
    catch (error) {
        return [{ state: "unknown", text: `the credentials could not be checked: ${(0,conductor_world/* messageOf */.bD)(error)}` }];
    }
}


/***/ })

};
;