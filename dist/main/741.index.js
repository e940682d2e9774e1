"use strict";
exports.id = 741;
exports.ids = [741];
exports.modules = {

/***/ 7741:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Sts: () => (/* binding */ Sts)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_sts__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4107);
/* harmony import */ var _aws_sdk_client_sts__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3546);
/* harmony import */ var _domain_time_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2379);
/* harmony import */ var _faults_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6076);



/** STS, the service that issues credentials. Its methods throw the SDK's errors, or a `ServiceError`. */
class Sts {
    #client;
    constructor(client) {
        this.#client = client;
    }
    /** @param token identifies the job to STS */
    async assume({ arn, session, duration }, token) {
        const input = { RoleArn: arn, RoleSessionName: session, DurationSeconds: duration / _domain_time_js__WEBPACK_IMPORTED_MODULE_0__/* .SECOND */ .Z2 };
        const command = new _aws_sdk_client_sts__WEBPACK_IMPORTED_MODULE_2__/* .AssumeRoleWithWebIdentityCommand */ .W({ ...input, WebIdentityToken: token });
        const answer = await this.#client.send(command);
        const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, } = answer.Credentials ?? {};
        if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
            throw (0,_faults_js__WEBPACK_IMPORTED_MODULE_1__/* .hollow */ .se)("AssumeRoleWithWebIdentity", answer);
        }
        return { accessKeyId, secretAccessKey, sessionToken };
    }
    /** The account of the client's own keys; null if the answer has none. */
    async callerAccount() {
        return (await this.#client.send(new _aws_sdk_client_sts__WEBPACK_IMPORTED_MODULE_3__/* .GetCallerIdentityCommand */ .z({}))).Account ?? null;
    }
}


/***/ })

};
;