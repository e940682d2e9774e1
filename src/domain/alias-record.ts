import {
  type Percent,
  type Routing,
  type Run,
  type Setting,
  type Stamp,
  sameRouting,
  sameRun,
  type Version,
} from "./alias.ts";
import { formatInstant, type Instant, parseInstant } from "./time.ts";

/**
 * What a release writes about itself on the alias, so that a later run can resume, heal or roll back without any other
 * store. A canary in flight; a promotion, with the version before it and the end of its final bake; or a rollback, with
 * the version that failed.
 */
export type AliasRecord = Stamp &
  (
    | {
        readonly state: "canary";
        readonly baseline: Version;
        readonly canary: Version;
        readonly weight: Percent;
        readonly step: number;
        readonly steps: number;
        /** The end of the plan, if every step waits for data and the metrics can't be read for as long as allowed. */
        readonly until: Instant;
      }
    | {
        readonly state: "promoted";
        readonly version: Version;
        readonly before: Version;
        /** The end of the final bake; null when there is none. */
        readonly until: Instant | null;
      }
    | { readonly state: "rolled-back"; readonly from: Version; readonly to: Version }
  );

/** For an alias's description: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html. */
const DESCRIPTION_LIMIT = 256;
/** The longest record: five-digit versions, a twelve-digit run and a fleet. */
const RECORD_ROOM = 132;
/** The longest text of the user's own, in characters, that fits before a record. */
export const LONGEST_OWN_TEXT = DESCRIPTION_LIMIT - RECORD_ROOM - 1;

const TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
const RUN = "run (?<run>\\d+)\\.(?<attempt>\\d+)(?: fleet (?<fleet>[0-9a-f]{4}))?";
const CANARY = new RegExp(
  `^(?<baseline>\\d+)>(?<canary>\\d+) (?<weight>\\d+)% step (?<step>\\d+)/(?<steps>\\d+) since (?<at>${TIME}) until (?<until>${TIME}) ${RUN}$`,
);
const PROMOTED = new RegExp(
  `^(?<version>\\d+) promoted (?<at>${TIME}), before (?<before>\\d+)(?:, baking until (?<until>${TIME}))? ${RUN}$`,
);
const ROLLED_BACK = new RegExp(`^rolled back from (?<from>\\d+) to (?<to>\\d+) (?<at>${TIME}) ${RUN}$`);
const BRACKET = /\s*\[lambda-canary ([^\]]*)\]\s*$/;

function formatRecord(record: AliasRecord): string {
  const at = formatInstant(record.at);
  const fleet = record.fleet === undefined ? "" : ` fleet ${record.fleet}`;
  const run = `run ${record.run.id}.${record.run.attempt}${fleet}`;
  switch (record.state) {
    case "canary": {
      const place = `${record.weight}% step ${record.step}/${record.steps}`;
      return `${record.baseline}>${record.canary} ${place} since ${at} until ${formatInstant(record.until)} ${run}`;
    }
    case "promoted": {
      const baking = record.until === null ? "" : `, baking until ${formatInstant(record.until)}`;
      return `${record.version} promoted ${at}, before ${record.before}${baking} ${run}`;
    }
    case "rolled-back":
      return `rolled back from ${record.from} to ${record.to} ${at} ${run}`;
  }
}

/** The record in an alias's description; null if there is none that can be read. */
export function readRecord(description: string): AliasRecord | null {
  const text = bracketOf(description) ?? "";
  const fields = (CANARY.exec(text) ?? PROMOTED.exec(text) ?? ROLLED_BACK.exec(text))?.groups;
  if (fields === undefined) return null;
  /* c8 ignore next -- for the types only: every group asked for is in the pattern that matched */
  const get = (name: string) => fields[name] ?? "";
  const { fleet } = fields;
  const run = { id: get("run"), attempt: Number(get("attempt")) };
  const stamp: Stamp = { at: parseInstant(get("at")), run, ...(fleet === undefined ? {} : { fleet }) };
  if (fields["canary"] !== undefined) {
    return {
      ...stamp,
      state: "canary",
      baseline: get("baseline"),
      canary: get("canary"),
      weight: Number(get("weight")),
      step: Number(get("step")),
      steps: Number(get("steps")),
      until: parseInstant(get("until")),
    };
  }
  if (fields["version"] !== undefined) {
    const until = fields["until"] === undefined ? null : parseInstant(fields["until"]);
    return { ...stamp, state: "promoted", version: get("version"), before: get("before"), until };
  }
  return { ...stamp, state: "rolled-back", from: get("from"), to: get("to") };
}

function bracketOf(description: string): string | null {
  return BRACKET.exec(description)?.[1] ?? null;
}

/** The user's own part of a description. */
export function ownText(description: string): string {
  return description.replace(BRACKET, "");
}

/** True if a description leaves no room for a record after the user's own text. */
export function isDescriptionTooLong(description: string): boolean {
  return ownText(description).length > LONGEST_OWN_TEXT;
}

/** The user's own text with the record after it; without the record if there is no room. */
export function writeRecord(description: string, record: AliasRecord): string {
  const own = ownText(description);
  const whole = `${own} [lambda-canary ${formatRecord(record)}]`.trimStart();
  return whole.length <= DESCRIPTION_LIMIT ? whole : own;
}

/** The routing that a record describes. */
export function recordedRouting(record: AliasRecord): Routing {
  switch (record.state) {
    case "canary":
      return { primary: record.baseline, additional: { version: record.canary, weight: record.weight } };
    case "promoted":
      return { primary: record.version, additional: null };
    case "rolled-back":
      return { primary: record.to, additional: null };
  }
}

/** What to write to an alias that has this description: the record's routing, and the record after the user's text. */
export function settingOf(description: string, record: AliasRecord): Setting {
  return { routing: recordedRouting(record), description: writeRecord(description, record) };
}

/** True if the alias is as this run left it: it has the run's own record, and the routing in that record. */
export function isAsLeftBy(run: Run, setting: Setting): boolean {
  const record = recordOf(setting);
  return record !== null && sameRun(record.run, run);
}

/** The record of an alias; null if it has none, or isn't routed as its record says. */
export function recordOf({ routing, description }: Setting): AliasRecord | null {
  const record = readRecord(description);
  return record !== null && sameRouting(recordedRouting(record), routing) ? record : null;
}

/** True if a description has exactly this record. */
export function bears(description: string, record: AliasRecord): boolean {
  return bracketOf(description) === formatRecord(record);
}

/** True if both have the same record, or none. */
export function sameRecord(a: Setting, b: Setting): boolean {
  return bracketOf(a.description) === bracketOf(b.description);
}

/** True if only the text changed since this run left the alias: the user's own, or the record was removed. */
export function isButForText(run: Run, left: Setting, found: Setting): boolean {
  if (!isAsLeftBy(run, left) || !sameRouting(left.routing, found.routing)) return false;
  const bracket = bracketOf(found.description);
  return bracket === null || bracket === bracketOf(left.description);
}
