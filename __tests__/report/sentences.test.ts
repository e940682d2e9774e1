import type { Analysis, Figures } from "../../src/analysis/verdict.ts";
import { MINUTE } from "../../src/domain/time.ts";
import type { Notice, Reason, Why } from "../../src/release/reason.ts";
import { noticeSentence, reasonSentence } from "../../src/report/sentences.ts";

const START = Date.UTC(2026, 10, 21, 14);
const checkout = { function: "checkout", alias: "live" };
const refund = { function: "refund", alias: "live" };
const routing = { primary: "41", additional: null };
const COUNTS: Figures = {
  scope: "version",
  unit: "share",
  slow: null,
  canary: { calls: 480, failures: 48 },
  baseline: null,
  allowed: 0.05,
  evidence: 1,
  underpowered: false,
};
const failing: Analysis = {
  kind: "limit",
  guard: { place: 0, text: "error-rate <= 5%" },
  target: checkout,
  verdict: "fail",
  reason: {
    kind: "measured",
    measurement: { kind: "counts", counted: { kind: "events", signal: "error-rate" } },
    isWhole: false,
    overBefore: null,
  },
  figures: COUNTS,
};
const FAILING =
  "error-rate <= 5% (checkout): 48 of 480 calls of the canary failed (10 %); allowed up to 5 %: shown to be over it";
const alarm: Analysis = {
  ...failing,
  kind: "alarm",
  guard: { place: 1, text: "alarm a" },
  target: null,
  reason: { kind: "alarm", alarm: "a", state: "alarm" },
};
const unheard: Analysis = {
  ...alarm,
  verdict: "inconclusive",
  reason: { kind: "alarm", alarm: "a", state: "insufficient-data" },
};
const open: Analysis = {
  ...failing,
  kind: "comparison",
  guard: { place: 0, text: "error-rate <= baseline" },
  verdict: "inconclusive",
  figures: {
    ...COUNTS,
    canary: { calls: 3_360, failures: 1 },
    baseline: { calls: 7_005, failures: 9 },
    allowed: 0.0069,
    evidence: -0.6,
  },
  versions: { canary: "42", baseline: "41" },
  outlook: { lasted: 9 * MINUTE, left: 16 * MINUTE, isWithinPlan: false },
};
const NONE = { some: [], count: 0 };
const CHANGE = { function: "checkout", canary: "42", baseline: "41" };
const said = { kind: "text", text: "denied" } as const;

const REASONS: readonly (readonly [Reason, string])[] = [
  [{ kind: "all", reasons: [said, said] }, "denied; denied"],
  [{ kind: "list", reasons: [said, said, said] }, "denied, denied and denied"],
  [{ kind: "judged", analysis: failing }, FAILING],
  [{ kind: "judged", analysis: alarm }, "alarm a: the alarm a went into ALARM"],
  [
    {
      kind: "unreadable",
      lasted: 5 * MINUTE,
      analysis: { ...failing, reason: { kind: "unreadable", error: "throttled" } },
    },
    "the metrics could not be read for 5m: throttled",
  ],
  [{ kind: "inconclusive", lacks: { kind: "judged", analysis: failing } }, `the step stayed inconclusive: ${FAILING}`],
  [
    { kind: "late", target: checkout, of: "function", shownUntil: START },
    "CloudWatch shows calls of checkout only up to 14:00: its figures are late",
  ],
  [
    { kind: "late", target: checkout, of: "alias", shownUntil: START },
    "CloudWatch shows calls of checkout:live only up to 14:00: its figures are late",
  ],
  [
    { kind: "late", target: checkout, of: "42", shownUntil: START },
    "CloudWatch shows calls of version 42 of checkout only up to 14:00: its figures are late",
  ],
  [
    { kind: "few-calls", had: [{ function: "checkout", calls: 999 }], needed: 1_000 },
    "min-invocations asks for 1,000 canary calls, counted so far: checkout 999",
  ],
  [{ kind: "no-calls", functions: ["checkout", "refund"] }, "no canary calls in this step: checkout and refund"],
  [{ kind: "credentials-expired", error: "denied" }, "the AWS credentials expired during the release: denied"],
  [
    { kind: "stuck", error: said, because: { kind: "write-stopped" } },
    "denied; the release had to be rolled back because a write was stopped before it was confirmed",
  ],
  [
    { kind: "stranded", targets: [checkout, refund] },
    "checkout:live and refund:live could not be put back on the baseline: run the command given for it now",
  ],
  [{ kind: "unseen-callers", because: said, callers: "check them" }, "denied. What to look at: check them"],
  [
    { kind: "promoted", changes: [CHANGE], confidence: { kind: "shown", unjudged: NONE } },
    "checkout 42 serves all traffic; every comparison with version 41 has shown it to be as good, within its tolerance",
  ],
  [
    { kind: "promoted", changes: [CHANGE], confidence: { kind: "shown", unjudged: { some: [unheard], count: 1 } } },
    "checkout 42 serves all traffic; every comparison with version 41 has shown it to be as good, within its tolerance; not judged: alarm a: the alarm a has insufficient data",
  ],
  [
    { kind: "promoted", changes: [CHANGE], confidence: { kind: "unopposed", open: { some: [open], count: 3 } } },
    "checkout 42 serves all traffic; nothing spoke against it: error-rate <= baseline (checkout): 1 of 3,360 calls of version 42 failed (0.03 %), 9 of 7,005 of version 41 (0.13 %); allowed up to 0.69 %: as good as it gets to see in 9 minutes; to be sure it takes about 25 minutes; and 2 more",
  ],
  [
    {
      kind: "promoted",
      changes: [CHANGE],
      confidence: { kind: "unjudged", lacks: null, unjudged: { some: [unheard], count: 1 } },
    },
    "checkout 42 serves all traffic; whether it is as good as version 41 could not be judged: alarm a: the alarm a has insufficient data",
  ],
  [
    { kind: "promoted", changes: [CHANGE], confidence: { kind: "unjudged", lacks: "step", unjudged: NONE } },
    "checkout 42 serves all traffic; the plan has no step in which both versions run, so they could not be compared",
  ],
  [
    { kind: "inconclusive", lacks: { kind: "judged", analysis: open } },
    "the step stayed inconclusive: error-rate <= baseline (checkout): 1 of 3,360 calls of version 42 failed (0.03 %), 9 of 7,005 of version 41 (0.13 %); allowed up to 0.69 %: as good as it gets to see in 9 minutes; not within this plan: about 16 more minutes at this rate",
  ],
  [
    {
      kind: "promoted",
      changes: [CHANGE, { function: "refund", canary: "7", baseline: "6" }],
      confidence: { kind: "unjudged", lacks: "comparison", unjudged: { some: [unheard], count: 1 } },
    },
    "checkout 42 and refund 7 serve all traffic; no guard failed, but none compares the versions; not judged either: alarm a: the alarm a has insufficient data",
  ],
  [
    { kind: "settled", target: checkout, routing, movingFrom: null, by: "earlier" },
    'checkout:live serves 41 already: an earlier rollback put it there. To go further back, name a version in the input "version"',
  ],
  [
    { kind: "settled", target: checkout, routing, movingFrom: "42", by: "now" },
    "checkout:live serves 41 again, but Lambda still sends all calls of checkout:live to version 42 until version 41 has its provisioned concurrency, up to about 15 minutes",
  ],
  [
    { kind: "would-have-failed", at: START, lasted: 5 * MINUTE, since: "42", analysis: failing },
    `the release would have been rolled back at 2026-11-21T14:00:00Z, 5m after the first call of version 42: ${FAILING}`,
  ],
  [{ kind: "planned", findings: [] }, "nothing was changed; everything that could be checked is in place"],
  [{ kind: "planned", findings: ["a is missing", "b is, too"] }, "nothing was changed; a is missing; b is, too"],
];

