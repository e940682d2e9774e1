"use strict";
exports.id = 902;
exports.ids = [902];
exports.modules = {

/***/ 8219:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ NOTHING_SHOWN)
/* harmony export */ });
/** For a command whose reports show neither a plan nor guards. */
const NOTHING_SHOWN = { plan: null, guards: [] };


/***/ }),

/***/ 4902:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   heal: () => (/* binding */ heal)
/* harmony export */ });
/* harmony import */ var _domain_alias_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(3276);
/* harmony import */ var _domain_ports_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8540);
/* harmony import */ var _engine_heal_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3186);
/* harmony import */ var _engine_ownership_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2691);
/* harmony import */ var _engine_ports_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(4478);
/* harmony import */ var _preflight_account_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(1696);
/* harmony import */ var _release_reason_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(81);
/* harmony import */ var _release_serving_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6537);
/* harmony import */ var _command_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(8219);









const heal = {
    name: "heal",
    traits: { doing: "looking for lost releases of", moves: "back", aRollbackIs: "a repair" },
    // Most often there is nothing to show before.
    comments: "at the end",
    needsMergedCode: false,
    parse: () => ({ ok: true, value: {} }),
    shows: () => _command_js__WEBPACK_IMPORTED_MODULE_4__/* .NOTHING_SHOWN */ .A,
    run: healLeftovers,
    isSuccess: (outcome) => outcome === "rolled-back" || outcome === "unchanged",
};
/**
 * Puts back the aliases that ended releases left between two versions. It is started from outside a release, by a
 * schedule or a person. A release that is still going, or may be, is left alone, and so are weights that no record
 * explains.
 */
async function healLeftovers({ functions, alias }, ports) {
    const { journal } = ports;
    await (0,_preflight_account_js__WEBPACK_IMPORTED_MODULE_5__/* .checkAccounts */ .JP)(functions, ports);
    journal.write({ kind: "chapter", title: "Look" });
    let isAsked = false;
    const state = (run) => {
        isAsked = true;
        return ports.runs.state(run);
    };
    const asking = { ...ports, runs: { state } };
    const seen = (0,_engine_ownership_js__WEBPACK_IMPORTED_MODULE_2__/* .withFleetmates */ .dZ)(await Promise.all(functions.map((reference) => look(reference, alias, asking))));
    // All at once: while Lambda throttles, each may take minutes.
    const all = await Promise.all(seen.map((each) => endOf(each, ports)));
    const lacks = isAsked ? null : await whatIsLacking(ports);
    const ends = lacks === null ? all : [...all, { outcome: "failed", text: lacks }];
    for (const { text } of ends)
        journal.write({ kind: "noted", text });
    const [outcome = "unchanged"] = (0,_engine_heal_js__WEBPACK_IMPORTED_MODULE_1__/* .worstFirst */ .md)(ends.flatMap(({ outcome }) => (outcome === null ? [] : [{ outcome }])));
    return { outcome, reason: { kind: "all", reasons: ends.map(({ text }) => (0,_release_reason_js__WEBPACK_IMPORTED_MODULE_6__/* .said */ .a)(text)) }, verified: false };
}
/**
 * What is missing to ask GitHub about runs; null if nothing is, or if that may pass by itself. It matters though nothing
 * was left: on the day on which something is, it is late to notice.
 */
async function whatIsLacking({ runs, run }) {
    try {
        await runs.state(run);
        return null;
    }
    catch (error) {
        const isDenied = error instanceof _domain_ports_js__WEBPACK_IMPORTED_MODULE_0__/* .ServiceError */ ._ && error.fault === "denied";
        return isDenied ? `it can't be seen whether a release is still going: ${error.message}` : null;
    }
}
async function endOf(seen, ports) {
    const { target, alias, claim } = seen;
    const name = (0,_domain_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .nameOf */ .Vb)(target);
    if (alias === null)
        return { outcome: "failed", text: `${name} could not be checked: ${seen.problem}` };
    if (claim.kind === "orphaned") {
        const left = `${name} was left at ${claim.release.reached} (${claim.why})`;
        if (ports.abort.aborted) {
            (0,_release_serving_js__WEBPACK_IMPORTED_MODULE_3__/* .tellServing */ .GF)(ports, target, alias);
            return { outcome: "failed", text: `${left}: ${(0,_engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .messageOf */ .b)(ports.abort.reason)}` };
        }
        // Once begun, it isn't given up.
        const { outcome } = await (0,_engine_heal_js__WEBPACK_IMPORTED_MODULE_1__/* .healOne */ .zJ)(ports, target, alias, claim.release);
        return { outcome, text: `${left}: ${ENDS[outcome]}` };
    }
    const text = sentenceOf(target, alias, claim);
    (0,_release_serving_js__WEBPACK_IMPORTED_MODULE_3__/* .tellServing */ .GF)(ports, target, alias);
    // A failure, since it may be that nobody watches the canary.
    if (claim.kind === "live" && claim.doubt?.kind === "unasked")
        return { outcome: "failed", text };
    if ((0,_engine_ownership_js__WEBPACK_IMPORTED_MODULE_2__/* .isUnwatched */ .uE)(claim))
        ports.journal.write({ kind: "warned", text });
    return { outcome: null, text };
}
const ENDS = {
    "rolled-back": "all its traffic is back on the baseline",
    superseded: "someone else changed it at the same time, and it was left alone",
    failed: "it could not be put back, run the command given for it now",
};
async function look(reference, aliasName, ports) {
    const target = { function: reference.name, alias: aliasName };
    try {
        const [alias, configuration] = await Promise.all([
            ports.traffic.read(target),
            // A function of the same name in another account isn't ours to put back.
            reference.account === null ? null : ports.functions.configuration(reference.name, "$LATEST"),
        ]);
        if (configuration !== null)
            (0,_preflight_account_js__WEBPACK_IMPORTED_MODULE_5__/* .checkAccount */ .g4)(reference, configuration);
        // A failure, since a watchdog that watches nothing must be noticed.
        if (alias === null)
            throw new _engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .ReleaseError */ .K("it doesn't exist: check the names and the Region");
        return { target, alias, claim: await (0,_engine_ownership_js__WEBPACK_IMPORTED_MODULE_2__/* .claimOn */ ._3)(target, alias, ports) };
    }
    catch (error) {
        return { target, alias: null, claim: { kind: "free" }, problem: (0,_engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .messageOf */ .b)(error) };
    }
}
function sentenceOf(target, { routing }, claim) {
    const name = (0,_domain_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .nameOf */ .Vb)(target);
    const serves = `${name} serves ${(0,_domain_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .describeRouting */ .ww)(routing)}`;
    switch (claim.kind) {
        case "free":
            return `${serves}, and nothing was left behind`;
        case "live":
            return live(name, claim);
        case "moving":
            return `${claim.why}: left alone`;
        case "foreign":
            return `${serves}, and no release record explains that: left alone`;
    }
}
function live(name, { release, doubt }) {
    const stands = `${name} is at ${release.reached}, set by`;
    switch (doubt?.kind) {
        case undefined:
            return `${name} is being released by run ${release.run.id} (${release.reached}): left alone`;
        case "own run":
            return (`${stands} this same run, which is still going: left alone. If the job that released it was killed, roll it ` +
                "back with `command: rollback`");
        case "unasked":
            return (`${stands} run ${release.run.id}, and it is unknown whether that run is still going: ${doubt.problem}. It was ` +
                "left alone, until long after the end of its plan");
    }
}


/***/ })

};
;