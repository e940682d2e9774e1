import type { Played } from "../testbed.ts";
import { HOME } from "./states.ts";

/** The version that a process says it released on an alias; "" if it says none. */
export function versionOf({ outputs }: Played, target: string): string {
  const told = outputs["version"] ?? "";
  if (!told.startsWith("{")) return told;
  return (JSON.parse(told) as Record<string, string>)[target.split(":")[0] ?? ""] ?? "";
}

/** Whether it prints the command that puts an alias back. */
export function tellsCommand({ log }: Played, target: string): boolean {
  const [name, alias] = target.split(":");
  const command = `--function-name ${name} --name ${alias} --function-version ${HOME} `;
  return log.some(({ text }) => text.includes(command));
}
