/** AWS's partitions. Accounts, roles and ARNs of one don't exist in another, and each has its own hosts. */
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

/** What the Region names of each look like. Those of `aws` have no mark of their own, so they come last. */
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

/** The partition of a Region; null if it isn't one. Its name becomes part of a host name, so nothing else may pass. */
export function partitionOf(region: string): Partition | null {
  return REGIONS.find(([, pattern]) => pattern.test(region))?.[0] ?? null;
}

/** The audience that a token of GitHub's needs, so that STS in a partition accepts it. */
export function audienceIn(partition: string): string {
  return partition === "aws-cn" ? "sts.amazonaws.com.cn" : "sts.amazonaws.com";
}
