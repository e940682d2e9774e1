import { type Instant, MINUTE, SECOND } from "../../../src/domain/time.ts";
import { type Answer, answer, type Operation, Refusal, type Request, type Service } from "../service.ts";
import type { SimulatedTime } from "../time.ts";

const PATH = "/identity/token";
const ISSUER = "https://token.actions.githubusercontent.com";
/** How long a token is valid. */
const LIFE = 5 * MINUTE;

/** What a token says about its job, as far as anyone here asks. */
export interface Claims {
  readonly audience: string;
  /** `repo:octo-org/checkout:ref:refs/heads/main` */
  readonly subject: string;
  readonly ends: Instant;
}

/** GitHub's OIDC provider: gives a job the tokens that identify it to others. */
export class Identity implements Service {
  readonly name = "github";
  /** What the job sends to get a token. */
  readonly requestToken = "request-token-of-the-job";
  readonly subject = "repo:octo-org/checkout:ref:refs/heads/main";
  readonly #time: SimulatedTime;
  readonly #issued = new Map<string, Claims>();

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  serves({ path }: Request): boolean {
    return path === PATH;
  }

  /** Where a job asks for its token. Like the real address it has a query already; the audience is added to it. */
  address(url: string): string {
    return `${url}${PATH}?api-version=2.0`;
  }

  understand({ method, headers, query }: Request): Operation {
    const audience = query.get("audience") ?? "https://github.com/octo-org";
    const carryOut = () => {
      if (method !== "GET") throw new Refusal(405, "Method Not Allowed", "Ask for the token with GET.");
      if (headers.authorization !== `Bearer ${this.requestToken}`) {
        throw new Refusal(401, "Unauthorized", "The request token is not valid.");
      }
      return answer(200, { count: 1, value: this.#issue(audience) });
    };
    return { name: "GetIdToken", target: audience, summary: "", permission: null, quota: null, carryOut };
  }

  refuse({ status, message, headers }: Refusal): Answer {
    return answer(status, { message }, { headers, note: message });
  }

  /** What a token says; null if it isn't one of GitHub's. */
  read(token: string): Claims | null {
    return this.#issued.get(token) ?? null;
  }

  #issue(audience: string): string {
    const now = this.#time.now();
    const claims: Claims = { audience, subject: this.subject, ends: now + LIFE };
    const part = (value: object | string) =>
      Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
    const body = { iss: ISSUER, aud: audience, sub: claims.subject, iat: now / SECOND, exp: claims.ends / SECOND };
    const number = this.#issued.size + 1;
    const token = `${part({ alg: "RS256", typ: "JWT" })}.${part({ jti: number, ...body })}.${part(`signature ${number}`)}`;
    this.#issued.set(token, claims);
    return token;
  }
}
