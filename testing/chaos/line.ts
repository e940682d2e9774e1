import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A connection to a server on this machine that can be cut: open sockets are reset, and new ones are refused. */
export class Line {
  readonly #to: number;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | null;

  private constructor(to: number, server: Server) {
    this.#to = to;
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    server.on("connection", (socket: Socket) => this.#join(socket));
  }

  static async to(url: string): Promise<Line> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Line(Number(new URL(url).port), server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  cut(): void {
    this.#server?.close();
    this.#server = null;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async mend(): Promise<void> {
    this.#server = createServer((socket) => this.#join(socket)).listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  #join(near: Socket): void {
    const far = connect(this.#to, "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
