import type { Permission, Request } from "./service.ts";
import { Refusal } from "./service.ts";

/** An IAM policy document. Conditions, NotAction and NotResource aren't evaluated here, so they aren't accepted. */
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

/** Who calls, and what they may do. */
export class Iam {
  readonly #region: string;
  readonly #caller: string;
  #policy: Policy | null = null;
  /** "expired": as when a job outlives its credentials. */
  credentials: "valid" | "expired" = "valid";

  constructor({ id, region }: { readonly id: string; readonly region: string }) {
    this.#region = region;
    this.#caller = `arn:aws:sts::${id}:assumed-role/release/GitHubActions`;
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

  /** @throws Refusal unless the request is signed by somebody who may do this */
  authorise(request: Request, permission: Permission): void {
    const [, region] = /Credential=[^/]+\/\d{8}\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
    if (region === undefined) {
      throw new Refusal(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    if (region !== this.#region) {
      const message = `Credential should be scoped to a valid region. The simulator is in '${this.#region}'.`;
      throw new Refusal(403, "InvalidSignatureException", message);
    }
    if (this.credentials === "expired") {
      const message = "The security token included in the request is expired";
      throw new Refusal(403, "ExpiredTokenException", message);
    }
    if (this.#policy === null) return;
    const { action, resource } = permission;
    const what = `User: ${this.#caller} is not authorized to perform: ${action} on resource: ${resource}`;
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
