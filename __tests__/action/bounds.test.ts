import assert from "node:assert/strict";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { STSClient } from "@aws-sdk/client-sts";
import fc from "fast-check";
import { type Inputs, readInputs } from "../../src/action/inputs.ts";
import { Lambda } from "../../src/aws/lambda.ts";
import { type PARTITIONS, partitionOf } from "../../src/aws/partition.ts";
import { COMMANDS } from "../../src/commands/table.ts";
import { healCommand } from "../../src/domain/heal-command.ts";
import { list, metadata, read } from "../repository/files.ts";

/** How each partition's host names end, according to the SDK itself. */
const SUFFIXES: Readonly<Record<(typeof PARTITIONS)[number], string>> = {
  aws: "amazonaws.com",
  "aws-cn": "amazonaws.com.cn",
  "aws-us-gov": "amazonaws.com",
  "aws-eusc": "amazonaws.eu",
  "aws-iso": "c2s.ic.gov",
  "aws-iso-b": "sc2s.sgov.gov",
  "aws-iso-e": "cloud.adc-e.uk",
  "aws-iso-f": "csp.hci.ic.gov",
};

/** Dangerous as part of a URL, a path, or a command. */
const HOSTILE = [
  ...[
    "evil.example",
    "evil.example/",
    "@evil.example",
    "evil.example#",
    "?x=",
    "%2f..%2f",
    "../",
    "..\\",
    "/etc/passwd",
  ],
  ...["$(id)", "`id`", ";id", "|id", "&&id", "'", '"', "\n", "\r\n", "\t", "\0", " ", "\u2028", "İ", "é", "٣", "*"],
];
const GOOD: Readonly<Record<string, readonly string[]>> = {
  function: [
    "checkout",
    "123456789012:function:checkout",
    "arn:aws-cn:lambda:cn-north-1:123456789012:function:checkout",
  ],
  alias: ["live", "LIVE_2"],
  "aws-region": ["eu-central-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"],
  "role-to-assume": ["arn:aws:iam::123456789012:role/teams/release", "arn:aws-cn:iam::123456789012:role/release"],
  "role-session-name": ["release@main"],
  version: ["42"],
  "pull-request": ["7"],
  command: ["deploy", "rollback", "plan", "heal"],
};

const NAMES = Object.keys(metadata.inputs);

function good(name: string): fc.Arbitrary<string> {
  const texts = GOOD[name] ?? [metadata.inputs[name]?.default ?? ""];
  return fc.constantFrom(...texts, ...(name === "function" ? [] : [""]));
}

/** A valid text with something dangerous before, in or after it; or any text at all. */
function bad(name: string): fc.Arbitrary<string> {
  const spoilt = fc.tuple(good(name), fc.constantFrom(...HOSTILE), fc.nat(99)).map(([text, piece, percent]) => {
    const at = Math.round((percent / 99) * text.length);
    return text.slice(0, at) + piece + text.slice(at);
  });
  return fc.oneof({ arbitrary: spoilt, weight: 5 }, { arbitrary: fc.string(), weight: 1 });
}

/** Inputs of which one is wrong. */
const given = fc
  .tuple(fc.record(Object.fromEntries(NAMES.map((name) => [name, good(name)]))), fc.constantFrom(...NAMES))
  .chain(([inputs, name]) => bad(name).map((text): Readonly<Record<string, string>> => ({ ...inputs, [name]: text })));

interface Address {
  readonly hostname: string;
  readonly path: string;
}

/** Records what a client would request, without a network. */
class Wire {
  readonly addresses: Address[] = [];

  async handle({ hostname, path }: Address): Promise<never> {
    this.addresses.push({ hostname, path });
    throw Object.assign(new Error("no net"), { name: "NotFound", $metadata: { httpStatusCode: 404 } });
  }
}

/** What every command is about, and the version that most can be given. */
function meant({ common, order }: Inputs) {
  const { version = null } = order as { readonly version?: string | null };
  return { ...common, version };
}

async function addressesOf(inputs: Inputs, region: string): Promise<readonly Address[]> {
  const { functions, alias, version } = meant(inputs);
  const wire = new Wire();
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const client = new LambdaClient({ region, credentials, requestHandler: wire, maxAttempts: 1 });
  const lambda = new Lambda(client);
  for (const { name } of functions) {
    const target = { function: name, alias };
    await lambda.read(target).catch(() => null);
    await lambda.configuration(name, version ?? "$LATEST").catch(() => null);
  }
  return wire.addresses;
}

