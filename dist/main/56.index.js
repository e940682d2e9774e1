"use strict";
exports.id = 56;
exports.ids = [56];
exports.modules = {

/***/ 8219:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ NOTHING_SHOWN)
/* harmony export */ });
/** For a command whose reports show neither a plan nor guards. */
const NOTHING_SHOWN = { plan: null, guards: [] };


/***/ }),

/***/ 1056:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   rollback: () => (/* binding */ rollback)
/* harmony export */ });
/* harmony import */ var _domain_alias_js__WEBPACK_IMPORTED_MODULE_10__ = __webpack_require__(3276);
/* harmony import */ var _domain_alias_record_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7504);
/* harmony import */ var _domain_heal_command_js__WEBPACK_IMPORTED_MODULE_11__ = __webpack_require__(1632);
/* harmony import */ var _domain_input_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4296);
/* harmony import */ var _domain_time_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2379);
/* harmony import */ var _engine_ports_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(4478);
/* harmony import */ var _engine_read_alias_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7317);
/* harmony import */ var _engine_write_alias_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4064);
/* harmony import */ var _preflight_account_js__WEBPACK_IMPORTED_MODULE_12__ = __webpack_require__(1696);
/* harmony import */ var _release_reason_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(81);
/* harmony import */ var _release_serving_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(6537);
/* harmony import */ var _command_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(8219);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(4401);













/** Used in the command when the alias could not be read: whoever runs it has to fill in the number. */
const UNKNOWN_VERSION = "VERSION";
const rollback = {
    name: "rollback",
    traits: { doing: "rolling back", moves: "back", aRollbackIs: "the aim" },
    comments: "live",
    needsMergedCode: false,
    parse: (read, functions) => (0,_domain_input_js__WEBPACK_IMPORTED_MODULE_1__/* .together */ .bs)({ version: (0,_inputs_js__WEBPACK_IMPORTED_MODULE_7__/* .readVersion */ .s)(read, functions) }),
    shows: () => _command_js__WEBPACK_IMPORTED_MODULE_6__/* .NOTHING_SHOWN */ .A,
    run: rollBack,
    isSuccess: (outcome) => outcome === "rolled-back" || outcome === "unchanged",
};
/**
 * The rollback that a person asks for. It needs nothing but Lambda, and wins against a running release, which sees that
 * the alias has a new revision and gives way.
 */
