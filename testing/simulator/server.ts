import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Duration, formatInstant, type Instant, MINUTE } from "../../src/domain/time.ts";
import { CloudWatch } from "./cloudwatch/cloudwatch.ts";
import { Metrics } from "./cloudwatch/metrics.ts";
import { type Fault, Faults, type Matcher } from "./faults.ts";
import { GitHub } from "./github/github.ts";
import { Identity } from "./github/identity.ts";
import { Iam } from "./iam.ts";
import { Account } from "./lambda/account.ts";
import { Lambda } from "./lambda/lambda.ts";
import { Others } from "./others.ts";
import type { Exchange } from "./published/inspect.ts";
import { Quotas } from "./quotas.ts";
import { Random } from "./random.ts";
import { type Answer, type Operation, Refusal, type Request, refusing, type Service } from "./service.ts";
import { Sts } from "./sts.ts";
import type { SimulatedTime } from "./time.ts";
import { STEADY } from "./traffic.ts";
import { type Call, Transcript } from "./transcript.ts";

export interface SimulatorOptions {
  readonly time: SimulatedTime;
  /** The seed of everything random. */
  readonly seed?: number;
  readonly region?: string;
  /** 0 for any free port. */
  readonly port?: number;
  /** Whether to refuse calls beyond the services' limits per second. */
  readonly quotas?: boolean;
  /**
   * Whether the callers' clocks are held to be right: then answers tell the simulated time, and AWS refuses signatures
   * that are off by more than five minutes. Otherwise callers may be on any other time.
   */
  readonly checksTime?: boolean;
  /** How long CloudWatch has had figures of the functions: a week by default. */
  readonly past?: Duration;
}

/** Starts Lambda, CloudWatch, STS and GitHub on 127.0.0.1. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const simulator = new Simulator(options);
  await simulator.listen(options.port ?? 0);
  return simulator;
}

/** Says what is wrong with an exchange: a sentence each. */
type Inspect = (exchange: Exchange) => readonly string[];

/** The services behind one address. Tests set them up and look at them. */
export class Simulator {
  /** What each new simulator inspects its exchanges with. */
  static inspect: Inspect | null = null;
  readonly time: SimulatedTime;
  readonly seed: number;
  /** The functions, with their versions, aliases and traffic. */
  readonly account: Account;
  /** Alarms and metrics. */
  readonly cloudwatch: CloudWatch;
  /** Pull requests, comments and workflow runs. */
  readonly github: GitHub;
  /** The OIDC tokens that identify the job. */
  readonly identity: Identity;
  /** Who calls AWS, and what they may do. */
  readonly iam: Iam;
  /** Called when a call has been answered, or will never be. */
  onCall: (call: Call) => void = () => {};
  inspect = Simulator.inspect;
  /** What was found wrong so far. */
  readonly violations: string[] = [];
  readonly #services: readonly Service[];
  readonly #transcript = new Transcript();
  readonly #faults = new Faults();
  readonly #quotas: Quotas | null;
  readonly #checksTime: boolean;
  readonly #server: Server;

