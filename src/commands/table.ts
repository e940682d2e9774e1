import type { CommandRow } from "./command.ts";
import { deploy } from "./deploy.ts";

/** All commands, the usual one first. The others are loaded only when they are run. */
export const COMMANDS: readonly [CommandRow, ...CommandRow[]] = [
  { name: "deploy", load: async () => deploy },
  { name: "rollback", load: async () => (await import("./rollback.ts")).rollback },
  { name: "plan", load: async () => (await import("./plan.ts")).plan },
  { name: "replay", load: async () => (await import("./replay.ts")).replay },
  { name: "heal", load: async () => (await import("./heal.ts")).heal },
];
