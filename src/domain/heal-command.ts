import type { Target } from "./alias.ts";

/** The command that puts all of an alias's traffic on one version by hand. */
export function healCommand(target: Target, version: string, region: string): string {
  return (
    `aws lambda update-alias --region ${region} --function-name ${target.function} --name ${target.alias} ` +
    `--function-version ${version} --routing-config 'AdditionalVersionWeights={}'`
  );
}