test.each(REASONS)("a reason in words: %j", (reason, words) => expect(reasonSentence(reason)).toBe(words));

const HELD = { kind: "would-have-held", length: 60 * MINUTE, guards: 2 } as const;

test("a replay that held tells which guards had too little data", () => {
  const told = [[], [failing], [failing, alarm]].map((mute) => reasonSentence({ ...HELD, mute }));
  expect(told).toStrictEqual([
    "no guard would have fired in this time (1h)",
    "no guard would have fired in this time (1h); 1 of 2 guards could have shown nothing",
    `no guard could have shown anything in this time (1h): ${FAILING}`,
  ]);
});

const WHYS: readonly (readonly [Why, string])[] = [
  [{ kind: "asked", isNewer: false }, "you asked for that version"],
  [{ kind: "asked", isNewer: true }, "you asked for that version, though it is newer and was not judged"],
  [{ kind: "release-under-way" }, "a release was under way"],
  [{ kind: "had-weight", version: "42", weight: 5 }, "42 was getting 5 % of the calls"],
  [{ kind: "before-release", run: "7", version: "42" }, "it served before run 7 started to release 42"],
  [{ kind: "before-promotion", run: "7", version: "42" }, "it served before run 7 promoted 42"],
  [{ kind: "still-moving", from: "41", to: "42" }, "Lambda was still moving the calls from 41 to 42"],
  [
    { kind: "next-lower", below: "42" },
    "no record says which version served before, so this is the highest one below 42",
  ],
];

test.each(WHYS)("why a rollback goes where it goes: %j", (why, words) => {
  const reason = { kind: "goes-back", target: checkout, from: "42", to: "41", why } as const;
  expect(reasonSentence(reason)).toBe(`checkout:live goes back from 42 to 41: ${words}`);
});

const MOVE =
  "Lambda still sends all calls of checkout:live to version 41 until version 42 has its provisioned concurrency, up to about 15 minutes";
const moving = { kind: "moving", target: checkout, from: "41", to: "42" } as const;

const NOTICES: readonly (readonly [Notice, RegExp])[] = [
  ["as it is", /^as it is$/],
  [moving, new RegExp(`^${MOVE}$`)],
  [
    { kind: "arriving", waited: 3 * MINUTE, moves: [moving], unreadable: [] },
    new RegExp(`^waiting for the promotion to take effect \\(3m so far\\): ${MOVE}$`),
  ],
  [
    { kind: "odd-share", target: checkout, canary: "42", share: 0.5, ofAlias: 800, ofCanary: 200 },
    /^checkout:live: version 42 had 200 of 800 calls, but at 50 % it should be about 400\. Likely causes: /,
  ],
  [
    { kind: "over-before", analysis: failing },
    /^error-rate <= 5% \(checkout\): 48 of 480 .*: shown to be over it\. It was so before the release, so this guard/,
  ],
];

test.each(NOTICES)("a notice in words: %j", (notice, words) => expect(noticeSentence(notice)).toMatch(words));
