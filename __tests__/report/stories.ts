import type { Figures, Outlook, Verdict } from "../../src/analysis/verdict.ts";
import { deploy } from "../../src/commands/deploy.ts";
import { rollback } from "../../src/commands/rollback.ts";
import type { Target } from "../../src/domain/alias.ts";
import { HOUR, type Instant, MINUTE, parseDuration, parseInstant } from "../../src/domain/time.ts";
import type { ToldAnalysis as Analysis, ToldEvent as Event } from "../../src/report/told.ts";
import { guardsOf, planOf } from "../../testing/fakes/terms.ts";
import { wordedAnalysis } from "../../testing/fakes/worded.ts";

/** A told event without its time. */
export type Happening = Event extends infer E ? (E extends Event ? Omit<E, "at"> : never) : never;

/** An event this long after the start of the release: `after("5m", {...})`. */
export function after(time: string, happening: Happening): Event {
  return { at: START + (parseDuration(time) ?? Number.NaN), ...happening } as Event;
}

export function instant(time: string): Instant {
  return START + (parseDuration(time) ?? Number.NaN);
}

export function target(name: string): Target {
  return { function: name, alias: "live" };
}

export function counted(
  verdict: Verdict,
  evidence: number,
  canary: [failures: number, calls: number],
  baseline: [failures: number, calls: number] | null,
  about: { rule?: string; of?: string; allowed?: number; outlook?: Outlook; underpowered?: boolean } = {},
): Analysis {
  const { rule = RULE, of = "checkout", allowed, outlook, underpowered = false } = about;
  const counts = ([failures, calls]: [number, number]) => ({ failures, calls });
  const rate = ([failures, calls]: [number, number]) => (calls === 0 ? 0 : failures / calls);
  const figures: Figures = {
    scope: "version",
    unit: "share",
    underpowered,
    slow: null,
    canary: counts(canary),
    baseline: baseline === null ? null : counts(baseline),
    allowed: allowed ?? (baseline === null ? 0 : rate(baseline) * 1.5 + 0.005),
    evidence,
  };
  const kind = baseline === null ? "limit" : "comparison";
  const measurement = { kind: "counts", counted: { kind: "events", signal: "error-rate" } } as const;
  return wordedAnalysis({
    ...{ kind, guard: { place: placeOf(rule), text: rule }, target: target(of), verdict, figures },
    reason: { kind: "measured", measurement, isWhole: false, overBefore: null },
    ...(of === "checkout" ? { versions: { canary: "42", baseline: "41" } } : {}),
    ...(outlook === undefined ? {} : { outlook }),
  });
}

export function alarmed(verdict: Verdict, reason: string, rule = "alarm checkout-5xx"): Analysis {
  return { kind: "alarm", rule, place: placeOf(rule), target: null, verdict, reason, figures: null };
}

function placeOf(rule: string): number {
  const place = GUARDS.findIndex(({ text }) => text === rule);
  return place < 0 ? GUARDS.length : place;
}

export const RULE = "error-rate <= baseline * 1.5 + 0.5%";
const START = parseInstant("2026-11-21T14:00:12Z");
const RUN = { id: "7001", attempt: 1 };
const PLAN = planOf("5% for 5m, 25% for 5m, 50% for 5m");
const GUARDS = guardsOf(`${RULE}\nalarm checkout-5xx`);

type Started = Extract<Event, { kind: "started" }>;
export function started(news: Partial<Started> = {}): Event {
  const of = { task: deploy.name, traits: deploy.traits, run: RUN };
  const usual = { ...of, targets: [target("checkout")], plan: PLAN, guards: GUARDS };
  return after("0s", { kind: "started", ...usual, ...news });
}

