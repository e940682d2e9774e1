/** AWS's worlds: accounts, roles and ARNs of one mean nothing in another, and each has hosts of its own. */
export const PARTITIONS = [
  "aws",
  "aws-cn",
  "aws-us-gov",
  "aws-eusc",
  "aws-iso",
  "aws-iso-b",
  "aws-iso-e",
  "aws-iso-f",
] as const;

export type Partition = (typeof PARTITIONS)[number];

/** How the Regions of each are called; those of `aws` have no mark, and are what is left. */
const REGIONS: readonly (readonly [Partition, RegExp])[] = [
  ["aws-cn", /^cn-[a-z]+-\d$/],
  ["aws-us-gov", /^us-gov-[a-z]+-\d$/],
  ["aws-eusc", /^eusc-[a-z]{2}-[a-z]+-\d$/],
  ["aws-iso", /^us-iso-[a-z]+-\d$/],
  ["aws-iso-b", /^us-isob-[a-z]+-\d$/],
  ["aws-iso-e", /^eu-isoe-[a-z]+-\d$/],
  ["aws-iso-f", /^us-isof-[a-z]+-\d$/],
  ["aws", /^[a-z]{2}-[a-z]+-\d$/],
];

/** The partition of a Region; null for what is no Region's name. A Region is part of a host's name: nothing else may be. */
export function partitionOf(region: string): Partition | null {
  return REGIONS.find(([, pattern]) => pattern.test(region))?.[0] ?? null;
}

/** Whom a token of GitHub's must be for, so that STS in a partition takes it. */
export function audienceIn(partition: string): string {
  return partition === "aws-cn" ? "sts.amazonaws.com.cn" : "sts.amazonaws.com";
}
