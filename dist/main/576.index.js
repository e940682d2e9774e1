"use strict";
exports.id = 576;
exports.ids = [576];
exports.modules = {

/***/ 8576:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   rollBack: () => (/* binding */ rollBack)
/* harmony export */ });
/* harmony import */ var _release_alias_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(2065);
/* harmony import */ var _release_figures_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4180);
/* harmony import */ var _release_record_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(116);
/* harmony import */ var _release_time_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8120);
/* harmony import */ var _account_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(2046);
/* harmony import */ var _serving_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2665);
/* harmony import */ var _staleness_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(9399);
/* harmony import */ var _steer_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(7052);
/* harmony import */ var _world_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(6601);









/** Used in the command when the alias could not be read: whoever runs it has to fill in the number. */
const UNKNOWN_VERSION = "VERSION";
/**
 * The rollback that a person asks for. It needs nothing but Lambda, and wins against a running release, which sees that
 * the alias has a new revision and gives way.
 */
async function rollBack({ functions, alias, version }, world) {
    const results = await Promise.allSettled(functions.map((each) => rollBackOne(each, alias, version, world)));
    const problems = results.flatMap((result) => (result.status === "rejected" ? [(0,_world_js__WEBPACK_IMPORTED_MODULE_6__/* .messageOf */ .bD)(result.reason)] : []));
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
    const name = (0,_release_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .nameOf */ .Vb)(target);
    const start = clock.now();
    let course = null;
    for (let attempt = 1;; attempt++) {
        try {
            const read = () => traffic.read(target);
            // Before anyone is told that there is nothing to do, it must not be a stale read that says so.
            const isDone = (found) => attempt === 1 && found !== null && isThere(found, version);
            const alias = await (0,_staleness_js__WEBPACK_IMPORTED_MODULE_4__/* .readAgain */ .n)(clock, read, isDone);
            if (alias === null)
                throw new _world_js__WEBPACK_IMPORTED_MODULE_6__/* .ReleaseError */ .K2(`${name} doesn't exist: check the names and the Region`);
            if (attempt === 1)
                await checkRequest(reference, alias, version, world);
            // When asked twice, or after a lost answer: a second rollback must not go back one more version.
            if (version === null && isRolledBack(alias)) {
                const end = settled(target, await (0,_steer_js__WEBPACK_IMPORTED_MODULE_5__/* .arrived */ .Kb)(world, target, alias), attempt > 1, world);
                const further = 'an earlier rollback put it there. To go further back, name a version in the input "version"';
                return end.kind === "changed" ? end : { ...end, sentence: `${end.sentence}: ${further}` };
            }
            if (isOlder(alias, start))
                course = null;
            course ??= { start: alias.routing, goal: await destination(target, alias, version, world) };
            if (version === null && isOffCourse(alias, course))
                return superseded(target, alias, course, world);
            const { goal } = course;
            const to = goal.version;
            const from = alias.routing.additional?.version ?? goal.from;
            const record = { state: "rolled-back", from, to, at: clock.now(), run };
            const routing = (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .recordedRouting */ .DP)(record);
            if ((0,_release_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .sameRouting */ .Hm)(alias.routing, routing) && goal.from !== alias.movingFrom)
                return settled(target, alias, attempt > 1, world);
            await traffic.write(target, routing, (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .writeRecord */ .rh)(alias.description, record), alias.revision);
            journal.write({ kind: "prepared", changes: [{ target, baseline: to, canary: from }] });
            journal.write({ kind: "turned-back", reason: `${name} goes back from ${from} to ${to}: ${goal.why}` });
            const found = await traffic.read(target);
            if (found === null)
                throw new _world_js__WEBPACK_IMPORTED_MODULE_6__/* .ReleaseError */ .K2(`${name} was rolled back, and then deleted by someone else`);
            // If someone else has changed it since, don't touch it again.
            const isOurs = (0,_release_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .sameRouting */ .Hm)(found.routing, routing);
            return settled(target, isOurs ? await (0,_steer_js__WEBPACK_IMPORTED_MODULE_5__/* .arrived */ .Kb)(world, target, found) : found, true, world);
        }
        catch (error) {
            // A conflict means that the running release has just made its next move: read again, and win.
            if ((0,_steer_js__WEBPACK_IMPORTED_MODULE_5__/* .passes */ .WE)(error) && attempt < _steer_js__WEBPACK_IMPORTED_MODULE_5__/* .PERSISTENT */ .es) {
                await clock.sleep(Math.min(attempt, 4) * _release_time_js__WEBPACK_IMPORTED_MODULE_2__/* .SECOND */ .Z2);
                continue;
            }
            if (!(error instanceof _world_js__WEBPACK_IMPORTED_MODULE_6__/* .ReleaseError */ .K2)) {
                const to = version ?? course?.goal.version ?? UNKNOWN_VERSION;
                journal.write({ kind: "stranded", target, reason: (0,_world_js__WEBPACK_IMPORTED_MODULE_6__/* .messageOf */ .bD)(error), command: (0,_world_js__WEBPACK_IMPORTED_MODULE_6__/* .healCommand */ .Ir)(target, to, region) });
            }
            throw error;
        }
    }
}
/** Checks that what was named exists, in the named account, and isn't the canary. @throws ReleaseError if not */
async function checkRequest({ name, account }, { routing }, version, { functions }) {
    if (version !== null && version === routing.additional?.version) {
        const what = `version ${version} of ${name} is the canary of a running release: a rollback to it would promote it`;
        throw new _world_js__WEBPACK_IMPORTED_MODULE_6__/* .ReleaseError */ .K2(`${what}. Leave out the input "version" to roll the release back`);
    }
    // Without these inputs only the alias is read, so the first write comes sooner.
    if (version === null && account === null)
        return;
    const configuration = await functions.configuration(name, version ?? "$LATEST");
    if (configuration === null)
        throw new _world_js__WEBPACK_IMPORTED_MODULE_6__/* .ReleaseError */ .K2(`there is no version ${version ?? "$LATEST"} of ${name}`);
    (0,_account_js__WEBPACK_IMPORTED_MODULE_8__/* .checkAccount */ .g4)({ name, account }, configuration);
}
/** True if there is nothing left to roll back. While Lambda still moves the calls, there is. */
function isThere(alias, version) {
    if (alias.movingFrom !== null)
        return false;
    if (version === null)
        return isRolledBack(alias);
    return (0,_release_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .sameRouting */ .Hm)(alias.routing, { primary: version, additional: null });
}
/** True after a rollback by a run, or by hand, which leaves the release's record in place. */
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
    const serves = `${(0,_release_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .nameOf */ .Vb)(target)} serves ${(0,_release_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .describeRouting */ .ww)(alias.routing)} ${hasChanged ? "again" : "already"}`;
    const yet = (0,_serving_js__WEBPACK_IMPORTED_MODULE_3__/* .moving */ .H_)(target, alias);
    return { kind: hasChanged ? "changed" : "unchanged", sentence: yet === null ? serves : `${serves}, but ${yet}` };
}
/** True if a release left the alias so before the rollback began: whatever else was read of it was stale. */
function isOlder(alias, start) {
    const record = (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .readRecord */ .aE)(alias.description);
    return record !== null && (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .isAsLeftBy */ .FW)(record.run, alias) && record.at < start;
}
/** True if someone else moved the alias: it is neither where we started, nor at the goal, nor as a release left it. */
function isOffCourse(alias, { start, goal }) {
    const { routing, description } = alias;
    if (routing.primary === goal.version || (0,_release_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .sameRouting */ .Hm)(routing, start))
        return false;
    const record = (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .readRecord */ .aE)(description);
    return record === null || !(0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .isAsLeftBy */ .FW)(record.run, alias);
}
function superseded(target, alias, { goal }, world) {
    (0,_serving_js__WEBPACK_IMPORTED_MODULE_3__/* .tellServing */ .GF)(world, target, alias);
    const what = `${(0,_release_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .nameOf */ .Vb)(target)} was changed by someone else during the rollback to ${goal.version}`;
    const serves = `serves ${(0,_release_alias_js__WEBPACK_IMPORTED_MODULE_7__/* .describeRouting */ .ww)(alias.routing)} now and was left alone`;
    const remedy = 'find out who did it; to go on, run the rollback again with the input "version"';
    return { kind: "superseded", sentence: `${what}. It ${serves}: ${remedy}` };
}
/**
 * Where an alias goes back to: the version that was asked for. Else off the canary. Else to the version before, by its
 * record. Else to the version that Lambda is still moving the calls from. Else to the next lower version.
 */
