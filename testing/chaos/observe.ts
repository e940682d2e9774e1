import type { Call } from "../simulator/transcript.ts";
import type { Play } from "./play.ts";
import type { Observed, ObservedProcess } from "./promise/observed.ts";

/** A play, as the promise is checked by it. */
export function observe({ chaosCase, testbed, runs }: Play): Observed {
  const { task, functions } = chaosCase.site.story;
  const processes = runs.map(({ actor, isStuck, signal, outputs, log, calls, writesByEnd }): ObservedProcess => {
    const { outcome = null, version = "" } = outputs;
    // Of a fleet, it is told as JSON by function.
    const versions = version.startsWith("{") ? JSON.parse(version) : { [functions[0] ?? ""]: version };
    return {
      name: actor,
      role: actor === "post" ? actor : actor === "main" && (task === "rollback" || task === "heal") ? task : "release",
      main: actor === "post" ? "main" : null,
      end: isStuck ? "never" : signal === null ? "by itself" : "killed",
      writesByEnd,
      outcome: signal === null ? outcome : null,
      versions: Object.fromEntries(functions.map((name) => [`${name}:live`, versions[name] ?? ""])),
      words: log.map(({ text }) => text).join("\n"),
      calls: testbed.simulator.calls.slice(...calls).flatMap(aboutAlias),
    };
  });
  return { writes: testbed.changes, processes };
}

function aboutAlias({ operation, target, request, answer }: Call): ObservedProcess["calls"] {
  // If an answer didn't arrive whole, it ends with a note of that.
  const shown = /^200 .* rev (r\d+)$/.exec(answer)?.[1];
  if (operation === "GetAlias") return [{ target, read: shown ?? (answer.startsWith("404") ? "" : null) }];
  if (!/^(Update|Create)Alias$/.test(operation)) return [];
  return [{ target, write: JSON.parse(request.body.toString("utf8")).FunctionVersion }];
}
