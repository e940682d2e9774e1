"use strict";
exports.id = 576;
exports.ids = [576];
exports.modules = {

/***/ 8576:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   rollBack: () => (/* binding */ rollBack)
/* harmony export */ });
/* harmony import */ var _release_alias_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(2065);
/* harmony import */ var _release_figures_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4180);
/* harmony import */ var _release_record_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(116);
/* harmony import */ var _release_time_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8120);
/* harmony import */ var _account_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(2046);
/* harmony import */ var _serving_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2665);
/* harmony import */ var _steer_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7052);
/* harmony import */ var _world_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(6601);








/** Stands in a command where the alias could not be read: whoever runs it has to know the number. */
const UNKNOWN_VERSION = "VERSION";
/**
 * The rollback that a person asks for. It needs nothing but Lambda, and wins against a running release: that one
 * notices by the alias's revision, and gives way.
 */
async function rollBack({ functions, alias, version }, world) {
    const results = await Promise.allSettled(functions.map((each) => rollBackOne(each, alias, version, world)));
    const problems = results.flatMap((result) => (result.status === "rejected" ? [(0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .messageOf */ .bD)(result.reason)] : []));
    const ends = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const sentences = (...kinds) => ends.flatMap(({ kind, sentence }) => (kinds.includes(kind) ? [sentence] : []));
    const end = (outcome, reason) => ({ outcome, reason, verified: false });
    const intrusions = sentences("superseded");
    if (problems.length > 0)
        return end("failed", [...problems, ...intrusions].join("; "));
    if (intrusions.length > 0)
        return end("superseded", [...intrusions, ...sentences("changed")].join("; "));
    return end(sentences("changed").length > 0 ? "rolled-back" : "unchanged", (0,_release_figures_js__WEBPACK_IMPORTED_MODULE_0__/* .formatList */ .ki)(sentences("changed", "unchanged")));
}
async function rollBackOne(reference, aliasName, version, world) {
    const target = { function: reference.name, alias: aliasName };
    const { traffic, clock, journal, run, region } = world;
    const name = (0,_release_alias_js__WEBPACK_IMPORTED_MODULE_6__/* .nameOf */ .Vb)(target);
    let course = null;
    for (let attempt = 1;; attempt++) {
        try {
            const alias = await traffic.read(target);
            if (alias === null)
                throw new _world_js__WEBPACK_IMPORTED_MODULE_5__/* .ReleaseError */ .K2(`${name} doesn't exist: check the names and the Region`);
            if (attempt === 1)
                await checkRequest(reference, alias, version, world);
            // Asked twice, or after a lost answer: a second rollback must not go one version further down.
            if (version === null && isRolledBack(alias)) {
                const end = settled(target, await (0,_steer_js__WEBPACK_IMPORTED_MODULE_4__/* .arrived */ .Kb)(world, target, alias), attempt > 1, world);
                const further = 'it was rolled back to it before. To go further back, name a version with the input "version"';
                return end.kind === "changed" ? end : { ...end, sentence: `${end.sentence}: ${further}` };
            }
            course ??= { start: alias.routing, goal: await destination(target, alias, version, world) };
            if (version === null && isOffCourse(alias, course))
                return superseded(target, alias, course, world);
            const { goal } = course;
            const to = goal.version;
            const from = alias.routing.additional?.version ?? goal.from;
            const record = { state: "rolled-back", from, to, at: clock.now(), run };
            const routing = (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .recordedRouting */ .DP)(record);
            if ((0,_release_alias_js__WEBPACK_IMPORTED_MODULE_6__/* .sameRouting */ .Hm)(alias.routing, routing) && goal.from !== alias.movingFrom)
                return settled(target, alias, attempt > 1, world);
            await traffic.write(target, routing, (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .writeRecord */ .rh)(alias.description, record), alias.revision);
            journal.write({ kind: "prepared", changes: [{ target, baseline: to, canary: from }] });
            journal.write({ kind: "turned-back", reason: `${name} goes back from ${from} to ${to}: ${goal.why}` });
            const found = await traffic.read(target);
            if (found === null)
                throw new _world_js__WEBPACK_IMPORTED_MODULE_5__/* .ReleaseError */ .K2(`${name} was rolled back, and then deleted by someone else`);
            // What somebody else has made of it in the meantime is theirs to hurry.
            const isOurs = (0,_release_alias_js__WEBPACK_IMPORTED_MODULE_6__/* .sameRouting */ .Hm)(found.routing, routing);
            return settled(target, isOurs ? await (0,_steer_js__WEBPACK_IMPORTED_MODULE_4__/* .arrived */ .Kb)(world, target, found) : found, true, world);
        }
        catch (error) {
            // A conflict is the running release making its next move: read again, and win.
            if ((0,_steer_js__WEBPACK_IMPORTED_MODULE_4__/* .passes */ .WE)(error) && attempt < _steer_js__WEBPACK_IMPORTED_MODULE_4__/* .PERSISTENT */ .es) {
                await clock.sleep(Math.min(attempt, 4) * _release_time_js__WEBPACK_IMPORTED_MODULE_2__/* .SECOND */ .Z2);
                continue;
            }
            if (!(error instanceof _world_js__WEBPACK_IMPORTED_MODULE_5__/* .ReleaseError */ .K2)) {
                const to = version ?? course?.goal.version ?? UNKNOWN_VERSION;
                journal.write({ kind: "stranded", target, reason: (0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .messageOf */ .bD)(error), command: (0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .healCommand */ .Ir)(target, to, region) });
            }
            throw error;
        }
    }
}
/** What was named must be there, and must be meant. @throws ReleaseError */
async function checkRequest({ name, account }, { routing }, version, { functions }) {
    if (version !== null && version === routing.additional?.version) {
        const what = `version ${version} of ${name} is the canary that is being released: a rollback to it would promote it`;
        throw new _world_js__WEBPACK_IMPORTED_MODULE_5__/* .ReleaseError */ .K2(`${what}. Leave out the input "version" to take the release back`);
    }
    // Without these inputs nothing but the alias is read, and the first write is sooner.
    if (version === null && account === null)
        return;
    const configuration = await functions.configuration(name, version ?? "$LATEST");
    if (configuration === null)
        throw new _world_js__WEBPACK_IMPORTED_MODULE_5__/* .ReleaseError */ .K2(`there is no version ${version ?? "$LATEST"} of ${name}`);
    (0,_account_js__WEBPACK_IMPORTED_MODULE_7__/* .checkAccount */ .g4)({ name, account }, configuration);
}
/** Rolled back by a run; or by hand, by which the record of the release stays behind. */
function isRolledBack(alias) {
    const record = (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .readRecord */ .aE)(alias.description);
    switch (record?.state) {
        case "rolled-back":
            return (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .isAsLeftBy */ .FW)(record.run, alias);
        case "canary":
            return alias.routing.additional === null && alias.routing.primary === record.baseline;
        case "promoted":
            return (alias.routing.additional === null && alias.routing.primary === record.before && record.before !== record.version);
        case undefined:
            return false;
    }
}
function settled(target, alias, hasChanged, world) {
    (0,_serving_js__WEBPACK_IMPORTED_MODULE_3__/* .tellServing */ .GF)(world, target, alias);
    const serves = `${(0,_release_alias_js__WEBPACK_IMPORTED_MODULE_6__/* .nameOf */ .Vb)(target)} serves ${(0,_release_alias_js__WEBPACK_IMPORTED_MODULE_6__/* .describeRouting */ .ww)(alias.routing)} ${hasChanged ? "again" : "already"}`;
    const yet = (0,_serving_js__WEBPACK_IMPORTED_MODULE_3__/* .moving */ .H_)(target, alias);
    return { kind: hasChanged ? "changed" : "unchanged", sentence: yet === null ? serves : `${serves}, but ${yet}` };
}
/** True when neither a release moved the alias since, nor is it on the way to the goal: then it is somebody else's. */
function isOffCourse(alias, { start, goal }) {
    const { routing, description } = alias;
    if (routing.primary === goal.version || (0,_release_alias_js__WEBPACK_IMPORTED_MODULE_6__/* .sameRouting */ .Hm)(routing, start))
        return false;
    const record = (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .readRecord */ .aE)(description);
    return record === null || !(0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .isAsLeftBy */ .FW)(record.run, alias);
}
function superseded(target, alias, { goal }, world) {
    (0,_serving_js__WEBPACK_IMPORTED_MODULE_3__/* .tellServing */ .GF)(world, target, alias);
    const what = `${(0,_release_alias_js__WEBPACK_IMPORTED_MODULE_6__/* .nameOf */ .Vb)(target)} was changed by someone else on its way back to ${goal.version}`;
    const serves = `serves ${(0,_release_alias_js__WEBPACK_IMPORTED_MODULE_6__/* .describeRouting */ .ww)(alias.routing)} now, and was left as it is`;
    const remedy = 'find out who holds it; to go on, run the rollback again with the input "version"';
    return { kind: "superseded", sentence: `${what}, ${serves}: ${remedy}` };
}
/**
 * Where an alias goes back to: what was asked for, else off the canary, else what its record says was before, else what
 * Lambda itself is still moving its calls from.
 */
