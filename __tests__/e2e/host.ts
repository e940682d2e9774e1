import { Host } from "../../testing/chaos/host/host.ts";
import { copyBundle } from "../../testing/chaos/testbed.ts";
import { Stage } from "./stage.ts";

/**
 * Plays the runs of all tests of a file in one process, from scratch each time: without starting a process for each,
 * they take half as long. Not for tests that end the process.
 */
export function playInOneProcess(): void {
  let close = async () => {};
  beforeAll(async () => {
    const bundle = await copyBundle();
    const host = new Host(bundle.dist);
    Stage.host = host;
    close = async () => {
      Stage.host = null;
      await host.close();
      await bundle.discard();
    };
  });
  afterAll(() => close());
}
