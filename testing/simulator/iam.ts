import { type Duration, HOUR, type Instant } from "../../src/domain/time.ts";
import type { Permission, Request } from "./service.ts";
import { Refusal } from "./service.ts";

/** An IAM policy document. We don't evaluate conditions, NotAction and NotResource, so we don't accept them. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: Statement | readonly Statement[];
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

type Decision = "allowed" | "explicitly denied" | "not allowed";

/** A role that others may assume. */
export interface Role {
  /** Whom its trust policy lets in: the subject of a token, with wildcards. */
  trusts: string;
  longestSession: Duration;
}

/** What STS gives out: keys that expire. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly ends: Instant;
  /** The identity that they give to whoever uses them. */
  readonly caller: string;
}

/** Who calls, and what they may do. */
export class Iam {
  /** The ARN of the role that exists from the start. Tests can add others. */
  readonly role: string;
  readonly roles = new Map<string, Role>();
  readonly #account: { readonly id: string; readonly region: string; now(): Instant };
  readonly #sessions = new Map<string, Keys>();
  #policy: Policy | null = null;
  /** "expired": as if a job outlives its credentials. */
  credentials: "valid" | "expired" = "valid";

  constructor(account: { readonly id: string; readonly region: string; now(): Instant }) {
    this.#account = account;
    this.role = `arn:aws:iam::${account.id}:role/release`;
    this.roles.set(this.role, { trusts: "repo:octo-org/checkout:*", longestSession: HOUR });
  }

  /** What the caller may do; null for everything. */
  get policy(): Policy | null {
    return this.#policy;
  }

  set policy(policy: Policy | null) {
    for (const statement of policy === null ? [] : statementsOf(policy)) {
      const unknown = Object.keys(statement).find((key) => !["Sid", "Effect", "Action", "Resource"].includes(key));
      if (unknown !== undefined) throw new Error(`The simulator can't evaluate ${unknown} in an IAM policy.`);
    }
    this.#policy = policy;
  }

  /** @throws Refusal unless the role exists and trusts the caller */
  assume(arn: string, session: string, subject: string, duration: Duration): Keys {
    const role = this.roles.get(arn);
    if (role === undefined || !matches(role.trusts, subject)) {
      throw new Refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }
    if (duration > role.longestSession) {
      const message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
      throw new Refusal(400, "ValidationError", message);
    }
    return this.issue(session, duration, arn);
  }

  /** Issues keys, as an earlier step of the job may have got them. */
  issue(session: string, duration: Duration, role = this.role): Keys {
    const number = String(this.#sessions.size + 1).padStart(6, "0");
    const keys: Keys = {
      accessKeyId: `ASIASIMULATOR${number}`,
      secretAccessKey: `secret-${number}`,
      sessionToken: `session-token-${number}`,
      ends: this.#account.now() + duration,
      caller: this.#callerOf(role, session),
    };
    this.#sessions.set(keys.accessKeyId, keys);
    return keys;
  }

  /** Who signed a request: the ARN of a session. @throws Refusal unless it is signed by keys that are still valid */
  identify(request: Request): string {
    const [, key = "", region] = /Credential=([^/]+)\/\d{8}\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
    if (region === undefined) {
      throw new Refusal(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    if (region !== this.#account.region) {
      const message = `Credential should be scoped to a valid region. The simulator is in '${this.#account.region}'.`;
      throw new Refusal(403, "InvalidSignatureException", message);
    }
    const session = this.#sessions.get(key);
    if (key.startsWith("ASIA") && session?.sessionToken !== request.headers["x-amz-security-token"]) {
      const message = "The security token included in the request is invalid.";
      throw new Refusal(403, "UnrecognizedClientException", message);
    }
    if (this.credentials === "expired" || (session !== undefined && this.#account.now() >= session.ends)) {
      const message = "The security token included in the request is expired";
      throw new Refusal(403, "ExpiredTokenException", message);
    }
    return session?.caller ?? this.#callerOf(this.role, "GitHubActions");
  }

  /** @throws Refusal unless whoever signed the request may do this */
  authorise(request: Request, permission: Permission): void {
    const caller = this.identify(request);
    if (this.#policy === null) return;
    const { action, resource } = permission;
    const what = `User: ${caller} is not authorized to perform: ${action} on resource: ${resource}`;
    switch (decide(this.#policy, permission)) {
      case "allowed":
        return;
      case "explicitly denied":
        throw new Refusal(403, "AccessDeniedException", `${what} with an explicit deny in an identity-based policy`);
      case "not allowed":
        throw new Refusal(
          403,
          "AccessDeniedException",
          `${what} because no identity-based policy allows the ${action} action`,
        );
    }
  }

  #callerOf(role: string, session: string): string {
    return `arn:aws:sts::${this.#account.id}:assumed-role/${role.split("/").at(-1)}/${session}`;
  }
}

export function decide(policy: Policy, { action, resource }: Permission): Decision {
  const applying = statementsOf(policy).filter(
    (statement) =>
      listOf(statement.Action).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      listOf(statement.Resource).some((pattern) => matches(pattern, resource)),
  );
  if (applying.some(({ Effect }) => Effect === "Deny")) return "explicitly denied";
  return applying.some(({ Effect }) => Effect === "Allow") ? "allowed" : "not allowed";
}

/** `*` stands for any number of characters, `?` for one. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

function statementsOf({ Statement }: Policy): readonly Statement[] {
  return Array.isArray(Statement) ? Statement : [Statement as Statement];
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}
