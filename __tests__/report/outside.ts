import fc from "fast-check";
import { type Figures, type Outlook, type RuleKind, VERDICTS } from "../../src/analysis/verdict.ts";
import type { Target } from "../../src/domain/alias.ts";
import type { Plan } from "../../src/domain/plan.ts";
import { HOUR, MINUTE, parseInstant } from "../../src/domain/time.ts";
import type { Forecast } from "../../src/forecast/forecast.ts";
import type { SuggestedPlan, Wish } from "../../src/forecast/suggested-plan.ts";
import type { Guard } from "../../src/guards/guard.ts";
import type { Change, Check, Outcome, Traits } from "../../src/release/events.ts";
import type { ToldAnalysis as Analysis, ToldEvent as Event, ToldReplay as Replayed } from "../../src/report/told.ts";

/** What an attacker would write: more than text for Markdown, GitHub, or the runner. */
export const PIECES: readonly string[] = [
  ..."\\ ` `` ``` ~~~ * ** _ __ [ ] ( ) < > & | ~ ~~ ! # ## $ $$ @ : :: + - --- *** === . / // ^ { } ' \" 1. 2) a é 😀 👩‍🚀".split(
    " ",
  ),
  ..."@octocat @octo-org/team me@a.example #12 GH-7 gh-7 o/r#1 o/r@1a2b3c4 deadbeef CVE-2021-44228 GHSA-jfh8-c2jp-5v3q".split(
    " ",
  ),
  ..."https://a.example HTTP://A.EXAMPLE www.a.example a.com //a ftp://a mailto:me@a.example xmpp:a@b javascript:alert(1)".split(
    " ",
  ),
  ..."[a](https://b.example) ![a](https://b.example/x.png) [a]: [a][b] [^1] [^1]: [!NOTE] [!CAUTION] [ ] [x] | |---|---| a|b `|` \\| \\".split(
    " ",
  ),
  ..."<!-- --> <b> </b> <img/src=x> </details> <details> <summary> </sub> <br> <script> <!DOCTYPE <?php <![CDATA[ ]]> &amp; &lt; &#64; &copy;".split(
    " ",
  ),
  ..."**a** __a__ ~~a~~ `a` :tada: :+1: :100: :1234: :e-mail: $x$ $`x`$ $$x$$ ```math ```mermaid #0969DA".split(" "),
  ..."::error::x ::stop-commands::x ::group::x ::add-mask::a ::set-output ##[group]x ##[error]x ##[add-mask]a #\u200d#[group]x :\ufe0f:error::x".split(
    " ",
  ),
  ..."%0A %0D %25 %3A %0A::error::x \u001b[31m \u001b]0;x\u0007 \u0000 \u0008 \u007f \u0085 \u2028 \u2029 \u00a0 \ufeff \u200b \u00ad \u2060".split(
    " ",
  ),
  ..."\u202e \u2066 \u200f \u061c \ud800 \udc00 \ufff9 \u{e0041} \u{e0100} \u115f \ufe0f \u200d".split(" "),
  "\n",
  "\r\n",
  "\r",
  "\t",
  " ",
  "   ",
  "\n\n    ",
  "\n# ",
  "\n> ",
  "\n- ",
  "\n---\n",
  "\n<!-- lambda-canary 0123456789abcdef -->\n",
  "\n::error title=x::y\n",
  "\n##[endgroup]\n",
];

/** Hostile text that is visible: invisible text can't be checked. */
export const hostile: fc.Arbitrary<string> = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 }).map((all) => all.join("")),
    },
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 }).map((all) => all.join(" ")),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 30 }) },
  )
  .filter((text) => shown(text) !== "");

/** How a text looks when it is shown unchanged. */
export function shown(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?!\u200c|\u200d|\ufe0e|\ufe0f)\p{Default_Ignorable_Code_Point}|[\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** A place for a text from outside. Places with the same name get the same text. */
type Slot = string;
const SLOT = "\0";

function slot(name: string): Slot {
  return `${SLOT}${name}`;
}

/** Fills every place in a value with a text. */
export function filled<T>(value: T, textOf: (name: string) => string): T {
  let texts = 0;
  const nameOf = (part: string) => (part === slot("text") ? `text ${texts++}` : part.slice(SLOT.length));
  const walk = (part: unknown): unknown => {
    if (typeof part === "string") return part.startsWith(SLOT) ? textOf(nameOf(part)) : part;
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, walk(each)]));
  };
  return walk(value) as T;
}

/** The names of all places. */
export function slotsOf(value: unknown): readonly string[] {
  const found = new Set<string>();
  filled(value, (name) => {
    found.add(name);
    return "";
  });
  return [...found];
}