async function destination({ function: name, alias: aliasName }, { routing, description, movingFrom }, asked, { functions }) {
    const { primary, additional } = routing;
    const from = additional?.version ?? primary;
    if (asked !== null) {
        const isNewer = Number(asked) > Number(from);
        return {
            from,
            version: asked,
            why: isNewer ? "it was asked for, though it is newer and not judged" : "it was asked for",
        };
    }
    const record = (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .readRecord */ .aE)(description);
    if (additional !== null) {
        const isKnown = record?.state === "canary" && record.canary === additional.version;
        return {
            from,
            version: primary,
            why: isKnown ? "a release was in flight" : `it was sent ${additional.weight} % of the calls`,
        };
    }
    if (record?.state === "canary" && record.canary === primary) {
        return {
            from,
            version: record.baseline,
            why: `that was served before run ${record.run.id} began to release ${primary}`,
        };
    }
    if (record?.state === "promoted" && record.version === primary && record.before !== primary) {
        return { from, version: record.before, why: `that was served before run ${record.run.id} promoted ${primary}` };
    }
    if (movingFrom !== null) {
        // Lambda is on its way from a lower version to a newer one; or on its way back already, and then it shall get there.
        const why = `Lambda was still moving the calls from ${movingFrom} to ${primary}`;
        return Number(movingFrom) < Number(primary)
            ? { from: primary, version: movingFrom, why }
            : { from: movingFrom, version: primary, why };
    }
    const turnedDown = record?.state === "rolled-back" ? record.from : null;
    const lower = (await functions.versions(name))
        .filter((each) => Number(each) < Number(primary) && each !== turnedDown)
        .at(-1);
    if (lower === undefined) {
        const what = `${name}:${aliasName} serves ${primary}, and there is no lower version to go back to`;
        throw new _world_js__WEBPACK_IMPORTED_MODULE_5__/* .ReleaseError */ .K2(`${what}: name one with the input "version"`);
    }
    return {
        from,
        version: lower,
        why: `no record says what was served before, so it is the highest version below ${primary}`,
    };
}


/***/ })

};
;