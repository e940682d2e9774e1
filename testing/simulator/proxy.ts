import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";

/** A proxy as companies have them, on 127.0.0.1. It opens tunnels and doesn't look inside. */
export class CompanyProxy {
  /** The addresses of all tunnels that were asked for, in order: `sts.eu-central-1.amazonaws.com:443`. */
  readonly asked: string[] = [];
  /** What it answers instead of opening a tunnel; null opens it. */
  refusal: "403 Forbidden" | "never" | null = null;
  /** The user and password that it asks for: `ann:secret`. */
  login: string | null = null;
  readonly #server: Server;
  readonly #route: (address: string) => string;
  readonly #sockets = new Set<Socket>();

  /** @param route where the tunnel to an address really leads: another address */
  constructor(route: (address: string) => string = (address) => address) {
    this.#route = route;
    this.#server = createServer((_, response) => response.writeHead(405).end("This proxy opens tunnels only.\n"));
    this.#server.on("connect", (message: IncomingMessage, socket: Socket) => this.#open(message, socket));
    this.#server.on("connection", (socket) => this.#sockets.add(socket));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  /** `127.0.0.1:3128` */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many tunnels led to an address. */
  count(address: string): number {
    return this.asked.filter((each) => each === address).length;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #open({ url = "", headers }: IncomingMessage, socket: Socket): void {
    socket.on("error", () => {});
    this.asked.push(url);
    if (this.refusal === "never") return;
    const expected = this.login === null ? null : `Basic ${Buffer.from(this.login).toString("base64")}`;
    const isStranger = expected !== null && headers["proxy-authorization"] !== expected;
    const refusal = this.refusal ?? (isStranger ? "407 Proxy Authentication Required" : null);
    if (refusal !== null) {
      socket.end(`HTTP/1.1 ${refusal}\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(this.#route(url)) ?? [];
    const there = connect({ host, port: Number(port) }, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      there.pipe(socket).pipe(there);
    });
    this.#sockets.add(there);
    there.on("error", () => socket.destroy());
  }
}

/** A TLS server that hands everything on to a server without TLS. */
export class TlsFront {
  readonly #server: Server;

  /** @param path what becomes of a request's path, by the host that it was sent to */
  constructor(
    identity: { readonly key: string; readonly cert: string },
    to: string,
    path: (host: string, path: string) => string,
  ) {
    this.#server = createTlsServer(identity, (message: IncomingMessage, response: ServerResponse) => {
      const { method, headers, url = "/" } = message;
      const onward = request(`${to}${path(headers.host ?? "", url)}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      message.pipe(onward);
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
