import { CASES, missesOf, playCase } from "../../bench/lateness/table.ts";

/** `npm run bench:lateness` plays 100 good releases and 40 broken ones of each; here it is one of each. */
test.each(CASES)("figures that are late take back no good release: $kind, $weather traffic", (of) => {
  const { healthy, broken } = playCase(of, [1], [1]);
  expect(missesOf({ case: of, healthy, broken: [] })).toStrictEqual([]);
  expect(broken.map(({ end }) => end)).toStrictEqual(["rolled back"]);
});
