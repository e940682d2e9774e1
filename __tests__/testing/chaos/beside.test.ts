import { playBeside } from "../../../testing/chaos/beside.ts";
import { copyBundle } from "../../../testing/chaos/testbed.ts";

/** `npm run chaos` begins post at every call of main. */
const SOME = [1, 22];

const bundle = await copyBundle();
afterAll(() => bundle.discard());

test.each(SOME)(
  "in a container, post beside a living main leaves no weight: from main's call %i on",
  async (number) => {
    const { came, misses } = await playBeside(bundle, number);
    expect(misses).toStrictEqual([]);
    expect(came).toBe(true);
  },
);
