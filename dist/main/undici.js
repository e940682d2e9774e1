module.exports = new Proxy({}, { get: (_, name) => name === "__esModule" || require("./undici.bundle.js")[name] });
