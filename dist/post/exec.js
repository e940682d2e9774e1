module.exports = new Proxy({}, { get: (_, name) => name === "__esModule" || require("./exec.bundle.js")[name] });
