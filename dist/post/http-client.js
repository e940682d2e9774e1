module.exports = new Proxy({}, { get: (_, name) => name === "__esModule" || require("./http-client.bundle.js")[name] });