/** A version is a number, so its stand-in is as short and begins with a digit: each with another, since versions differ. */
export function asVersion(name: string, text: string): string {
  return shown(`${4 + Number(name.at(-1))}${text}`.slice(0, 12));
}

export function isVersion(name: string): boolean {
  return name.startsWith("version");
}

const START = parseInstant("2026-11-21T14:00:12Z");
const FUNCTIONS = [0, 1, 2];
const target = (index: number): Target => ({ function: slot(`function ${index}`), alias: slot("alias") });
const someTarget = fc.constantFrom(...FUNCTIONS).map(target);
/** A place with its own text, numbered when it is filled. */
const text = fc.constant(slot("text"));
const rule = fc.constantFrom(0, 1, 2).map((index) => slot(`rule ${index}`));
const version = fc.constantFrom(0, 1, 2).map((index) => slot(`version ${index}`));
const count = fc.nat({ max: 5_000 });
const instant = fc.nat({ max: 3 * HOUR }).map((after) => START + after);

const plan: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(fc.record({ weight: fc.integer({ min: 1, max: 99 }), bake: fc.constantFrom(MINUTE, HOUR) }), {
    maxLength: 9,
  }),
  finalBake: fc.constantFrom(0, HOUR),
});
const TOLERANCES = fc.constantFrom({ ratio: 0, margin: 0.01 }, { ratio: 1.5, margin: 0 });
const place = fc.nat({ max: 3 });
const guard: fc.Arbitrary<Guard> = fc.oneof(
  fc.record({ kind: fc.constant("alarm" as const), text: rule, place, alarm: text }),
  fc.record({
    kind: fc.constant("counts" as const),
    signal: fc.constant("error-rate" as const),
    text: rule,
    place,
    tolerance: TOLERANCES,
  }),
  fc.record({
    kind: fc.constant("metric" as const),
    text: rule,
    place,
    tolerance: TOLERANCES,
    hold: fc.constantFrom(null, MINUTE),
    metric: fc.record({ namespace: text, name: text, dimensions: fc.record({ Stage: text }), statistic: text }),
  }),
);
const figure = fc.oneof(fc.record({ calls: count, failures: count }), fc.record({ value: count }));
const figures: fc.Arbitrary<Figures> = fc.record({
  scope: fc.constantFrom("version", "alias", "function", "metric"),
  unit: fc.constantFrom("share", "ms", "number"),
  slow: fc.option(
    fc.record(
      {
        canary: count,
        baseline: fc.option(count),
        percentile: fc.record({ name: fc.constant("p90"), canary: count, baseline: fc.option(count), allowed: count }),
      },
      { requiredKeys: ["canary", "baseline"] },
    ),
  ),
  canary: fc.option(figure),
  baseline: fc.option(figure),
  allowed: fc.double({ min: 0, max: 9, noNaN: true }),
  evidence: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
  underpowered: fc.boolean(),
});
const RULE_KINDS = ["comparison", "limit", "alarm", "traffic", "alias"] as const satisfies readonly RuleKind[];
const JUDGED = {
  kind: fc.constantFrom(...RULE_KINDS),
  rule,
  place: fc.option(place),
  target: fc.option(someTarget),
  verdict: fc.constantFrom(...VERDICTS),
  reason: text,
  figures: fc.option(figures),
};
const lasting = fc.constantFrom(MINUTE, HOUR);
const outlook: fc.Arbitrary<Outlook> = fc.record({
  lasted: lasting,
  left: fc.option(lasting),
  isWithinPlan: fc.boolean(),
});
const analysis: fc.Arbitrary<Analysis> = fc.oneof(fc.record(JUDGED), fc.record({ ...JUDGED, outlook }));
const change: fc.Arbitrary<Change> = fc.record({
  target: someTarget,
  baseline: fc.option(version),
  canary: fc.option(version),
});
const routing = fc.record({
  primary: version,
  additional: fc.option(fc.record({ version, weight: fc.integer({ min: 1, max: 99 }) })),
});
const findable = fc.oneof(
  fc.constantFrom("blind" as const, "unwatched" as const),
  fc.double({ min: 0.01, max: 1, noNaN: true }),
);
const forecast: fc.Arbitrary<Forecast> = fc.record({
  function: someTarget.map((each) => each.function),
  perMinute: fc.record({ least: count, most: count }),
  callsByHour: fc.array(count, { minLength: 24, maxLength: 24 }),
  recent: fc.option(fc.record({ perMinute: count, minutes: fc.nat(120) })),
  errorRate: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  latency: fc.constantFrom({}, { p50: 100, p90: 300 }),
  steps: fc.array(
    fc.record({
      weight: fc.constant(5),
      bake: fc.constant(HOUR),
      hold: fc.constantFrom(0, HOUR),
      calls: count,
      errors: findable,
      slowdown: findable,
    }),
    { maxLength: 2 },
  ),
  verifies: fc.oneof(
    fc.record({
      kind: fc.constant("after" as const),
      time: fc.constant(HOUR),
      step: fc.nat({ max: 1 }),
      isHeld: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("beyond" as const),
      time: fc.constantFrom(null, HOUR),
      callsPerMinute: fc.constantFrom(null, 900),
    }),
    fc.record({ kind: fc.constant("uncompared" as const) }),
    fc.record({ kind: fc.constant("unknown" as const), guard: text }),
  ),
});
const proposal: fc.Arbitrary<SuggestedPlan> = fc.oneof(
  fc.record({ kind: fc.constant("plan" as const), plan }),
  fc.record({ kind: fc.constant("allowed" as const), allowed: fc.constant(0.1) }),
  fc.record({ kind: fc.constant("unwatched" as const) }),
  fc.record({ kind: fc.constant("too-little-traffic" as const), finds: fc.constantFrom(null, 0.3) }),
);
const wish: fc.Arbitrary<Wish> = fc.record({ mustDetect: fc.constant(0.05), budget: fc.constant(HOUR) });
const check: fc.Arbitrary<Check> = fc.record({ state: fc.constantFrom("fine", "wrong", "unknown"), text });
const replayed: fc.Arbitrary<Replayed> = fc.record({ firedAt: fc.option(instant), analysis });
const OUTCOMES: readonly Outcome[] = [
  ...(["planned", "replayed", "promoted", "rolled-back", "unchanged", "created", "superseded", "failed"] as const),
];
const TASKS: readonly string[] = ["deploy", "rollback", "plan", "replay", "heal", "post"];
const traits: fc.Arbitrary<Traits> = fc.record({
  doing: fc.constant("releasing"),
  moves: fc.constantFrom("forth", "back", "nothing"),
  aRollbackIs: fc.constantFrom("the aim", "a repair", "a failure"),
});
const some = <T>(each: fc.Arbitrary<T>, maxLength = 3) => fc.array(each, { maxLength });
const at = instant;
const is = <K extends string>(kind: K) => fc.constant(kind);

