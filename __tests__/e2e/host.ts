import { Host } from "../../testing/chaos/host/host.ts";
import { copyBundle } from "../../testing/chaos/testbed.ts";
import type { Host as Plays } from "../../testing/simulator/runner.ts";
import { Stage } from "./stage.ts";

/**
 * Plays the runs of all tests of a file in one process, or in as many as run at the same time, from scratch each time:
 * without starting a process for each, they take half as long. Not for tests that end the process.
 */
export function playInOneProcess(): void {
  let close = async () => {};
  beforeAll(async () => {
    const bundle = await copyBundle();
    const hosts: Host[] = [];
    const idle = () => {
      const host = hosts.find(({ isPlaying }) => !isPlaying) ?? new Host(bundle.dist);
      if (!hosts.includes(host)) hosts.push(host);
      return host;
    };
    Stage.host = { play: (stage, scene) => idle().play(stage, scene) } satisfies Plays;
    close = async () => {
      Stage.host = null;
      await Promise.all(hosts.map((host) => host.close()));
      await bundle.discard();
    };
  });
  afterAll(() => close());
}
