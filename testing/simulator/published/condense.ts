import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { OPERATIONS as CLOUDWATCH } from "../cloudwatch/cloudwatch.ts";
import { OPERATIONS as LAMBDA } from "../lambda/lambda.ts";
import { OPERATIONS as STS } from "../sts.ts";
import type { ApiError, ApiOperation, Member, Model, Shape } from "./model.ts";

/**
 * Condenses what AWS publishes of its APIs to what the simulator serves of them:
 *
 *     git clone --depth 1 https://github.com/boto/botocore ../botocore
 *     node testing/simulator/published/condense.ts ../botocore
 */

const SOURCE = "https://github.com/boto/botocore";
const SERVICES = [
  { name: "lambda", path: "lambda/2015-03-31", operations: LAMBDA },
  { name: "cloudwatch", path: "cloudwatch/2010-08-01", operations: CLOUDWATCH },
  { name: "sts", path: "sts/2011-06-15", operations: STS },
];

/** Those parts of AWS's own format that we read. */
interface Published {
  readonly operations: Readonly<Record<string, PublishedOperation>>;
  readonly shapes: Readonly<Record<string, PublishedShape>>;
}

interface PublishedOperation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: Reference;
  readonly output?: Reference;
  readonly errors?: readonly Reference[];
}

interface PublishedShape {
  readonly type: Shape["type"];
  readonly members?: Readonly<Record<string, Reference>>;
  readonly required?: readonly string[];
  readonly payload?: string;
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly enum?: readonly string[];
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number };
}

interface Reference {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
}

function condense({ operations, shapes }: Published, served: readonly string[]): Model {
  const kept = new Map<string, Shape>();
  const keep = (name: string): string => {
    if (!kept.has(name)) {
      const found = shapes[name];
      if (found === undefined) throw new Error(`The model has no shape ${name}.`);
      // Before its members, which may refer back to it.
      kept.set(name, { type: found.type });
      kept.set(name, shapeOf(found, keep));
    }
    return name;
  };
  const errors: Record<string, ApiError> = {};
  const keepError = ({ shape: name }: Reference): string => {
    const { error, members } = shapes[name] ?? {};
    const { code = name, httpStatusCode: status = 400 } = error ?? {};
    errors[name] = { status, ...(code === name ? {} : { code }), members: membersOf(members, keep) };
    return name;
  };
  const condensed = served.map((name): [string, ApiOperation] => {
    const operation = operations[name];
    if (operation === undefined) throw new Error(`The model has no operation ${name}.`);
    const { http, input, output } = operation;
    return [
      name,
      {
        http: `${http.method} ${http.requestUri}`,
        status: http.responseCode ?? 200,
        ...(input === undefined ? {} : { input: keep(input.shape) }),
        ...(output === undefined ? {} : { output: keep(output.shape) }),
        errors: (operation.errors ?? []).map(keepError).sort(),
      },
    ];
  });
  return { operations: sorted(condensed), errors: sorted(Object.entries(errors)), shapes: sorted([...kept]) };
}

function shapeOf(shape: PublishedShape, keep: (name: string) => string): Shape {
  const { type, required, payload, member, key, value, pattern, min, max, enum: values } = shape;
  return {
    type,
    ...(type === "structure" ? { members: membersOf(shape.members, keep) } : {}),
    ...(required?.length ? { required } : {}),
    ...(payload === undefined ? {} : { payload }),
    ...(member === undefined ? {} : { member: keep(member.shape) }),
    ...(key === undefined ? {} : { key: keep(key.shape) }),
    ...(value === undefined ? {} : { value: keep(value.shape) }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(values === undefined ? {} : { enum: values }),
  };
}

function membersOf(members: PublishedShape["members"] = {}, keep: (name: string) => string): Record<string, Member> {
  const entries = Object.entries(members).map(([name, { shape, location, locationName }]): [string, Member] => [
    name,
    location === undefined ? keep(shape) : { shape: keep(shape), in: location, as: locationName ?? name },
  ]);
  return Object.fromEntries(entries);
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One line for each operation, error and shape. */
function lines(model: Model): string {
  const parts = Object.entries(model).map(([part, entries]) => {
    const each = Object.entries(entries).map(([name, value]) => `      "${name}": ${spaced(value)}`);
    return `    "${part}": {\n${each.join(",\n")}\n    }`;
  });
  return `{\n${parts.join(",\n")}\n  }`;
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${spaced(inner)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

const [clone] = process.argv.slice(2);
if (clone === undefined) throw new Error(`Which clone of ${SOURCE}?`);
const git = (...words: readonly string[]) =>
  execFileSync("git", ["-C", clone, ...words], { encoding: "utf8", maxBuffer: 2 ** 26 });
const [revision = "", date = ""] = git("log", "-1", "--format=%H %cs").trim().split(" ");
const models = SERVICES.map(({ name, path, operations }) => {
  const published = JSON.parse(git("show", `${revision}:botocore/data/${path}/service-2.json`));
  return `  "${name}": ${lines(condense(published, operations))}`;
});
const head = Object.entries({ source: SOURCE, revision, date }).map(([key, value]) => `  "${key}": "${value}"`);
writeFileSync(new URL("models.json", import.meta.url), `{\n${[...head, ...models].join(",\n")}\n}\n`);