/** Every kind of event, with a place wherever something from outside can stand. */
const EVENTS: { readonly [K in Event["kind"]]: fc.Arbitrary<Extract<Event, { kind: K }>> } = {
  started: fc.record({
    at,
    kind: is("started"),
    task: fc.constantFrom(...TASKS),
    traits,
    run: fc.record({ id: text, attempt: fc.constant(1) }),
    targets: fc.integer({ min: 0, max: 3 }).map((many) => FUNCTIONS.slice(0, many).map(target)),
    plan: fc.option(plan),
    guards: some(guard),
  }),
  chapter: fc.record({ at, kind: is("chapter"), title: text }),
  noted: fc.record({ at, kind: is("noted"), text }),
  warned: fc.record({ at, kind: is("warned"), text }),
  forecast: fc.record({
    at,
    kind: is("forecast"),
    forecasts: some(forecast),
    proposals: some(proposal),
    wish: fc.option(wish),
  }),
  checked: fc.record({ at, kind: is("checked"), checks: some(check) }),
  replayed: fc.record({ at, kind: is("replayed"), from: instant, to: instant, rows: some(replayed) }),
  prepared: fc.record({ at, kind: is("prepared"), changes: some(change) }),
  shifted: fc.record({ at, kind: is("shifted"), step: fc.nat({ max: 9 }), until: instant }),
  held: fc.record({ at, kind: is("held"), until: instant, lacks: text }),
  judged: fc.record({ at, kind: is("judged"), analyses: some(analysis, 5), verified: fc.boolean() }),
  promoted: fc.record({ at, kind: is("promoted"), until: fc.option(instant) }),
  "turned-back": fc.record({ at, kind: is("turned-back"), reason: text }),
  serving: fc.record({ at, kind: is("serving"), target: someTarget, routing }),
  stranded: fc.record({
    at,
    kind: is("stranded"),
    target: someTarget,
    reason: text,
    command: text,
    weight: fc.option(fc.nat({ max: 100 })),
  }),
  ended: fc.record({
    at,
    kind: is("ended"),
    outcome: fc.constantFrom(...OUTCOMES),
    reason: text,
    verified: fc.boolean(),
    confidence: fc.constantFrom("shown", "unopposed", "unjudged"),
  }),
};

/** Events in any order, usually with a start first and an end last, and places for everything from outside. */
export const journal: fc.Arbitrary<readonly Event[]> = fc
  .tuple(
    EVENTS.started,
    fc.array(fc.oneof(...Object.values(EVENTS)) as fc.Arbitrary<Event>, { maxLength: 14 }),
    fc.option(EVENTS.ended),
  )
  .map(([first, between, last]) => [first, ...between, ...(last === null ? [] : [last])]);
