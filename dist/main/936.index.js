"use strict";
exports.id = 936;
exports.ids = [936];
exports.modules = {

/***/ 7936:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   warnAboutBlindSpots: () => (/* binding */ warnAboutBlindSpots)
/* harmony export */ });
/* harmony import */ var _domain_alias_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3276);
/* harmony import */ var _domain_format_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1533);


const SPOTS = [
    {
        isOf: ({ kind }) => kind === "url",
        isGuarded: (guard) => guard.kind === "counts" && guard.signal === "url-5xx",
        told: (names) => `error-rate doesn't see what the function URL of ${names} answers with status 500: add "url-5xx < 1%"`,
    },
    {
        isOf: ({ kind, name }) => kind === "policy" && name.includes("apigateway.amazonaws.com"),
        isGuarded: () => false,
        told: (names) => `error-rate doesn't see what ${names} answers to API Gateway with status 500: add a guard such as "metric AWS/ApiGateway/5XXError {ApiName=NAME} Average < 0.01"`,
    },
    {
        isOf: ({ name, reportsItems }) => reportsItems && isQueue(name),
        isGuarded: () => false,
        told: (names) => `error-rate doesn't see the messages that ${names} returns in batchItemFailures: add a guard such as "metric AWS/SQS/ApproximateNumberOfMessagesVisible {QueueName=DEAD-LETTER-QUEUE} Maximum < 10"`,
    },
    {
        isOf: ({ name, reportsItems }) => reportsItems && !isQueue(name),
        isGuarded: (guard) => guard.kind === "level" && guard.signal === "iterator-age",
        told: (names) => `error-rate doesn't see the records that ${names} returns in batchItemFailures: add "iterator-age < 1m"`,
    },
];
function isQueue(arn) {
    return arn.split(":")[2] === "sqs";
}
/** More names would make the sentence too long. */
const FEW = 3;
/**
 * Warns of what `error-rate` can't see of these functions, with the guard to add. An alarm or a metric is taken to watch
 * all of it. Never throws.
 *
 * @returns the same sentences
 */
async function warnAboutBlindSpots(guards, targets, { functions, journal }) {
    const isTrusted = guards.some((guard) => guard.kind === "counts" && guard.signal === "error-rate");
    if (!isTrusted || guards.some(({ kind }) => kind === "alarm" || kind === "metric"))
        return [];
    const found = await Promise.all(targets.map(async (target) => ({ target, ...(await functions.callersThrough(target)) })));
    const sentences = SPOTS.filter(({ isGuarded }) => !guards.some(isGuarded)).flatMap(({ isOf, told }) => {
        const affected = found.filter(({ callers }) => callers.some(isOf)).map(({ target }) => target);
        return affected.length === 0 ? [] : [told((0,_domain_format_js__WEBPACK_IMPORTED_MODULE_0__/* .formatList */ .ki)(affected.map(_domain_alias_js__WEBPACK_IMPORTED_MODULE_1__/* .nameOf */ .Vb), FEW))];
    });
    for (const text of sentences)
        journal.write({ kind: "warned", text });
    const [problem] = found.flatMap(({ problems }) => problems);
    if (problem !== undefined) {
        journal.write({ kind: "noted", text: `it is unknown whether error-rate sees all failures: ${problem}` });
    }
    return sentences;
}


/***/ })

};
;