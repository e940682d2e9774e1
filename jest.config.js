/** @type {import("jest").Config} */
export default {
  // Runs each file as it is, by Node itself: types are stripped, ES modules stay, and nothing is sandboxed or mocked.
  runner: "jest-light-runner",
  transform: {},
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  setupFilesAfterEnv: ["<rootDir>/__tests__/setup.ts"],
  maxWorkers: 2,
};
