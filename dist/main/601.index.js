"use strict";
exports.id = 601;
exports.ids = [601];
exports.modules = {

/***/ 7601:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   mintToken: () => (/* binding */ mintToken)
/* harmony export */ });
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8500);
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_timers_promises__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1687);
/* harmony import */ var _domain_ports_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8540);
/* harmony import */ var _domain_time_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2379);




/** After this time a token is given up as lost, and asked for again. */
const TIMEOUT = 10 * _domain_time_js__WEBPACK_IMPORTED_MODULE_3__/* .SECOND */ .Z2;
/**
 * Gets an OIDC token from GitHub that identifies this job to AWS. It is valid for about five minutes, and is masked in
 * the log. New ones can be had for as long as the job runs.
 *
 * @param audience who the token is for, as the role's trust policy names it
 * @throws ServiceError
 */
async function mintToken(audience) {
    if (!process.env["ACTIONS_ID_TOKEN_REQUEST_URL"]) {
        const remedy = "give the job `permissions: id-token: write` (pull requests from forks never get it)";
        throw new _domain_ports_js__WEBPACK_IMPORTED_MODULE_2__/* .ServiceError */ ._("expired", `GitHub gives this job no OIDC token: ${remedy}`, null);
    }
    const limit = (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(TIMEOUT, null, { ref: false });
    const token = await Promise.race([(0,_actions_core__WEBPACK_IMPORTED_MODULE_1__.getIDToken)(audience).catch(refused), limit]);
    if (token === null)
        throw new _domain_ports_js__WEBPACK_IMPORTED_MODULE_2__/* .ServiceError */ ._("unclear", "GitHub did not answer the request for a token", null);
    return token;
}
/** The toolkit's message has several lines, and starts with words of its own: makes it one line without them. */
function refused(error) {
    const what = error instanceof Error ? error.message.replace(/\s+/g, " ").replace(/^Error message: /, "") : String(error);
    throw new _domain_ports_js__WEBPACK_IMPORTED_MODULE_2__/* .ServiceError */ ._("unclear", `GitHub gave no token (${what})`, error);
}


/***/ })

};
;