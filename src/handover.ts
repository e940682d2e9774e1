import * as core from "@actions/core";
import type { LeftByMain } from "./conductor/heal.ts";
import { messageOf } from "./conductor/world.ts";
import { nameOf } from "./release/alias.ts";
import type { Journal } from "./release/journal.ts";
import type { Handover } from "./release/ports.ts";
import { type Record, readRecord, writeRecord } from "./release/record.ts";

/** Main's side: from the first write on, post heals what a main leaves that is killed, or fails. */
export function handOver(journal: Journal): Handover {
  return {
    sending(records) {
      try {
        const sent = records.map(({ target, record }) => [nameOf(target), writeRecord("", record)]);
        core.saveState("sent", JSON.stringify(Object.fromEntries(sent)));
        core.saveState("main", "shifting");
      } catch (error) {
        const what = `the post step can't be told what is shifted (${messageOf(error)})`;
        const who = "if this step is killed, the next deploy or the watchdog heals what it leaves";
        journal.write({ kind: "warned", text: `${what}: ${who}` });
      }
    },
  };
}

/** Main has ended by itself; where it could not see all through, post takes one more look. */
export function markEnd(hasFailed: boolean): void {
  core.saveState(hasFailed ? "failed" : "main", hasFailed ? "true" : "ended");
}

/** Post's side: what there is to look after; null when main wrote nothing, or had nothing left to do. */
export function takeOver(): LeftByMain | null {
  if (core.getState("main") !== "shifting") return null;
  const saved = Object.entries(JSON.parse(core.getState("sent")) as { readonly [name: string]: string });
  const sent = saved.flatMap(([name, text]): [string, Record][] => {
    const record = readRecord(text);
    return record === null ? [] : [[name, record]];
  });
  return { sent: new Map(sent), hasFailed: core.getState("failed") === "true" };
}
