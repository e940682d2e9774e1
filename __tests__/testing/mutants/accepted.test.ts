import { ACCEPTED } from "../../../testing/mutants/accepted.ts";
import { read } from "../../repository/files.ts";

test("every change that is accepted is of a line that is still there", () => {
  const gone = ACCEPTED.filter(({ file, line }) => {
    const lines = read(file).split("\n");
    return !lines.some((each) => each.trim() === line);
  });
  expect(gone).toStrictEqual([]);
});

test("every change that is accepted has its own entry, with a reason", () => {
  const changes = ACCEPTED.map(({ file, line, change }) => `${file} ${line} ${change}`);
  expect(new Set(changes).size).toBe(changes.length);
  expect(ACCEPTED.filter(({ reason }) => reason.trim() === "")).toStrictEqual([]);
});
