import * as http from "node:http";
import * as https from "node:https";
import { getProxyUrl } from "@actions/http-client/lib/proxy";
import { Agent, type AgentConnectOpts } from "agent-base";
import { HttpsProxyAgent } from "https-proxy-agent";
import { LIMITS } from "./limits.ts";

/**
 * Connects by way of the proxy that the environment names for an address, or directly if it names none. The rules are
 * those of the library that calls GitHub, so one NO_PROXY means the same for all.
 */
export class EnvironmentAgent extends Agent {
  readonly #isSecure: boolean;

  constructor(protocol: "http:" | "https:") {
    super({ keepAlive: true });
    this.#isSecure = protocol === "https:";
  }

  /** By default it is guessed for each request, and not always alike: then no connection is used twice. */
  override isSecureEndpoint(): boolean {
    return this.#isSecure;
  }

  override async connect(request: http.ClientRequest, options: AgentConnectOpts) {
    const { host = "", port = 0, secureEndpoint } = options;
    const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    const proxy = getProxyUrl(new URL(`${secureEndpoint ? "https" : "http"}://${address}`));
    if (proxy === undefined) return secureEndpoint ? https.globalAgent : http.globalAgent;
    const patience = new AbortController();
    // A proxy that doesn't answer would keep this process alive: the request's own limit doesn't end the connection.
    const limit = setTimeout(() => patience.abort(), LIMITS.connect);
    // As an address, since its parts are decoded already.
    const tunnel = new HttpsProxyAgent(proxy.href, { signal: patience.signal });
    let status: number | undefined;
    tunnel.once("proxyConnect", ({ statusCode }: { readonly statusCode: number }) => {
      status = statusCode;
    });
    const socket = await tunnel
      .connect(request, options)
      .catch((error: unknown) => {
        if (!patience.signal.aborted) throw error;
        // By this name the SDK knows that another try may help.
        throw Object.assign(new Error(`the proxy ${proxy.host} did not answer`), { name: "TimeoutError" });
      })
      .finally(() => clearTimeout(limit));
    if (status === 200) return socket;
    socket.destroy();
    throw new Error(`the proxy ${proxy.host} refused the connection to ${address} with status ${status}`);
  }
}
