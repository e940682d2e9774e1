import { CASES, missesOf, playCase } from "../../../testing/lateness/table.ts";

/** `npm run bench:lateness` plays 100 good releases and 40 broken ones of each case; here it is one of each in rough traffic. */
const ROUGH = CASES.filter(({ weather }) => weather === "rough");

test.each(ROUGH)("figures that are late take back no good release: $kind", (of) => {
  const { healthy, broken } = playCase(of, [1], [1]);
  expect(missesOf({ case: of, healthy, broken: [] })).toStrictEqual([]);
  expect(broken.map(({ end }) => end)).toStrictEqual(["rolled back"]);
});