async function rollBack({ functions, alias, version }, ports) {
    const results = await Promise.allSettled(functions.map((each) => rollBackOne(each, alias, version, ports)));
    const problems = results.flatMap((result) => (result.status === "rejected" ? [(0,_engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .messageOf */ .b)(result.reason)] : []));
    const ends = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const reasons = (...kinds) => ends.flatMap(({ kind, reason }) => (kinds.includes(kind) ? [reason] : []));
    const end = (outcome, kind, why) => {
        return { outcome, reason: { kind, reasons: why }, verified: false };
    };
    const externalChanges = reasons("superseded");
    if (problems.length > 0)
        return end("failed", "all", [...problems.map(_release_reason_js__WEBPACK_IMPORTED_MODULE_9__/* .said */ .a), ...externalChanges]);
    if (externalChanges.length > 0)
        return end("superseded", "all", [...externalChanges, ...reasons("changed")]);
    return end(reasons("changed").length > 0 ? "rolled-back" : "unchanged", "list", reasons("changed", "unchanged"));
}
async function rollBackOne(reference, aliasName, version, ports) {
    const target = { function: reference.name, alias: aliasName };
    const { traffic, clock, journal, run, region } = ports;
    const name = (0,_domain_alias_js__WEBPACK_IMPORTED_MODULE_10__/* .nameOf */ .Vb)(target);
    const start = clock.now();
    let course = null;
    for (let attempt = 1;; attempt++) {
        try {
            const read = () => traffic.read(target);
            // A stale read must not be the reason to say that there is nothing to do.
            const isDone = (found) => attempt === 1 && found !== null && isThere(found, version);
            const alias = await (0,_engine_read_alias_js__WEBPACK_IMPORTED_MODULE_3__/* .readAgain */ .n)(clock, read, isDone);
            if (alias === null)
                throw new _engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .ReleaseError */ .K(`${name} doesn't exist: check the names and the Region`);
            if (attempt === 1)
                await checkRequest(reference, alias, version, ports);
            // When asked twice, or after a lost answer: a second rollback must not go back one more version.
            if (version === null && isRolledBack(alias)) {
                return settled(target, await (0,_engine_write_alias_js__WEBPACK_IMPORTED_MODULE_4__/* .arrived */ .Kb)(ports, target, alias), attempt > 1 ? "now" : "earlier", ports);
            }
            if (isOlder(alias, start))
                course = null;
            course ??= { start: alias.routing, goal: await destination(target, alias, version, ports) };
            if (version === null && isOffCourse(alias, course))
                return superseded(target, alias, course, ports);
            const { goal } = course;
            const to = goal.version;
            const from = alias.routing.additional?.version ?? goal.from;
            const record = { state: "rolled-back", from, to, at: clock.now(), run };
            const routing = (0,_domain_alias_record_js__WEBPACK_IMPORTED_MODULE_0__/* .recordedRouting */ .DP)(record);
            if ((0,_domain_alias_js__WEBPACK_IMPORTED_MODULE_10__/* .sameRouting */ .Hm)(alias.routing, routing) && goal.from !== alias.movingFrom)
                return settled(target, alias, attempt > 1 ? "now" : "already", ports);
            await (0,_engine_write_alias_js__WEBPACK_IMPORTED_MODULE_4__/* .sendRecord */ .C5)(traffic, target, alias, record);
            journal.write({ kind: "prepared", changes: [{ target, baseline: to, canary: from }] });
            journal.write({ kind: "turned-back", reason: { kind: "goes-back", target, from, to, why: goal.why } });
            const found = await traffic.read(target);
            if (found === null)
                throw new _engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .ReleaseError */ .K(`${name} was rolled back, and then deleted by someone else`);
            // If someone else has changed it since, don't touch it again.
            const isOurs = (0,_domain_alias_js__WEBPACK_IMPORTED_MODULE_10__/* .sameRouting */ .Hm)(found.routing, routing);
            return settled(target, isOurs ? await (0,_engine_write_alias_js__WEBPACK_IMPORTED_MODULE_4__/* .arrived */ .Kb)(ports, target, found) : found, "now", ports);
        }
        catch (error) {
            // A conflict means that the running release has just made its next move: read again, and win.
            if ((0,_engine_write_alias_js__WEBPACK_IMPORTED_MODULE_4__/* .passes */ .WE)(error) && attempt < _engine_write_alias_js__WEBPACK_IMPORTED_MODULE_4__/* .PERSISTENT */ .es) {
                await clock.sleep(Math.min(attempt, 4) * _domain_time_js__WEBPACK_IMPORTED_MODULE_2__/* .SECOND */ .Z2);
                continue;
            }
            if (!(error instanceof _engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .ReleaseError */ .K)) {
                const to = version ?? course?.goal.version ?? UNKNOWN_VERSION;
                const reason = (0,_release_reason_js__WEBPACK_IMPORTED_MODULE_9__/* .said */ .a)((0,_engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .messageOf */ .b)(error));
                journal.write({ kind: "stranded", target, reason, command: (0,_domain_heal_command_js__WEBPACK_IMPORTED_MODULE_11__/* .healCommand */ .I)(target, to, region), weight: null });
            }
            throw error;
        }
    }
}
/** Checks that what was named exists, in the named account, and isn't the canary. @throws ReleaseError if not */
async function checkRequest({ name, account }, { routing }, version, { functions }) {
    if (version !== null && version === routing.additional?.version) {
        const what = `version ${version} of ${name} is the canary of a running release: a rollback to it would promote it`;
        throw new _engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .ReleaseError */ .K(`${what}. Leave out the input "version" to roll the release back`);
    }
    // Without these inputs only the alias is read, so the first write comes sooner.
    if (version === null && account === null)
        return;
    const configuration = await functions.configuration(name, version ?? "$LATEST");
    if (configuration === null)
        throw new _engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .ReleaseError */ .K(`there is no version ${version ?? "$LATEST"} of ${name}`);
    (0,_preflight_account_js__WEBPACK_IMPORTED_MODULE_12__/* .checkAccount */ .g4)({ name, account }, configuration);
}
/** True if there is nothing left to roll back. While Lambda still moves the calls, there is. */
function isThere(alias, version) {
    if (alias.movingFrom !== null)
        return false;
    if (version === null)
        return isRolledBack(alias);
    return (0,_domain_alias_js__WEBPACK_IMPORTED_MODULE_10__/* .sameRouting */ .Hm)(alias.routing, { primary: version, additional: null });
}
/** True after a rollback by a run, or by hand, which leaves the release's record in place. */
function isRolledBack(alias) {
    const record = (0,_domain_alias_record_js__WEBPACK_IMPORTED_MODULE_0__/* .readRecord */ .aE)(alias.description);
    switch (record?.state) {
        case "rolled-back":
            return (0,_domain_alias_record_js__WEBPACK_IMPORTED_MODULE_0__/* .recordOf */ .zv)(alias) !== null;
        case "canary":
            return alias.routing.additional === null && alias.routing.primary === record.baseline;
        case "promoted":
            return (alias.routing.additional === null && alias.routing.primary === record.before && record.before !== record.version);
        case undefined:
            return false;
    }
}
function settled(target, alias, by, ports) {
    (0,_release_serving_js__WEBPACK_IMPORTED_MODULE_5__/* .tellServing */ .GF)(ports, target, alias);
    const { routing, movingFrom } = alias;
    return { kind: by === "now" ? "changed" : "unchanged", reason: { kind: "settled", target, routing, movingFrom, by } };
}
/** True if a release left the alias so before the rollback began: whatever else was read of it was stale. */
function isOlder(alias, start) {
    const record = (0,_domain_alias_record_js__WEBPACK_IMPORTED_MODULE_0__/* .recordOf */ .zv)(alias);
    return record !== null && record.at < start;
}
/** True if someone else moved the alias: it is neither where we started, nor at the goal, nor as a release left it. */
function isOffCourse(alias, { start, goal }) {
    const { routing } = alias;
    return routing.primary !== goal.version && !(0,_domain_alias_js__WEBPACK_IMPORTED_MODULE_10__/* .sameRouting */ .Hm)(routing, start) && (0,_domain_alias_record_js__WEBPACK_IMPORTED_MODULE_0__/* .recordOf */ .zv)(alias) === null;
}
function superseded(target, alias, { goal }, ports) {
    (0,_release_serving_js__WEBPACK_IMPORTED_MODULE_5__/* .tellServing */ .GF)(ports, target, alias);
    return { kind: "superseded", reason: { kind: "off-course", target, to: goal.version, routing: alias.routing } };
}
/**
 * Where an alias goes back to: the version that was asked for. Else off the canary. Else to the version before, by its
 * record. Else to the version that Lambda is still moving the calls from. Else to the next lower version.
 */
