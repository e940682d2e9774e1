"use strict";
exports.id = 942;
exports.ids = [942];
exports.modules = {

/***/ 8942:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   watchOver: () => (/* binding */ watchOver)
/* harmony export */ });
/* harmony import */ var _release_alias_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2065);
/* harmony import */ var _account_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2046);
/* harmony import */ var _claim_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7993);
/* harmony import */ var _heal_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2707);
/* harmony import */ var _serving_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2665);
/* harmony import */ var _world_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(6601);






/**
 * Puts back the aliases that ended releases left between two versions. It is started from outside a release, by a
 * schedule or a person. A release that is still going, or may be, is left alone, and so are weights that no record
 * explains.
 */
async function watchOver({ functions, alias }, world) {
    const { journal } = world;
    await (0,_account_js__WEBPACK_IMPORTED_MODULE_3__/* .checkAccounts */ .JP)(functions, world);
    journal.write({ kind: "chapter", title: "Look" });
    const seen = (0,_claim_js__WEBPACK_IMPORTED_MODULE_0__/* .withFleetmates */ .dZ)(await Promise.all(functions.map((reference) => look(reference, alias, world))));
    const told = [];
    const healed = [];
    for (const each of seen) {
        const { target, claim } = each;
        if (each.problem === null && each.alias !== null && claim.kind === "orphaned") {
            world.abort.throwIfAborted();
            const result = await (0,_heal_js__WEBPACK_IMPORTED_MODULE_1__/* .healOne */ .zJ)(world, target, each.alias, claim.release);
            healed.push(result);
            told.push(`${each.name} was left at ${claim.release.standing} (${claim.why}): ${ENDS[result.outcome]}`);
        }
        else {
            const text = standing(each);
            told.push(text);
            if (each.alias !== null)
                (0,_serving_js__WEBPACK_IMPORTED_MODULE_2__/* .tellServing */ .GF)(world, target, each.alias);
            if ((0,_claim_js__WEBPACK_IMPORTED_MODULE_0__/* .isUnwatched */ .uE)(claim))
                journal.write({ kind: "warned", text });
        }
    }
    for (const text of told)
        journal.write({ kind: "noted", text });
    const problems = seen.filter(({ problem }) => problem !== null);
    const outcome = problems.length > 0 ? "failed" : ((0,_heal_js__WEBPACK_IMPORTED_MODULE_1__/* .worstFirst */ .md)(healed)[0] ?? "unchanged");
    return { outcome, reason: told.join("; "), verified: false };
}
const ENDS = {
    "rolled-back": "all its traffic is back on the baseline",
    superseded: "someone else changed it at the same time, and it was left alone",
    failed: "it could not be put back, run the command given for it now",
};
async function look(reference, aliasName, world) {
    const target = { function: reference.name, alias: aliasName };
    const name = (0,_release_alias_js__WEBPACK_IMPORTED_MODULE_4__/* .nameOf */ .Vb)(target);
    try {
        const [alias, configuration] = await Promise.all([
            world.traffic.read(target),
            // A function of the same name in another account isn't ours to put back.
            reference.account === null ? null : world.functions.configuration(reference.name, "$LATEST"),
        ]);
        if (configuration !== null)
            (0,_account_js__WEBPACK_IMPORTED_MODULE_3__/* .checkAccount */ .g4)(reference, configuration);
        // A failure, since a watchdog that watches nothing must be noticed.
        if (alias === null)
            throw new _world_js__WEBPACK_IMPORTED_MODULE_5__/* .ReleaseError */ .K2("it doesn't exist: check the names and the Region");
        return { target, name, alias, claim: await (0,_claim_js__WEBPACK_IMPORTED_MODULE_0__/* .claimOn */ ._3)(target, alias, world), problem: null };
    }
    catch (error) {
        return { target, name, alias: null, claim: { kind: "free" }, problem: (0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .messageOf */ .bD)(error) };
    }
}
function standing({ name, alias, claim, problem }) {
    if (alias === null)
        return `${name} could not be checked: ${problem}`;
    const serves = `${name} serves ${(0,_release_alias_js__WEBPACK_IMPORTED_MODULE_4__/* .describeRouting */ .ww)(alias.routing)}`;
    switch (claim.kind) {
        case "free":
            return `${serves}, and nothing was left behind`;
        case "orphaned":
            return serves;
        case "live":
            return live(name, claim);
        case "moving":
            return `${claim.why}: left alone`;
        case "foreign":
            return `${serves}, and no release record explains that: left alone`;
    }
}
function live(name, { release, doubt }) {
    const stands = `${name} is at ${release.standing}, set by`;
    switch (doubt) {
        case null:
            return `${name} is being released by run ${release.run.id} (${release.standing}): left alone`;
        case "own run":
            return (`${stands} this same run, which is still going: left alone. If the job that released it was killed, roll it ` +
                "back with `command: rollback`");
        case "unasked":
            return (`${stands} run ${release.run.id}, and it is unknown whether that run is still going: GitHub didn't say, or the ` +
                "job lacks `permissions: actions: read`. Left alone until long after the end of its plan");
    }
}


/***/ })

};
;