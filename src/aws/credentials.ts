import { accountOf } from "../domain/alias.ts";
import { type Clock, type Credentials, type Expiry, type Fault, ServiceError } from "../domain/ports.ts";
import { type Duration, formatDuration, formatInstant, MINUTE, SECOND } from "../domain/time.ts";
import { factsOf, serviceError } from "./faults.ts";
import { audienceIn } from "./partition.ts";
import type { Keys, Role, Sts } from "./sts.ts";

/** Keys in the form that the SDK's clients take. */
interface ExpiringKeys extends Keys {
  readonly expiration: Date;
}

/**
 * How long before they expire keys are replaced. A rollback is given up after about five minutes of trying: so whenever
 * one starts, its keys outlast it.
 */
const MARGIN = 10 * MINUTE;
/** The pause before a failed renewal is tried again. */
const PAUSE = 30 * SECOND;

/** What is needed to assume a role. */
export interface Surroundings {
  /** Loads the client when it is first needed. */
  readonly sts: () => Promise<Sts>;
  /** Gets a new token that identifies the job to STS, for an audience. @throws ServiceError */
  readonly mint: (audience: string) => Promise<string>;
  /** Must not keep the process alive: the process may end before the next renewal. */
  readonly clock: Clock;
  /** How far that clock is ahead of AWS's. */
  readonly ahead: () => Duration;
  readonly warn: (text: string) => void;
}

/** A role's keys, renewed for as long as the process runs. */
export class AssumedRole implements Credentials {
  readonly #role: Role;
  readonly #around: Surroundings;
  /** The newest keys. They are kept until the next ones are here, so that a failed renewal loses nothing. */
  #keys: ExpiringKeys | null = null;
  #assuming: Promise<ExpiringKeys> | null = null;
  /** Whether the last try to renew them failed. */
  #isLapsing = false;

  constructor(role: Role, around: Surroundings) {
    this.#role = role;
    this.#around = around;
  }

  /** The SDK's clients ask here. As long as the keys are valid, nobody waits for a renewal, least of all a rollback. */
  readonly provide = async (): Promise<ExpiringKeys> => {
    const keys = this.#keys;
    return keys !== null && this.#around.clock.now() < keys.expiration.getTime() ? keys : this.#assume();
  };

  async expiry(): Promise<Expiry> {
    const { expiration } = await this.provide();
    return this.#isLapsing ? { kind: "at", at: expiration.getTime() - this.#around.ahead() } : { kind: "never" };
  }

  async account(): Promise<string | null> {
    return accountOf(this.#role.arn);
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
    // By this machine's clock, right or wrong: the SDK compares it with the same clock.
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
    const { clock, ahead, warn } = this.#around;
    for (;;) {
      const end = this.#keys?.expiration.getTime() ?? 0;
      await clock.sleep(this.#isLapsing ? PAUSE : end - MARGIN - clock.now());
      try {
        await this.#assume();
        this.#isLapsing = false;
      } catch (error) {
        const until = `the current ones expire at ${formatInstant(end - ahead())}`;
        if (!this.#isLapsing)
          warn(
            `the credentials could not be renewed; trying again every ${formatDuration(PAUSE)}, ${until}: ${(error as Error).message}`,
          );
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
  // STS calls the last of these the request's fault, though it means that STS couldn't reach GitHub.
  const passes = fault === "throttled" || fault === "unclear" || name.startsWith("IDPCommunicationError");
  if (passes) return [fault === "throttled" ? fault : "unclear", `STS gave no clear answer (${message})`];
  return ["expired", `${remedyOf(name, message, duration, audience)} (${message})`];
}

function remedyOf(name: string, message: string, duration: Duration, audience: string): string {
  if (name === "AccessDenied") {
    return "it doesn't exist, or its trust policy doesn't allow this job sts:AssumeRoleWithWebIdentity";
  }
  if (/MaxSessionDuration/.test(message)) {
    return `its maximum session duration is below ${formatDuration(duration)}: lower role-duration, or raise the role's maximum`;
  }
  if (name.startsWith("InvalidIdentityToken")) {
    return `its account doesn't accept GitHub's tokens: add GitHub's OIDC provider to it, with the audience ${audience}`;
  }
  return "STS refused it";
}

/** Keys as the SDK's providers return them. */
interface FoundKeys {
  readonly sessionToken?: string;
  readonly expiration?: Date;
  readonly accountId?: string;
  /** Which of the providers found them. */
  readonly $source?: { readonly CREDENTIALS_ENV_VARS?: unknown };
}

/** The keys that the SDK finds by itself, most often in the environment, where an earlier step put them. */
export class FoundCredentials implements Credentials {
  readonly #find: () => Promise<FoundKeys>;
  readonly #sts: () => Promise<Sts>;

  /** @param sts loads the client that knows the keys' account; called only if that has to be asked */
  constructor(find: () => Promise<FoundKeys>, sts: () => Promise<Sts>) {
    this.#find = find;
    this.#sts = sts;
  }

  async expiry(): Promise<Expiry> {
    const { expiration, sessionToken, $source } = await this.#find().catch((error: unknown) => {
      const remedy = "set the input role-to-assume, or get credentials in an earlier step";
      throw new ServiceError("expired", `there are no AWS credentials: ${remedy} (${factsOf(error).message})`, error);
    });
    // Only keys from the environment stay as they are: keys from elsewhere are fetched again by the SDK.
    if (expiration !== undefined) {
      return $source?.CREDENTIALS_ENV_VARS === undefined ? { kind: "never" } : { kind: "at", at: expiration.getTime() };
    }
    // Without a session token they are a user's keys, which don't expire.
    return { kind: sessionToken === undefined ? "never" : "unknown" };
  }

  async account(): Promise<string | null> {
    try {
      const { accountId } = await this.#find();
      return accountId ?? (await (await this.#sts()).callerAccount());
    } catch {
      // The call needs no permission, but not every network can reach STS. Then the functions' own ARNs are checked.
      return null;
    }
  }
}