async function destination({ function: name, alias: aliasName }, { routing, description, movingFrom }, asked, { functions }) {
    const { primary, additional } = routing;
    const from = additional?.version ?? primary;
    if (asked !== null) {
        const isNewer = Number(asked) > Number(from);
        return {
            from,
            version: asked,
            why: isNewer ? "you asked for that version, though it is newer and was not judged" : "you asked for that version",
        };
    }
    const record = (0,_release_record_js__WEBPACK_IMPORTED_MODULE_1__/* .readRecord */ .aE)(description);
    if (additional !== null) {
        const isKnown = record?.state === "canary" && record.canary === additional.version;
        return {
            from,
            version: primary,
            why: isKnown ? "a release was under way" : `${from} was getting ${additional.weight} % of the calls`,
        };
    }
    if (record?.state === "canary" && record.canary === primary) {
        return {
            from,
            version: record.baseline,
            why: `it served before run ${record.run.id} started to release ${primary}`,
        };
    }
    if (record?.state === "promoted" && record.version === primary && record.before !== primary) {
        return { from, version: record.before, why: `it served before run ${record.run.id} promoted ${primary}` };
    }
    if (movingFrom !== null) {
        // From lower to higher, it is a promotion: undo it. From higher to lower, it is a rollback: let it finish.
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
        throw new _world_js__WEBPACK_IMPORTED_MODULE_6__/* .ReleaseError */ .K2(`${what}: name one in the input "version"`);
    }
    return {
        from,
        version: lower,
        why: `no record says which version served before, so this is the highest one below ${primary}`,
    };
}


/***/ })

};
;