import {
  GetPolicyCommand,
  ListEventSourceMappingsCommand,
  ListFunctionUrlConfigsCommand,
} from "@aws-sdk/client-lambda";
import type { Target } from "../domain/alias.ts";
import type { Caller, CallersFound } from "../domain/ports.ts";
import { type ControlPlane, nullIfMissing } from "./control-plane.ts";

/** Who calls a function, and how, as far as Lambda knows. @throws ServiceError */
export async function callersOf({ function: name, alias }: Target, plane: ControlPlane): Promise<readonly Caller[]> {
  const [sources, ofAlias, ofUrls, ...policies] = await Promise.all([
    // The list for the bare name may leave out mappings to an alias.
    eventSources(name, plane),
    eventSources(`${name}:${alias}`, plane),
    urls(name, plane),
    policy(name, null, plane),
    policy(name, alias, plane),
  ]);
  const through = new Map([...sources, ...ofAlias].map((source) => [`${source.name} ${source.qualifier}`, source]));
  return [...through.values(), ...ofUrls, ...policies.flat()];
}

/** The callers of an alias itself, as far as they may be asked for. Never throws. */
export async function callersThrough({ function: name, alias }: Target, plane: ControlPlane): Promise<CallersFound> {
  const asked = [eventSources(`${name}:${alias}`, plane), urls(name, plane), policy(name, alias, plane)];
  const answers = await Promise.allSettled(asked);
  return {
    callers: answers
      .flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []))
      .filter(({ qualifier }) => qualifier === alias),
    problems: answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason.message] : [])),
  };
}

async function eventSources(name: string, plane: ControlPlane): Promise<readonly Caller[]> {
  const found: Caller[] = [];
  let marker: string | undefined;
  do {
    const input = { FunctionName: name, ...(marker === undefined ? {} : { Marker: marker }) };
    const page = await plane.call("ListEventSourceMappings", name, () =>
      plane.client.send(new ListEventSourceMappingsCommand(input)),
    );
    for (const { EventSourceArn: source, FunctionArn: arn, FunctionResponseTypes: types } of page.EventSourceMappings ??
      []) {
      const reportsItems = types?.includes("ReportBatchItemFailures") ?? false;
      found.push({
        kind: "event-source",
        name: source ?? "with no ARN",
        qualifier: qualifierOf(arn ?? ""),
        reportsItems,
      });
    }
    marker = page.NextMarker;
  } while (marker !== undefined);
  return found;
}

async function urls(name: string, plane: ControlPlane): Promise<readonly Caller[]> {
  const input = { FunctionName: name };
  const page = await plane.call("ListFunctionUrlConfigs", name, () =>
    plane.client.send(new ListFunctionUrlConfigsCommand(input)),
  );
  return (page.FunctionUrlConfigs ?? []).map(({ FunctionUrl: url, FunctionArn: arn }) => ({
    kind: "url",
    name: url ?? "with no address",
    qualifier: qualifierOf(arn ?? ""),
    reportsItems: false,
  }));
}

async function policy(name: string, qualifier: string | null, plane: ControlPlane): Promise<readonly Caller[]> {
  const input = { FunctionName: name, ...(qualifier === null ? {} : { Qualifier: qualifier }) };
  const on = qualifier === null ? name : `${name}:${qualifier}`;
  const found = await plane
    .call("GetPolicy", on, () => plane.client.send(new GetPolicyCommand(input)))
    .catch(nullIfMissing);
  return principalsOf(found?.Policy ?? "").map((principal) => ({
    kind: "policy",
    name: principal,
    qualifier,
    reportsItems: false,
  }));
}

/** The alias or version at the end of a function's ARN. */
function qualifierOf(arn: string): string | null {
  return arn.split(":")[7] ?? null;
}

/** The principals that a policy's statements name. */
function principalsOf(policy: string): readonly string[] {
  try {
    const { Statement = [] } = JSON.parse(policy) as {
      readonly Statement?: readonly { readonly Principal?: unknown }[];
    };
    return Statement.map(({ Principal }) =>
      typeof Principal === "string"
        ? Principal
        : Object.values(Principal ?? {})
            .flat()
            .join(", "),
    );
  } catch {
    // No policy, or one that can't be parsed.
    return [];
  }
}