  constructor(options: SimulatorOptions) {
    const { time, seed = 1, region = "eu-central-1", quotas = false, past = STEADY.past } = options;
    this.time = time;
    this.#checksTime = options.checksTime ?? false;
    this.seed = seed;
    this.account = new Account(time, seed, region, past);
    this.cloudwatch = new CloudWatch(time, new Metrics(this.account.functions), this.account);
    this.github = new GitHub(time);
    this.identity = new Identity(time);
    this.iam = new Iam(this.account);
    const sts = new Sts(time, this.iam, this.identity);
    this.#services = [this.identity, this.github, this.cloudwatch, sts, new Lambda(this.account), new Others()];
    this.#quotas = quotas ? new Quotas() : null;
    this.#server = createServer((message, response) => {
      this.#serve(message, response).catch((error: unknown) => response.destroy(error as Error));
    });
    // A client on simulated time may be silent for a long real time. Keep its connections.
    this.#server.keepAliveTimeout = 0;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The environment in which a process's AWS SDK, AWS CLI and GitHub client call this simulator. */
  get environment(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_REGION: this.account.region,
      // Version 1 of the AWS CLI knows the Region only by this name.
      AWS_DEFAULT_REGION: this.account.region,
      AWS_ACCESS_KEY_ID: "AKIASIMULATOR",
      AWS_SECRET_ACCESS_KEY: "secret-of-the-simulator",
      GITHUB_API_URL: `${this.url}/github`,
    };
  }

  /** What the runner adds to it for a job with `permissions: id-token: write`. */
  get identityEnvironment(): Readonly<Record<string, string>> {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: this.identity.address(this.url),
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.identity.requestToken,
    };
  }

  /** Every call so far, in order. */
  get calls(): readonly Call[] {
    return this.#transcript.calls;
  }

  /** Makes a later call go wrong. @returns how to cancel it */
  inject(matcher: Matcher, fault: Fault): () => void {
    return this.#faults.inject(matcher, fault);
  }

  /** @throws Error when an answer, or a request that was granted, was found wrong */
  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
    const found = [...new Set(this.violations)];
    if (found.length > 0) throw new Error(found.join("\n"));
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(message);
    const service = this.#services.find((each) => each.serves(request));
    if (service === undefined) {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("This is the simulator of Lambda, CloudWatch, STS and GitHub; nothing is at this path.\n");
      return;
    }
    const operation = understand(service, request);
    const { name, target, summary } = operation;
    const opened = { at: this.time.now(), service: service.name, operation: name, target, summary, request };
    const call = this.#transcript.open(opened);
    const close = (text: string) => this.onCall(this.#transcript.close(call, text));

    const faults = this.#faults.take(call);
    const hook = async (when: "before" | "after") => {
      for (const fault of faults) if (fault.kind === "hook" && fault.when === when) await fault.run(call);
    };
    await hook("before");
    const fault = faults.find(({ kind }) => kind !== "hook");
    const inspected = (answer: Answer) => {
      const exchange = { service: service.name, operation: operation.name, request, answer };
      this.violations.push(...(this.inspect?.(exchange) ?? []));
      return answer;
    };
    const carryOut = () => inspected(this.#carryOut(service, operation, request));
    const send = async (answer: Answer, body = answer.body) => {
      await hook("after");
      close(summaryOf(answer));
      const now = this.time.now();
      const date = new Date(this.#checksTime ? now : (signedAt(request) ?? now)).toUTCString();
      response.writeHead(answer.status, { date, ...answer.headers, "x-amzn-requestid": requestId(call) });
      response.end(body);
    };
    switch (fault?.kind) {
      case undefined:
      case "hook":
        return send(carryOut());
      case "reset":
        close("connection cut");
        response.destroy();
        return;
      case "lost": {
        const answer = carryOut();
        await hook("after");
        close(`${summaryOf(answer)}, lost on its way`);
        response.destroy();
        return;
      }
      case "hang": {
        const answer = fault.carriedOut ? carryOut() : null;
        await hook("after");
        close(answer === null ? "no answer" : `${summaryOf(answer)}, never sent`);
        this.time.letTimePass(message);
        return;
      }
      case "late": {
        const answer = carryOut();
        const stopTime = this.time.letTimePass(message);
        this.time.at(this.time.now() + fault.by, () => {
          stopTime();
          void send(answer);
        });
        return;
      }
      case "garbled": {
        const answer = carryOut();
        return send({ ...answer, note: `${answer.note}, garbled` }, answer.body.slice(0, answer.body.length / 2));
      }
      case "stalled": {
        const { status, headers, body, note } = carryOut();
        await hook("after");
        close(`${summaryOf({ status, headers, body, note })}, stalled`);
        this.time.letTimePass(message);
        response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
        response.write(body.slice(0, body.length / 2));
        return;
      }
      case "refused":
        return send(inspected(service.refuse(fault.refusal, request)));
      case "answered": {
        const { status, headers = {}, body = "" } = fault;
        return send(inspected({ status, headers, body, note: "" }));
      }
      case "intercepted": {
        const { status, headers, body } = fault;
        close(`${status} by something in between`);
        response.sendDate = false;
        response.writeHead(status, headers);
        response.end(body);
        return;
      }
    }
  }

  #carryOut(service: Service, operation: Operation, request: Request): Answer {
    try {
      if (this.#checksTime) checkSignature(request, this.time.now());
      if (operation.permission !== null) this.iam.authorise(request, operation.permission);
      if (operation.quota !== null && (service.name === "lambda" || service.name === "cloudwatch")) {
        this.#quotas?.take(service.name, operation.quota, this.time.now());
      }
      return operation.carryOut();
    } catch (error) {
      if (error instanceof Refusal) return service.refuse(error, request);
      throw error;
    }
  }
}

/** A request that makes no sense becomes an operation that refuses it. */
function understand(service: Service, request: Request): Operation {
  try {
    return service.understand(request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refusing(`${request.method} ${request.path}`, error);
  }
}

async function read(message: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(message.url ?? "/", "http://simulator");
  return {
    method: message.method ?? "GET",
    path: pathname,
    query: searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks),
  };
}

function summaryOf({ status, note }: Answer): string {
  return note === "" ? String(status) : `${status} ${note}`;
}

function requestId({ number }: Call): string {
  return new Random("request", number).uuid();
}

/**
 * AWS takes a signature for this long before and after its time:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html.
 */
const MOST_SKEW = 5 * MINUTE;

/** @throws Refusal if the request's signature is too old or from the future */
function checkSignature(request: Request, now: Instant): void {
  const at = signedAt(request);
  if (at === null || Math.abs(at - now) <= MOST_SKEW) return;
  const [signed, told, limit] = [at, now, at < now ? now - MOST_SKEW : now + MOST_SKEW].map(inBasicFormat);
  const message =
    at < now
      ? `Signature expired: ${signed} is now earlier than ${limit} (${told} - 5 min.)`
      : `Signature not yet current: ${signed} is still later than ${limit} (${told} + 5 min.)`;
  throw new Refusal(403, "InvalidSignatureException", message);
}

/** When a request was signed, by its sender's clock; null if it isn't signed. */
function signedAt({ headers }: Request): Instant | null {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers["x-amz-date"] ?? "")) ?? [];
  return year === undefined ? null : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function inBasicFormat(at: Instant): string {
  return formatInstant(at).replaceAll(/[-:]/g, "");
}
