import { MINUTE, SECOND, soFar } from "../../src/domain/time.ts";

test.each([
  [0, ""],
  [0.4 * SECOND, ""],
  [SECOND, " (1s so far)"],
  [2 * MINUTE, " (2m so far)"],
])("%d ms so far read %j", (duration, said) => {
  expect(soFar(duration)).toBe(said);
});