const OK = alarmed("pass", "the alarm checkout-5xx is OK");
const prepared = after("20s", {
  kind: "prepared",
  changes: [{ target: target("checkout"), baseline: "41", canary: "42" }],
});
const opening: readonly Event[] = [
  started(),
  after("1s", { kind: "chapter", title: "Look" }),
  after("4s", { kind: "chapter", title: "Publish" }),
  after("5s", { kind: "noted", text: "waiting for version 42 of checkout to become active" }),
  prepared,
  after("20s", { kind: "chapter", title: "Release" }),
];
const SOON: Outlook = { lasted: 6 * MINUTE, left: 6 * MINUTE, isWithinPlan: true };
const firstStep: readonly Event[] = [
  after("21s", { kind: "shifted", step: 0, until: instant("5m21s") }),
  after("41s", { kind: "judged", verified: false, analyses: [counted("inconclusive", 0, [0, 0], [0, 0]), OK] }),
  after("1m1s", { kind: "judged", verified: false, analyses: [counted("inconclusive", 0, [0, 0], [0, 0]), OK] }),
  after("2m1s", { kind: "judged", verified: false, analyses: [counted("inconclusive", -0.1, [0, 48], [3, 912]), OK] }),
  after("5m21s", {
    kind: "judged",
    verified: false,
    analyses: [counted("inconclusive", -0.45, [1, 240], [16, 4560]), OK],
  }),
];
const secondStep: readonly Event[] = [
  after("5m22s", { kind: "shifted", step: 1, until: instant("10m22s") }),
  after("7m2s", {
    kind: "judged",
    verified: false,
    analyses: [counted("inconclusive", -0.62, [2, 740], [27, 6060], { outlook: SOON }), OK],
  }),
];
const thirdStep: readonly Event[] = [
  after("10m22s", {
    kind: "judged",
    verified: true,
    analyses: [counted("pass", -1, [4, 1740], [36, 9060]), OK],
  }),
  after("10m23s", { kind: "shifted", step: 2, until: instant("15m23s") }),
  after("15m23s", {
    kind: "judged",
    verified: true,
    analyses: [counted("pass", -1, [11, 4740], [48, 12060]), OK],
  }),
];
const promotedNow = after("15m24s", { kind: "promoted", until: null });
const servesCanary = after("15m25s", {
  kind: "serving",
  target: target("checkout"),
  routing: { primary: "42", additional: null },
});

const worse = counted("fail", 1, [31, 740], [21, 6060]);
const reasonOfWorse = `${RULE} (checkout): ${worse.reason}`;
const servesBaseline = after("7m24s", {
  kind: "serving",
  target: target("checkout"),
  routing: { primary: "41", additional: null },
});
const failing: readonly Event[] = [
  ...opening,
  ...firstStep,
  after("5m22s", { kind: "shifted", step: 1, until: instant("10m22s") }),
  after("7m22s", { kind: "judged", verified: false, analyses: [worse, OK] }),
  after("7m22s", { kind: "turned-back", reason: reasonOfWorse }),
];

const heal =
  "aws lambda update-alias --region eu-west-1 --function-name checkout --name live " +
  "--function-version 41 --routing-config 'AdditionalVersionWeights={}'";

const FLEET = ["checkout", "invoice", "refund"];
const changes = FLEET.map((name, index) => ({
  target: target(name),
  baseline: String(41 - index * 20),
  canary: String(42 - index * 20),
}));
const fleetGuards = guardsOf(RULE);
const fleet: readonly Event[] = [
  started({ targets: FLEET.map(target), guards: fleetGuards }),
  after("20s", { kind: "prepared", changes }),
  after("21s", { kind: "shifted", step: 0, until: instant("5m21s") }),
  after("3m1s", {
    kind: "judged",
    verified: false,
    analyses: [
      counted("inconclusive", -0.3, [0, 120], [8, 2280], { of: "checkout" }),
      counted("inconclusive", -0.1, [0, 31], [0, 590], { of: "invoice" }),
      counted("fail", 1, [9, 66], [5, 1254], { of: "refund" }),
    ],
  }),
];
const fleetReason = `${RULE} (refund): ${counted("fail", 1, [9, 66], [5, 1254]).reason}`;

const HOSTILE =
  "@octocat <img src=x onerror=alert(1)> | ![x](https://evil.example/x.png) [a](javascript:alert) #12 GH-7 **b** `c` " +
  "<!-- --> </details> https://evil.example www.evil.example\n::error::pwned\n##[endgroup]\n# Title";