test("whatever the inputs hold: it is refused, or the hosts and paths that are asked for are AWS's own", async () => {
  let taken = 0;
  const property = fc.asyncProperty(given, async (inputs) => {
    const parsed = await readInputs((name) => inputs[name] ?? "", COMMANDS);
    if (!parsed.ok) return;
    taken += 1;
    const region = parsed.value.common.region ?? "eu-central-1";
    const partition = partitionOf(region);
    assert(partition !== null, region);
    for (const { hostname, path } of await addressesOf(parsed.value, region)) {
      expect(hostname).toBe(`lambda.${region}.${SUFFIXES[partition]}`);
      expect(path).toMatch(/^\/2015-03-31\/functions\/[\w-]{1,64}\/(configuration|aliases\/[\w-]{1,128})$/);
    }
  });
  await fc.assert(property, { numRuns: 3_000, seed: 1 });
  expect(taken).toBeGreaterThan(60);
});

test("the command that a person is told to run holds nothing that a shell would take for more than text", async () => {
  await fc.assert(
    fc.asyncProperty(given, async (inputs) => {
      const parsed = await readInputs((name) => inputs[name] ?? "", COMMANDS);
      if (!parsed.ok) return;
      const { functions, alias, version, region } = meant(parsed.value);
      for (const { name } of functions) {
        const command = healCommand({ function: name, alias }, version ?? "1", region ?? "eu-central-1");
        expect(command).toMatch(/^aws lambda update-alias [\w -]+ --routing-config 'AdditionalVersionWeights=\{\}'$/);
      }
    }),
    { numRuns: 2_000, seed: 1 },
  );
});

test.each([
  "eu-central-1",
  "cn-north-1",
  "us-gov-west-1",
  "eusc-de-east-1",
  "us-iso-east-1",
  "us-isob-east-1",
  "eu-isoe-west-1",
  "us-isof-south-1",
])("each service in each partition is asked at the host that the SDK knows for it: %s", (region) => {
  const partition = partitionOf(region) ?? assert.fail(region);
  const client = new STSClient({
    region,
    requestHandler: new Wire(),
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  const { url } = client.config.endpointProvider({ Region: region, UseGlobalEndpoint: false });
  expect(url.hostname).toBe(`sts.${region}.${SUFFIXES[partition]}`);
});

/**
 * What the sources import from Node and from packages. None of it starts a program, and only the runner's own files are
 * read.
 */
const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  "src/aws/control-plane.ts": ["node:async_hooks", "p-queue"],
  "src/aws/proxy.ts": ["agent-base", "https-proxy-agent", "node:http", "node:https"],
  "src/action/clock.ts": ["node:timers/promises"],
  "src/github/context.ts": ["node:fs"],
  "src/github/identity.ts": ["node:timers/promises"],
};

test("the sources start no program and run no text; files are read by the runner's own variables only", () => {
  const files = list("src/").flatMap((name) => (name.endsWith(".ts") ? [`src/${name}`] : []));
  expect(files.length).toBeGreaterThan(70);
  for (const file of files) {
    const text = read(file);
    const atStart = text.matchAll(/^(?:import|import .* from|export .* from|\} from) "([^".@][^"]*)";$/gm);
    const later = text.matchAll(/\bimport\("([^".@][^"]*)"\)/g);
    const imported = [...atStart, ...later].map(([, name = ""]) => name).sort();
    // Dynamic imports may only name constants, too.
    const running = text.match(
      /\beval\b|\bnew Function\b|import\((?!"[^"]+"\))|process\.(binding|dlopen|getBuiltinModule)/g,
    );
    expect({ file, imported, running }).toStrictEqual({ file, imported: BUILT_IN[file] ?? [], running: null });
  }
  const asked = [...read("src/github/context.ts").matchAll(/\bget\((.*?)\)/g)].map(([, name = ""]) => name);
  for (const name of asked) expect(name).toMatch(/^"GITHUB_\w+"$/);
  expect(read("src/github/context.ts")).not.toMatch(/environment\[(?!name\])/);
});
