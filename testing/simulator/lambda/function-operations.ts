import { type Answer, answer } from "../service.ts";
import { type Code, codeOf } from "./build.ts";
import { type Definition, FUNCTIONS, type LambdaCall, lambdaOf, nothing, ONE, PAGE, path, seenAt } from "./call.ts";
import * as refuse from "./refusals.ts";
import { descriptionOf, pageOf, textOf } from "./request.ts";
import { configurationShape } from "./shapes.ts";
import { addTags, checkTags } from "./tag-operations.ts";

/** Operations on functions and their versions. */
export const FUNCTION_OPERATIONS: readonly Definition[] = [
  {
    operation: "CreateFunction",
    method: "POST",
    path: path(FUNCTIONS, ""),
    input: "json",
    resource: "function",
    carryOut: createFunction,
  },
  {
    operation: "ListFunctions",
    method: "GET",
    path: path(FUNCTIONS, ""),
    input: "none",
    resource: "any",
    carryOut: listFunctions,
  },
  {
    operation: "GetFunction",
    method: "GET",
    path: path(FUNCTIONS, ONE),
    input: "none",
    resource: "qualified",
    quota: "GetFunction",
    carryOut: (call) => {
      const Tags = Object.fromEntries(lambdaOf(call).tags);
      return answer(200, { Configuration: configuration(call), Code: { RepositoryType: "S3" }, Tags });
    },
  },
  {
    operation: "GetFunctionConfiguration",
    method: "GET",
    path: path(FUNCTIONS, `${ONE}/configuration`),
    input: "none",
    resource: "qualified",
    carryOut: (call) => {
      const shape = configuration(call);
      return answer(200, shape, { note: [shape["State"], shape["LastUpdateStatus"]].filter(Boolean).join(" ") });
    },
  },
  {
    operation: "UpdateFunctionCode",
    method: "PUT",
    path: path(FUNCTIONS, `${ONE}/code`),
    input: "json",
    resource: "function",
    carryOut: updateFunctionCode,
  },
  {
    operation: "UpdateFunctionConfiguration",
    method: "PUT",
    path: path(FUNCTIONS, `${ONE}/configuration`),
    input: "json",
    resource: "function",
    carryOut: (call) => {
      const lambda = lambdaOf(call);
      const { RevisionId: _revision, FunctionName: _name, ...settings } = call.body;
      descriptionOf(call.body);
      const build = lambda.updateSettings(settings, { revision: textOf(call.body, "RevisionId") });
      return answer(200, configurationShape(lambda, build, null, call.now, { state: "with state" }));
    },
  },
  {
    operation: "PublishVersion",
    method: "POST",
    path: path(FUNCTIONS, `${ONE}/versions`),
    input: "json",
    resource: "function",
    carryOut: (call) => {
      const lambda = lambdaOf(call);
      const demands = { codeSha256: textOf(call.body, "CodeSha256"), revision: textOf(call.body, "RevisionId") };
      const build = lambda.publish({
        description: descriptionOf(call.body),
        to: publishToOf(call.body),
        ...(call.account.isLax ? {} : demands),
      });
      const shape = configurationShape(lambda, build, build.version, call.now, { state: "with state" });
      return answer(201, shape, { note: `version ${build.version} ${shape["State"]}` });
    },
  },
  {
    operation: "ListVersionsByFunction",
    method: "GET",
    path: path(FUNCTIONS, `${ONE}/versions`),
    input: "none",
    resource: "function",
    carryOut: (call) => {
      const lambda = lambdaOf(call);
      const at = seenAt(call);
      const { page, marker } = pageOf(lambda.versions.all(at), call.request.query, PAGE);
      const shapes = page.map((build) =>
        configurationShape(lambda, build, build.version, at, { state: "without state" }),
      );
      const [first, last] = [page[0]?.version, page.at(-1)?.version];
      return answer(200, { Versions: shapes, ...marker }, { note: `${first} to ${last}` });
    },
  },
  {
    operation: "DeleteFunction",
    method: "DELETE",
    path: path(FUNCTIONS, ONE),
    input: "none",
    resource: "qualified",
    carryOut: deleteFunction,
  },
];

function publishToOf(body: Readonly<Record<string, unknown>>): "LATEST_PUBLISHED" | undefined {
  const to = textOf(body, "PublishTo");
  if (to === undefined || to === "LATEST_PUBLISHED") return to;
  throw refuse.violates(to, "publishTo", "Member must satisfy enum value set: [LATEST_PUBLISHED]");
}

function configuration(call: LambdaCall): Record<string, unknown> {
  const lambda = lambdaOf(call);
  const at = seenAt(call);
  const build = lambda.qualified(call.function.qualifier, at);
  return configurationShape(lambda, build, call.function.qualifier, at, { state: "with state" });
}

