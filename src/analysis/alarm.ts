import type { Guard } from "../guards/guard.ts";
import type { Analysis, Observation, Verdict } from "./verdict.ts";

/** Judges the alarms. One that was in ALARM before the release counts only once it was seen in another state. */
export function judgeAlarms(
  guards: readonly Guard[],
  armed: readonly string[],
  { alarms }: Observation,
): { readonly armed: readonly string[]; readonly analyses: readonly Analysis[] } {
  const watched = guards.filter((guard) => guard.kind === "alarm");
  const analysis = (rule: string, verdict: Verdict, reason: string): Analysis => ({
    kind: "alarm",
    rule,
    target: null,
    verdict,
    reason,
    figures: null,
  });
  if ("unreadable" in alarms) {
    return { armed, analyses: watched.map(({ text }) => analysis(text, "error", alarms.unreadable)) };
  }
  const calm = watched.filter(({ alarm }) => alarms.has(alarm) && alarms.get(alarm) !== "alarm");
  const nowArmed = new Set([...armed, ...calm.map(({ alarm }) => alarm)]);
  const judge = ({ text, alarm }: (typeof watched)[number]): Analysis => {
    switch (alarms.get(alarm)) {
      case "ok":
        return analysis(text, "pass", `the alarm ${alarm} is OK`);
      case "insufficient-data":
        return analysis(text, "inconclusive", `the alarm ${alarm} has insufficient data`);
      case "alarm":
        return nowArmed.has(alarm)
          ? analysis(text, "fail", `the alarm ${alarm} went into ALARM`)
          : analysis(
              text,
              "inconclusive",
              `the alarm ${alarm} was already in ALARM before the release; it counts once it has left ALARM`,
            );
      case undefined:
        return analysis(text, "error", `the alarm ${alarm} no longer exists`);
    }
  };
  return { armed: [...nowArmed], analyses: watched.map(judge) };
}
