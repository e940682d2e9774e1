import type { Guard } from "../guards/guard.ts";
import type { VerdictReason } from "./reason.ts";
import type { Analysis, Observation, Verdict } from "./verdict.ts";

/** Judges the alarms. One that was in ALARM before the release counts only once it was seen in another state. */
export function judgeAlarms(
  guards: readonly Guard[],
  armed: readonly string[],
  { alarms }: Observation,
): { readonly armed: readonly string[]; readonly analyses: readonly Analysis[] } {
  const watched = guards.filter((guard) => guard.kind === "alarm");
  const analysis = ({ place, text }: Guard, verdict: Verdict, reason: VerdictReason): Analysis => ({
    kind: "alarm",
    guard: { place, text },
    target: null,
    verdict,
    reason,
    figures: null,
  });
  if ("unreadable" in alarms) {
    const reason = { kind: "unreadable", error: alarms.unreadable } as const;
    return { armed, analyses: watched.map((guard) => analysis(guard, "error", reason)) };
  }
  const calm = watched.filter(({ alarm }) => alarms.has(alarm) && alarms.get(alarm) !== "alarm");
  const nowArmed = new Set([...armed, ...calm.map(({ alarm }) => alarm)]);
  const judge = (guard: (typeof watched)[number]): Analysis => {
    const { alarm } = guard;
    const state = alarms.get(alarm);
    switch (state) {
      case "ok":
        return analysis(guard, "pass", { kind: "alarm", alarm, state });
      case "insufficient-data":
        return analysis(guard, "inconclusive", { kind: "alarm", alarm, state });
      case "alarm":
        return nowArmed.has(alarm)
          ? analysis(guard, "fail", { kind: "alarm", alarm, state })
          : analysis(guard, "inconclusive", { kind: "alarm", alarm, state: "alarm-before" });
      case undefined:
        return analysis(guard, "error", { kind: "alarm", alarm, state: "missing" });
    }
  };
  return { armed: [...nowArmed], analyses: watched.map(judge) };
}
