import { type Clock, type Credentials, type Expiry, type Fault, ServiceError } from "../release/ports.ts";
import { type Duration, formatDuration, formatInstant, MINUTE, SECOND } from "../release/time.ts";
import { factsOf, serviceError } from "./faults.ts";
import { audienceIn } from "./partition.ts";
import type { Keys, Role, Sts } from "./sts.ts";

/** As the SDK's clients take them. */
interface ExpiringKeys extends Keys {
  readonly expiration: Date;
}

/**
 * How long before their end keys are replaced. A rollback is given up after five minutes of trying: whenever one begins,
 * the keys that it finds outlive it.
 */
const MARGIN = 10 * MINUTE;
/** How soon a renewal that failed is tried again. */
const PAUSE = 30 * SECOND;

/** What a role needs of the world. */
export interface Surroundings {
  /** Loads the client when it is first needed. */
  readonly sts: () => Promise<Sts>;
  /** Gives a new token by which STS knows the job, for an audience. @throws ServiceError */
  readonly mint: (audience: string) => Promise<string>;
  /** One that doesn't keep the process alive: the next renewal is nothing to wait for. */
  readonly clock: Clock;
  readonly warn: (text: string) => void;
}

/** The keys of a role, renewed for as long as the process runs. */
export class AssumedRole implements Credentials {
  readonly #role: Role;
  readonly #around: Surroundings;
  /** The newest keys. They stay until the next are at hand, so that no renewal can take them away. */
  #keys: ExpiringKeys | null = null;
  #assuming: Promise<ExpiringKeys> | null = null;
  /** Whether the last try to renew them failed. */
  #isLapsing = false;

  constructor(role: Role, around: Surroundings) {
    this.#role = role;
    this.#around = around;
  }

  /** The SDK's clients ask here. As long as any keys are valid nobody waits: least of all a rollback, for a renewal. */
  readonly provide = async (): Promise<ExpiringKeys> => {
    const keys = this.#keys;
    return keys !== null && this.#around.clock.now() < keys.expiration.getTime() ? keys : this.#assume();
  };

  async expiry(): Promise<Expiry> {
    const { expiration } = await this.provide();
    return this.#isLapsing ? { kind: "at", at: expiration.getTime() } : { kind: "never" };
  }

  async account(): Promise<string | null> {
    return this.#role.arn.split(":")[4] ?? null;
  }

  get #audience(): string {
    return audienceIn(this.#role.arn.split(":")[1] ?? "");
  }

  #assume(): Promise<ExpiringKeys> {
    this.#assuming ??= this.#ask().finally(() => {
      this.#assuming = null;
    });
    return this.#assuming;
  }

  async #ask(): Promise<ExpiringKeys> {
    const { clock, sts, mint } = this.#around;
    const { duration } = this.#role;
    // By this machine's own clock, whatever that shows: AWS's time for the end would be read by it, too.
    const expiration = new Date(clock.now() + duration);
    const isFirst = this.#keys === null;
    try {
      const token = await mint(this.#audience);
      this.#keys = { ...(await (await sts()).assume(this.#role, token)), expiration };
    } catch (error) {
      throw this.#failure(error);
    }
    if (isFirst) void this.#keepFresh();
    return this.#keys;
  }

  async #keepFresh(): Promise<never> {
    const { clock, warn } = this.#around;
    for (;;) {
      const end = this.#keys?.expiration.getTime() ?? 0;
      await clock.sleep(this.#isLapsing ? PAUSE : end - MARGIN - clock.now());
      try {
        await this.#assume();
        this.#isLapsing = false;
      } catch (error) {
        const until = `tried again every ${formatDuration(PAUSE)}; those in use end at ${formatInstant(end)}`;
        if (!this.#isLapsing)
          warn(`the credentials could not be renewed, which is ${until}: ${(error as Error).message}`);
        this.#isLapsing = true;
      }
    }
  }

  #failure(error: unknown): ServiceError {
    const [fault, why] =
      error instanceof ServiceError ? [error.fault, error.message] : refusal(error, this.#role, this.#audience);
    return new ServiceError(fault, `the role ${this.#role.arn} could not be assumed: ${why}`, error);
  }
}

const ASSUMING = { operation: "AssumeRoleWithWebIdentity", on: "STS", action: "sts:AssumeRoleWithWebIdentity" };

/** Why STS gave no keys, and what to do about it. */
function refusal(error: unknown, { duration }: Role, audience: string): readonly [Fault, string] {
  const { name, message } = factsOf(error);
  const { fault } = serviceError(ASSUMING, error);
  // Of the latter, the fault is called the request's, though it is that STS didn't reach GitHub.
  const passes = fault === "throttled" || fault === "unclear" || name.startsWith("IDPCommunicationError");
  if (passes) return [fault === "throttled" ? fault : "unclear", `STS gave no clear answer (${message})`];
  return ["expired", `${remedyOf(name, message, duration, audience)} (${message})`];
}

function remedyOf(name: string, message: string, duration: Duration, audience: string): string {
  if (name === "AccessDenied") {
    return "it doesn't exist, or its trust policy doesn't let this repository in with sts:AssumeRoleWithWebIdentity";
  }
  if (/MaxSessionDuration/.test(message)) {
    return `its longest session is shorter than ${formatDuration(duration)}: lower role-duration, or raise that of the role`;
  }
  if (name.startsWith("InvalidIdentityToken")) {
    return `its account doesn't take GitHub's tokens: add the OIDC provider with the audience ${audience} to it`;
  }
  return "STS refused it";
}

/** What the SDK's providers tell of keys. */
interface FoundKeys {
  readonly sessionToken?: string;
  readonly expiration?: Date;
  readonly accountId?: string;
  /** By which of the providers they came. */
  readonly $source?: { readonly CREDENTIALS_ENV_VARS?: unknown };
}

/** The keys that the SDK finds by itself: most often in the environment, where an earlier step put them. */
export class FoundCredentials implements Credentials {
  readonly #find: () => Promise<FoundKeys>;
  readonly #sts: () => Promise<Sts>;

  /** @param sts gives the client to ask whose keys they are; not called unless that is to be known */
  constructor(find: () => Promise<FoundKeys>, sts: () => Promise<Sts>) {
    this.#find = find;
    this.#sts = sts;
  }

  async expiry(): Promise<Expiry> {
    const { expiration, sessionToken, $source } = await this.#find().catch((error: unknown) => {
      const remedy = "give the input role-to-assume, or let an earlier step get some";
      throw new ServiceError("expired", `there are no AWS credentials: ${remedy} (${factsOf(error).message})`, error);
    });
    // Only the environment never gets others: all that the SDK fetches from elsewhere it fetches again.
    if (expiration !== undefined) {
      return $source?.CREDENTIALS_ENV_VARS === undefined ? { kind: "never" } : { kind: "at", at: expiration.getTime() };
    }
    // Those of a user, and not of a session.
    return { kind: sessionToken === undefined ? "never" : "unknown" };
  }

  async account(): Promise<string | null> {
    try {
      const { accountId } = await this.#find();
      return accountId ?? (await (await this.#sts()).callerAccount());
    } catch {
      // Nobody needs a right for it, but not every network lets STS be reached: then the functions' own ARNs tell.
      return null;
    }
  }
}