/** The functions as on `$LATEST`. With `FunctionVersion=ALL`, all versions of each. */
function listFunctions({ account, request: { query }, now }: LambdaCall): Answer {
  const [version, master] = [query.get("FunctionVersion"), query.get("MasterRegion")];
  if (version !== null && version !== "ALL") {
    throw refuse.violates(version, "functionVersion", "Member must satisfy enum value set: [ALL]");
  }
  if (master !== null && version === null) throw refuse.invalid("MasterRegion needs FunctionVersion ALL.");
  // There are no Lambda@Edge replicas here.
  const functions = master === null || master === "ALL" ? [...account.functions.values()] : [];
  const entries = functions.flatMap((lambda) => {
    const builds = version === null ? [lambda.versions.latest] : lambda.versions.all();
    return builds.map((build) => ({ lambda, build, qualifier: version === null ? null : build.version }));
  });
  const { page, marker } = pageOf(entries, query, PAGE);
  const shapes = page.map(({ lambda, build, qualifier }) =>
    configurationShape(lambda, build, qualifier, now, { state: "without state" }),
  );
  return answer(200, { Functions: shapes, ...marker }, { note: `${page.length} of ${entries.length}` });
}

function createFunction(call: LambdaCall): Answer {
  const { account, body } = call;
  const { name } = call.function;
  if (account.functions.has(name)) throw refuse.functionExists(name);
  const { FunctionName: _name, Code: code, Publish: publish, Tags: tags, ...settings } = body;
  checkRole(textOf(body, "Role"));
  checkTags(tags);
  const uploaded = packageOf({ ...(code as object) });
  if (body["PackageType"] !== "Image" && (!textOf(body, "Runtime") || !textOf(body, "Handler"))) {
    throw refuse.invalid(
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    );
  }
  const lambda = account.addFunction({ name, settings, traffic: { callsPerMinute: 0, history: 0, past: 0 } });
  lambda.createFrom(uploaded);
  addTags(lambda, tags ?? {});
  if (publish === true) lambda.publishUpload();
  return answer(201, configurationShape(lambda, lambda.versions.latest, null, call.now, { state: "with state" }));
}

/** @throws Refusal unless it is the ARN of a role */
function checkRole(role: string | undefined): void {
  if (role === undefined) throw refuse.violates("null", "role", "Member must not be null");
  if (/^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[\w+=,.@/-]+$/.test(role)) return;
  const pattern = "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+";
  throw refuse.violates(role, "role", `Member must satisfy regular expression pattern: ${pattern}`);
}

function updateFunctionCode(call: LambdaCall): Answer {
  const lambda = lambdaOf(call);
  const updated = lambda.updateCode(packageOf(call.body), { revision: textOf(call.body, "RevisionId") });
  const build = call.body["Publish"] === true ? lambda.publishUpload() : updated;
  const qualifier = build.version === "$LATEST" ? null : build.version;
  return answer(200, configurationShape(lambda, build, qualifier, call.now, { state: "with state" }));
}

/** The code in a request, given in exactly one of the three ways. */
function packageOf(body: Readonly<Record<string, unknown>>): Code {
  const ways = [body["ZipFile"], body["S3Bucket"] ?? body["S3Key"], body["ImageUri"]].filter(
    (way) => way !== undefined,
  );
  if (ways.length !== 1) {
    throw refuse.invalid("Please provide exactly one of ZipFile, S3Bucket with S3Key, and ImageUri.");
  }
  const zip = textOf(body, "ZipFile");
  if (zip === undefined) {
    if (body["ImageUri"] === undefined && (body["S3Bucket"] === undefined || body["S3Key"] === undefined)) {
      throw refuse.invalid("Both S3Bucket and S3Key are needed.");
    }
    return codeOf(JSON.stringify([body["S3Bucket"], body["S3Key"], body["S3ObjectVersion"], body["ImageUri"]]));
  }
  const bytes = Buffer.from(zip, "base64");
  if (!isWholeZip(bytes)) {
    throw refuse.invalid("Could not unzip uploaded file. Please check your file, then try to upload again.");
  }
  if (bytes.length === END_OF_ZIP) throw refuse.invalid("Uploaded file must be a non-empty zip");
  return codeOf(bytes);
}

/** The length of the record at the end of a zip file, if it has no comment. */
const END_OF_ZIP = 22;

/** A zip file that was cut off has its beginning, but not its end. */
function isWholeZip(bytes: Buffer): boolean {
  const end = bytes.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  return bytes.subarray(0, 2).toString("latin1") === "PK" && end >= 0 && end + END_OF_ZIP <= bytes.length;
}

function deleteFunction(call: LambdaCall): Answer {
  const lambda = lambdaOf(call);
  const { qualifier } = call.function;
  if (qualifier === null) call.account.functions.delete(lambda.name);
  else if (qualifier === "$LATEST") {
    throw refuse.invalid("$LATEST version cannot be deleted without deleting the function.");
  } else if (!/^\d+$/.test(qualifier)) {
    throw refuse.invalid("Deletion of aliases is not currently supported.");
  } else lambda.deleteVersion(qualifier);
  return nothing();
}
