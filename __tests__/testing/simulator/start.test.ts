import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const START = fileURLToPath(new URL("../../../testing/simulator/start.ts", import.meta.url));

test("the help tells which AWS CLI finds the simulator, and what others need", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [START, "--help"]);
  expect(stdout).toMatch(/AWS_ENDPOINT_URL from 2\.13\.0 on .*--endpoint-url/);
});
