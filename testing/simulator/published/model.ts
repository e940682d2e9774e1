import { readFileSync } from "node:fs";

/** What AWS publishes of one API, condensed by condense.ts to the operations that the simulator serves. */
export interface Model {
  readonly operations: Readonly<Record<string, ApiOperation>>;
  readonly errors: Readonly<Record<string, ApiError>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface ApiOperation {
  /** `GET /2015-03-31/functions/{FunctionName}` */
  readonly http: string;
  readonly status: number;
  readonly input?: string;
  readonly output?: string;
  readonly errors: readonly string[];
}

export interface ApiError {
  readonly status: number;
  /** Its name in the query protocol, where that is another. */
  readonly code?: string;
  readonly members: Readonly<Record<string, Member>>;
}

/** The name of its shape; with a place, if it isn't in the body. */
export type Member =
  | string
  | {
      readonly shape: string;
      /** `uri`, `querystring`, `header`, `statusCode` */
      readonly in: string;
      readonly as: string;
    };

export interface Shape {
  readonly type:
    | "structure"
    | "list"
    | "map"
    | "string"
    | "integer"
    | "long"
    | "double"
    | "boolean"
    | "timestamp"
    | "blob";
  readonly members?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
  /** The member that is the whole body. */
  readonly payload?: string;
  readonly member?: string;
  readonly key?: string;
  readonly value?: string;
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly enum?: readonly string[];
}

export type ServiceName = "lambda" | "cloudwatch" | "sts";

/** Values that AWS answers although its model doesn't have them, by their shape. */
export const BESIDE_THE_MODEL: Readonly<Record<string, readonly string[]>> = {
  // What UpdateFunctionCode and GetFunctionConfiguration have told for years while an update is in progress.
  LastUpdateStatusReasonCode: ["Creating"],
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-version-publishing.html
  Version: ["$LATEST.PUBLISHED"],
};

export const MODELS: Readonly<Record<ServiceName, Model>> = JSON.parse(
  readFileSync(new URL("models.json", import.meta.url), "utf8"),
);
