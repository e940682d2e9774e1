import { accountOf, weightIn } from "../../src/domain/alias.ts";

test("a version's weight is what the alias sends to it", () => {
  const split = { primary: "41", additional: { version: "42", weight: 5 } };
  expect(["41", "42", "43"].map((version) => weightIn(split, version))).toStrictEqual([95, 5, 0]);
  expect(weightIn({ primary: "42", additional: null }, "42")).toBe(100);
});

test("an ARN tells its account, if it names one", () => {
  expect(accountOf("arn:aws:lambda:eu-central-1:123456789012:function:checkout")).toBe("123456789012");
  expect(accountOf("arn:aws-cn:iam::123456789012:role/deploy")).toBe("123456789012");
  expect(accountOf("arn:aws:s3:::bucket")).toBe(null);
  expect(accountOf("checkout")).toBe(null);
});
