import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { type Duration, SECOND } from "../domain/time.ts";
import { hollow } from "./faults.ts";

/** A role that the action assumes itself. */
export interface Role {
  readonly arn: string;
  /** The session's name in the account's logs. */
  readonly session: string;
  readonly duration: Duration;
}

/** The keys of a session. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** STS, the service that issues credentials. Its methods throw the SDK's errors, or a `ServiceError`. */
export class Sts {
  readonly #client: STSClient;

  constructor(client: STSClient) {
    this.#client = client;
  }

  /** @param token identifies the job to STS */
  async assume({ arn, session, duration }: Role, token: string): Promise<Keys> {
    const input = { RoleArn: arn, RoleSessionName: session, DurationSeconds: duration / SECOND };
    const command = new AssumeRoleWithWebIdentityCommand({ ...input, WebIdentityToken: token });
    const answer = await this.#client.send(command);
    const {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
    } = answer.Credentials ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
      throw hollow("AssumeRoleWithWebIdentity", answer);
    }
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  /** The account of the client's own keys; null if the answer has none. */
  async callerAccount(): Promise<string | null> {
    return (await this.#client.send(new GetCallerIdentityCommand({}))).Account ?? null;
  }
}
