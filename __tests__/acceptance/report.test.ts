import { type Circumstances, reportOf } from "../../acceptance/report.ts";
import type { Finding } from "../../acceptance/trial.ts";

const circumstances: Circumstances = {
  where: "AWS, eu-central-1",
  began: new Date("2026-01-05T09:00:00Z"),
  ended: new Date("2026-01-05T09:20:00Z"),
  calls: 5_000,
  lost: 0,
  skipped: [],
  failure: null,
  cleaned: "All that was made is deleted.",
};
const right: Finding = { assumption: "Reads", simulator: "none", seen: "none", same: true };

test("what is wrong comes first, and what couldn't be measured doesn't count as right", () => {
  const wrong: Finding = { assumption: "Ranks", simulator: "served", seen: "refused", same: false };
  const open: Finding = { assumption: "Figures", simulator: "", seen: "not measured: denied", same: null };
  const report = reportOf([right, wrong, open], { ...circumstances, lost: 2, skipped: ["releases"] });
  expect(report).toBe(`# Lambda Canary on AWS, eu-central-1

**1 of 3 assumptions are wrong here.**

From 2026-01-05 09:00 UTC to 2026-01-05 09:20 UTC, 5000 calls, of which 2 got no answer. 1 couldn't be measured. Left out: releases. All that was made is deleted.

## Wrong here

| Assumption | The simulator | Seen | Same |
| --- | --- | --- | --- |
| Ranks | served | refused | **no** |

## Every assumption

| Assumption | The simulator | Seen | Same |
| --- | --- | --- | --- |
| Reads | none | none | yes |
| Ranks | served | refused | **no** |
| Figures |  | not measured: denied | not measured |
`);
});

test("what AWS says is text, in one line, without account ids", () => {
  const seen = "denied on arn:aws:lambda:eu-central-1:123456789012:function:x\n| *a* <b> [c](d)";
  const failure = "403 for 123456789012";
  const report = reportOf([{ ...right, seen }], { ...circumstances, failure });
  expect(report).not.toContain("123456789012");
  expect(report).toContain(
    "| denied on arn:aws:lambda:eu-central-1:ACCOUNT:function:x \\| \\*a\\* \\<b\\> \\[c\\](d) |",
  );
  expect(report).toContain("**It ended early:** 403 for ACCOUNT");
});