async function destination({ function: name, alias: aliasName }, { routing, description, movingFrom }, asked, { functions }) {
    const { primary, additional } = routing;
    const from = additional?.version ?? primary;
    if (asked !== null) {
        return { from, version: asked, why: { kind: "asked", isNewer: Number(asked) > Number(from) } };
    }
    const record = (0,_domain_alias_record_js__WEBPACK_IMPORTED_MODULE_0__/* .readRecord */ .aE)(description);
    if (additional !== null) {
        const isKnown = record?.state === "canary" && record.canary === additional.version;
        const { version, weight } = additional;
        return {
            from,
            version: primary,
            why: isKnown ? { kind: "release-under-way" } : { kind: "had-weight", version, weight },
        };
    }
    if (record?.state === "canary" && record.canary === primary) {
        const why = { kind: "before-release", run: record.run.id, version: primary };
        return { from, version: record.baseline, why };
    }
    if (record?.state === "promoted" && record.version === primary && record.before !== primary) {
        const why = { kind: "before-promotion", run: record.run.id, version: primary };
        return { from, version: record.before, why };
    }
    if (movingFrom !== null) {
        // From lower to higher, it is a promotion: undo it. From higher to lower, it is a rollback: let it finish.
        const why = { kind: "still-moving", from: movingFrom, to: primary };
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
        throw new _engine_ports_js__WEBPACK_IMPORTED_MODULE_8__/* .ReleaseError */ .K(`${what}: name one in the input "version"`);
    }
    return { from, version: lower, why: { kind: "next-lower", below: primary } };
}


/***/ })

};
;