const tooFew = (time: string): Event => {
  const told = counted("inconclusive", -0.08, [0, 9], [1, 171], { outlook: LONG, underpowered: true });
  return after(time, { kind: "judged", verified: false, analyses: [told] });
};
const LONG: Outlook = { lasted: 14 * MINUTE, left: 10 * HOUR, isWithinPlan: false };

/** A look that has shown nothing yet, and how many more minutes it takes. */
const open = (time: string, canary: [number, number], baseline: [number, number], more: number): Event => {
  const lasted = Math.floor((instant(time) - instant("1m")) / MINUTE) * MINUTE;
  const outlook = { lasted, left: more * MINUTE, isWithinPlan: more > 12 };
  return after(time, {
    kind: "judged",
    verified: false,
    analyses: [counted("inconclusive", -0.5, canary, baseline, { outlook })],
  });
};

/** A list of events for each way in which a release can stand or end. */
export const STORIES: Readonly<Record<string, readonly Event[]>> = {
  preparing: opening.slice(0, 4),
  ready: opening,
  "just-shifted": [...opening, ...firstStep.slice(0, 1)],
  baking: [...opening, ...firstStep, ...secondStep],
  "final-bake": [
    started({ plan: planOf("5% for 5m, 50% for 5m, 100% for 10m"), guards: guardsOf(`${RULE}\nerror-rate < 2%`) }),
    prepared,
    ...firstStep.slice(0, 1),
    after("5m22s", { kind: "shifted", step: 1, until: instant("10m22s") }),
    after("10m22s", {
      kind: "judged",
      verified: true,
      analyses: [
        counted("pass", -1, [4, 1740], [36, 9060]),
        counted("pass", -1, [4, 1740], null, { rule: "error-rate < 2%", allowed: 0.02 }),
      ],
    }),
    after("10m23s", { kind: "promoted", until: instant("20m23s") }),
    after("13m3s", {
      kind: "judged",
      verified: true,
      analyses: [counted("inconclusive", -0.7, [2, 900], null, { rule: "error-rate < 2%", allowed: 0.02 })],
    }),
  ],
  "rolling-back": failing,
  "rolled-back": [
    ...failing,
    servesBaseline,
    after("7m24s", { kind: "ended", outcome: "rolled-back", reason: reasonOfWorse, verified: false }),
  ],
  aborted: [
    ...opening,
    ...firstStep.slice(0, 3),
    after("1m12s", { kind: "turned-back", reason: "the workflow was cancelled (SIGINT)" }),
    after("1m13s", {
      kind: "ended",
      outcome: "rolled-back",
      reason: "the workflow was cancelled (SIGINT)",
      verified: false,
    }),
  ],
  "promoted-verified": [
    ...opening,
    ...firstStep,
    ...secondStep,
    ...thirdStep,
    promotedNow,
    servesCanary,
    after("15m25s", {
      kind: "ended",
      outcome: "promoted",
      reason:
        "checkout 42 serves all traffic; every comparison with version 41 has shown it to be as good, within its tolerance",
      verified: true,
      confidence: "shown",
    }),
  ],
  "promoted-unjudged": [
    started({ guards: guardsOf(RULE) }),
    prepared,
    after("21s", { kind: "shifted", step: 0, until: instant("5m21s") }),
    tooFew("5m21s"),
    after("5m22s", { kind: "shifted", step: 1, until: instant("10m22s") }),
    tooFew("10m22s"),
    after("10m23s", { kind: "shifted", step: 2, until: instant("15m23s") }),
    tooFew("15m23s"),
    promotedNow,
    after("15m25s", {
      kind: "ended",
      outcome: "promoted",
      reason:
        "checkout 42 serves all traffic; whether it is as good as version 41 could not be judged: error-rate <= baseline * 1.5 + 0.5% (checkout): 0 of 9 calls of version 42 failed (0 %), 1 of 171 of version 41 (0.58 %); allowed up to 1.38 %: too few calls for any verdict; to be sure it takes about 10h",
      verified: false,
      confidence: "unjudged",
    }),
  ],
  "promoted-unopposed": [
    started({ guards: guardsOf(RULE) }),
    prepared,
    after("21s", { kind: "shifted", step: 0, until: instant("5m21s") }),
    open("5m21s", [0, 280], [7, 5320], 21),
    after("5m22s", { kind: "shifted", step: 1, until: instant("10m22s") }),
    open("10m22s", [1, 1360], [9, 8640], 13),
    after("10m23s", { kind: "shifted", step: 2, until: instant("15m23s") }),
    open("15m23s", [3, 4160], [13, 11440], 11),
    promotedNow,
    servesCanary,
    after("15m25s", {
      kind: "ended",
      outcome: "promoted",
      reason:
        "checkout 42 serves all traffic; nothing spoke against it: error-rate <= baseline * 1.5 + 0.5% (checkout): 3 of 4,160 calls of version 42 failed (0.072 %), 13 of 11,440 of version 41 (0.11 %); allowed up to 0.67 %: as good as it gets to see in 14 minutes; to be sure it takes about 25 minutes",
      verified: false,
      confidence: "unopposed",
    }),
  ],
  created: [
    started(),
    after("20s", {
      kind: "prepared",
      changes: [{ target: target("checkout"), baseline: null, canary: "1" }],
    }),
    after("21s", { kind: "serving", target: target("checkout"), routing: { primary: "1", additional: null } }),
    after("21s", {
      kind: "ended",
      outcome: "created",
      reason: "checkout:live did not exist and was created at the new version: there was nothing to compare it with",
      verified: false,
    }),
  ],
  unchanged: [
    started(),
    after("8s", {
      kind: "prepared",
      changes: [{ target: target("checkout"), baseline: "41", canary: "41" }],
    }),
    after("8s", {
      kind: "ended",
      outcome: "unchanged",
      reason: "checkout:live: nothing has changed since the version that is served was published",
      verified: false,
    }),
  ],
  superseded: [
    ...opening,
    ...firstStep,
    after("5m43s", {
      kind: "ended",
      outcome: "superseded",
      reason:
        "the alias live of checkout was changed by someone else and serves 41 (90 %) + 43 (10 %) now; it was left as it is",
      verified: false,
    }),
  ],
  stranded: [
    ...failing,
    after("8m31s", {
      kind: "stranded",
      target: target("checkout"),
      reason: "UpdateAlias of checkout:live was denied: the credentials have expired",
      command: heal,
      weight: 25,
    }),
    after("8m31s", {
      kind: "ended",
      outcome: "failed",
      reason: `checkout:live could not be put back on the baseline. Run the command given for it now. The release was taken back because ${reasonOfWorse}`,
      verified: false,
    }),
  ],
  "failed-early": [
    started(),
    after("1s", { kind: "chapter", title: "Look" }),
    after("2s", {
      kind: "ended",
      outcome: "failed",
      reason:
        "checkout:live is at 10 % of version 40, and no record says whose release that is. Clear its weights, then run this again",
      verified: false,
    }),
  ],
  unreadable: [
    ...opening,
    ...firstStep,
    after("5m41s", {
      kind: "judged",
      verified: false,
      analyses: [
        {
          kind: "comparison",
          rule: RULE,
          place: 0,
          target: target("checkout"),
          verdict: "error",
          reason: "CloudWatch: Throttling",
          figures: null,
        },
        alarmed("error", "CloudWatch: Throttling"),
      ],
    }),
  ],
  fleet,
  "fleet-rolled-back": [
    ...fleet,
    after("3m1s", { kind: "turned-back", reason: fleetReason }),
    ...changes.map(({ target, baseline }) =>
      after("3m2s", { kind: "serving", target, routing: { primary: baseline, additional: null } }),
    ),
    after("3m2s", { kind: "ended", outcome: "rolled-back", reason: fleetReason, verified: false }),
  ],
  "fleet-stranded": [
    ...fleet,
    after("3m1s", { kind: "turned-back", reason: fleetReason }),
    after("3m2s", { kind: "serving", target: target("refund"), routing: { primary: "1", additional: null } }),
    after("4m1s", {
      kind: "stranded",
      target: target("invoice"),
      reason: "UpdateAlias of invoice:live got no answer",
      command: heal.replace("checkout", "invoice").replace("41", "21"),
      weight: 5,
    }),
    after("4m1s", {
      kind: "ended",
      outcome: "failed",
      reason: `invoice:live could not be put back on the baseline. Run the command given for it now. The release was taken back because ${fleetReason}`,
      verified: false,
    }),
  ],
  "rollback-command": [
    started({ task: rollback.name, traits: rollback.traits, plan: null, guards: [] }),
    after("1s", {
      kind: "turned-back",
      reason: "checkout:live goes back from 42 to 41: that was served before run 7001 promoted 42",
    }),
    after("1s", { kind: "serving", target: target("checkout"), routing: { primary: "41", additional: null } }),
    after("1s", { kind: "ended", outcome: "rolled-back", reason: "checkout:live serves 41 again", verified: false }),
  ],
  warnings: [
    ...opening.slice(0, 3),
    after("6s", {
      kind: "warned",
      text: "checkout:live was left at 25 % of version 40 (run 6990 has ended); all its traffic is on 41 again",
    }),
    after("6s", { kind: "warned", text: "the alarm checkout-5xx is in ALARM already; it counts once it has been OK" }),
    ...opening.slice(3),
    ...firstStep,
  ],
  "long-plan": [
    started({ plan: planOf("Linear10PercentEvery1Minute"), guards: guardsOf(RULE) }),
    prepared,
    after("21s", { kind: "shifted", step: 0, until: instant("1m21s") }),
    after("1m21s", { kind: "shifted", step: 1, until: instant("2m21s") }),
    after("2m21s", { kind: "shifted", step: 2, until: instant("3m21s") }),
    after("3m21s", { kind: "shifted", step: 3, until: instant("4m21s") }),
    tooFew("4m1s"),
  ],
  "as-shown": [
    ...opening,
    after("21s", { kind: "shifted", step: 0, until: instant("5m21s"), orSooner: true }),
    ...firstStep.slice(1, -1),
    after("4m41s", { kind: "judged", verified: true, analyses: [counted("pass", -1, [1, 240], [16, 4560]), OK] }),
    after("4m42s", { kind: "shifted", step: 1, until: instant("9m42s"), orSooner: true }),
    after("6m2s", { kind: "judged", verified: true, analyses: [counted("pass", -1, [2, 740], [27, 6060]), OK] }),
  ],
  hostile: [
    started({
      targets: [target(HOSTILE)],
      guards: [{ kind: "alarm", text: `alarm ${HOSTILE}`, place: 0, alarm: HOSTILE }],
    }),
    after("1s", { kind: "chapter", title: HOSTILE }),
    after("2s", { kind: "noted", text: HOSTILE }),
    after("3s", { kind: "warned", text: HOSTILE }),
    after("4s", { kind: "prepared", changes: [{ target: target(HOSTILE), baseline: "41", canary: HOSTILE }] }),
    after("5s", { kind: "shifted", step: 0, until: instant("5m5s") }),
    after("1m5s", {
      kind: "judged",
      verified: false,
      analyses: [
        {
          kind: "alarm",
          rule: `alarm ${HOSTILE}`,
          place: 0,
          target: target(HOSTILE),
          verdict: "fail",
          reason: HOSTILE,
          figures: null,
        },
        counted("fail", 1, [1, 2], [1, 2], { rule: HOSTILE, of: HOSTILE }),
      ],
    }),
    after("1m6s", { kind: "turned-back", reason: HOSTILE }),
    after("1m7s", {
      kind: "stranded",
      target: target(HOSTILE),
      reason: HOSTILE,
      command: `aws ${HOSTILE} \`\`\``,
      weight: 5,
    }),
    after("1m8s", { kind: "ended", outcome: "failed", reason: HOSTILE, verified: false }),
  ],
};
