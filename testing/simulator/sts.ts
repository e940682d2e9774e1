import { formatInstant, SECOND } from "../../src/domain/time.ts";
import type { Claims, Identity } from "./github/identity.ts";
import type { Iam, Keys } from "./iam.ts";
import {
  type Answer,
  formOf,
  isForm,
  type Operation,
  Refusal,
  type Request,
  refusing,
  type Service,
  signedFor,
} from "./service.ts";
import type { SimulatedTime } from "./time.ts";
import { content, queryError, xml } from "./xml.ts";

const VERSION = "2011-06-15";
const NAMESPACE = `https://sts.amazonaws.com/doc/${VERSION}/`;
export const OPERATIONS: readonly string[] = ["AssumeRoleWithWebIdentity", "GetCallerIdentity"];
/** The audience that IAM's OIDC provider expects in a token, in China and elsewhere. */
const AUDIENCE = { "aws-cn": "sts.amazonaws.com.cn", others: "sts.amazonaws.com" };
/**
 * In seconds: the shortest and the longest session that may be requested, and the default:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html.
 */
const DURATION = { least: 900, most: 43_200, usual: 3_600 };

/** STS: AssumeRoleWithWebIdentity and GetCallerIdentity, in the query protocol that all its clients speak. */
export class Sts implements Service {
  readonly name = "sts";
  readonly #time: SimulatedTime;
  readonly #iam: Iam;
  readonly #identity: Identity;

  constructor(time: SimulatedTime, iam: Iam, identity: Identity) {
    this.#time = time;
    this.#iam = iam;
    this.#identity = identity;
  }

  serves(request: Request): boolean {
    const signed = signedFor(request);
    if (signed !== null) return signed === "sts";
    return request.method === "POST" && request.path === "/" && isForm(request);
  }

  understand(request: Request): Operation {
    const form = formOf(request);
    const action = form.get("Action") ?? "";
    if (!OPERATIONS.includes(action) || form.get("Version") !== VERSION) {
      const message = `This simulator has no STS ${action}. It has (version ${VERSION}): ${OPERATIONS.join(", ")}.`;
      return refusing(action, new Refusal(400, "InvalidAction", message));
    }
    if (action === "GetCallerIdentity") {
      // Anyone whose signature is valid may ask who they are: no policy can prevent it.
      const carryOut = () => identity(this.#iam.identify(request));
      return { name: action, target: "", summary: "", permission: null, quota: null, carryOut };
    }
    const [role = "", session = ""] = [form.get("RoleArn"), form.get("RoleSessionName")].map((each) => each ?? "");
    const seconds = Number(form.get("DurationSeconds") ?? DURATION.usual);
    return {
      name: action,
      target: role,
      summary: `${session} for ${seconds}s`,
      // The token alone identifies the caller.
      permission: null,
      quota: null,
      carryOut: () => {
        validate(role, session, seconds);
        const audience = role.startsWith("arn:aws-cn:") ? AUDIENCE["aws-cn"] : AUDIENCE.others;
        const claims = this.#claimsOf(form.get("WebIdentityToken") ?? "", audience);
        const keys = this.#iam.assume(role, session, claims.subject, seconds * SECOND);
        return granted(keys, session, claims);
      },
    };
  }

  refuse(refusal: Refusal): Answer {
    return queryError(refusal, refusal.type, NAMESPACE);
  }

  /** @throws Refusal unless the token is from GitHub, meant for AWS, and not expired */
  #claimsOf(token: string, audience: string): Claims {
    const claims = this.#identity.read(token);
    if (claims === null) {
      throw new Refusal(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT.");
    }
    if (claims.audience !== audience) throw new Refusal(400, "InvalidIdentityToken", "Incorrect token audience");
    const now = this.#time.now();
    if (now >= claims.ends) {
      const when = `current date/time ${now / SECOND} must be before the expiration date/time ${claims.ends / SECOND}`;
      throw new Refusal(400, "ExpiredTokenException", `Token expired: ${when}`);
    }
    return claims;
  }
}

/** @throws Refusal, in the words of the real service */
function validate(role: string, session: string, seconds: number): void {
  const wrong = (value: string, member: string, rule: string) => {
    const message = `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`;
    return new Refusal(400, "ValidationError", message);
  };
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(role)) {
    throw new Refusal(400, "ValidationError", `${role} is invalid`);
  }
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
    throw wrong(session, "roleSessionName", "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
  }
  if (!(seconds >= DURATION.least)) {
    throw wrong(
      String(seconds),
      "durationSeconds",
      `Member must have value greater than or equal to ${DURATION.least}`,
    );
  }
  if (seconds > DURATION.most) {
    throw wrong(String(seconds), "durationSeconds", `Member must have value less than or equal to ${DURATION.most}`);
  }
}

function identity(caller: string): Answer {
  const account = caller.split(":")[4] ?? "";
  const output = { Arn: caller, UserId: "AROASIMULATOR:caller", Account: account };
  return told("GetCallerIdentity", output, account);
}

function granted(keys: Keys, session: string, { audience, subject }: Claims): Answer {
  const output = {
    SubjectFromWebIdentityToken: subject,
    Audience: audience,
    AssumedRoleUser: { Arn: keys.caller, AssumedRoleId: `AROASIMULATOR:${session}` },
    Credentials: {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
      Expiration: new Date(keys.ends),
    },
  };
  return told("AssumeRoleWithWebIdentity", output, `until ${formatInstant(keys.ends).slice(11, 19)}`);
}

function told(operation: string, output: object, note: string): Answer {
  const result = content({ [`${operation}Result`]: output });
  return { ...xml(200, `<${operation}Response xmlns="${NAMESPACE}">${result}</${operation}Response>`, note), output };
}
