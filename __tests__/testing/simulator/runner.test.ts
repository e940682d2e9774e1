import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MINUTE, SECOND } from "../../../src/domain/time.ts";
import { BEGINNING, SimulatedClock } from "../../../testing/simulator/clock.ts";
import { LogReader, Masks, parseNamedValues } from "../../../testing/simulator/commands.ts";
import { type StartedAction, type Step, startAction } from "../../../testing/simulator/runner.ts";

const CORE = JSON.stringify(import.meta.resolve("@actions/core"));

const root = await mkdtemp(join(tmpdir(), "runner-"));
afterAll(() => rm(root, { recursive: true, force: true }));

const METADATA = `
name: Fixture
inputs:
  function: { required: true }
  poll-interval: { default: 20s }
  comment: { default: true }
  two words: { default: "" }
  github-token: { default: "\${{ github.token }}" }
  place: { default: "\${{ github.repository }} at \${{github.sha}}" }
runs: { using: node24, main: main.mjs, post: post.mjs }
`;

/** Starts an action with the given programs. */
async function start(main: string, step: Step = {}, post = ""): Promise<StartedAction> {
  const folder = await mkdtemp(join(root, "action-"));
  const head = `import * as core from ${CORE};\nconst time = () => (Date.now() - ${BEGINNING}) / 1000;\n`;
  await writeFile(join(folder, "action.yml"), METADATA);
  await writeFile(join(folder, "main.mjs"), head + main);
  await writeFile(join(folder, "post.mjs"), head + post);
  return startAction({ action: join(folder, "action.yml"), ...step });
}

/** Makes an action print one value as JSON, and returns it. */
async function evaluate<T>(expression: string, step?: Step): Promise<T> {
  const { log, exitCode } = await (await start(`console.log(JSON.stringify(${expression}))`, step)).finished;
  expect({ exitCode, log }).toStrictEqual({ exitCode: 0, log });
  return JSON.parse(log[0]?.text ?? "");
}

const texts = (log: readonly { text: string }[]) => log.map(({ text }) => text);

describe("the environment of an action", () => {
  test("has its inputs under their names in upper case, with the defaults of action.yml", async () => {
    const names = `Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("INPUT_")))`;
    const inputs = { function: "checkout", "Two Words": " kept as it is\n" };
    expect(await evaluate(names, { inputs })).toStrictEqual({
      INPUT_FUNCTION: "checkout",
      "INPUT_POLL-INTERVAL": "20s",
      INPUT_COMMENT: "true",
      INPUT_TWO_WORDS: " kept as it is\n",
      "INPUT_GITHUB-TOKEN": "",
      INPUT_PLACE: "octo-org/checkout at 7fd1a60b01f91b314f59955a4e4d4e80d8edf11d",
    });
  });

  test("takes no input that action.yml doesn't have", async () => {
    await expect(start("", { inputs: { fucntion: "checkout" } })).rejects.toThrow(/The action has no input fucntion/);
  });

  test("tells run, event and repository", async () => {
    const event = { name: "pull_request", payload: { pull_request: { number: 12 } } };
    const run = { id: "99", attempt: 2 };
    const environment = { GITHUB_API_URL: "http://127.0.0.1:1234", AWS_REGION: "eu-west-1" };
    const expression = `[
      process.env.GITHUB_RUN_ID, process.env.GITHUB_RUN_ATTEMPT, process.env.GITHUB_EVENT_NAME,
      JSON.parse((await import("node:fs")).readFileSync(process.env.GITHUB_EVENT_PATH, "utf8")).pull_request.number,
      process.env.GITHUB_REPOSITORY, process.env.GITHUB_SERVER_URL, process.env.GITHUB_API_URL, process.env.AWS_REGION,
      process.env.GITHUB_ACTIONS, process.env.GITHUB_WORKFLOW, process.env.GITHUB_JOB, process.env.GITHUB_ACTOR,
    ]`;
    expect(await evaluate(expression, { event, run, environment })).toStrictEqual([
      ...["99", "2", "pull_request", 12, "octo-org/checkout", "https://github.com", "http://127.0.0.1:1234"],
      ...["eu-west-1", "true", "Deploy", "deploy", "octocat"],
    ]);
  });

  test("has nothing of the developer's but the PATH", async () => {
    process.env["AWS_PROFILE"] = "private";
    try {
      const names = await evaluate<string[]>(`Object.keys(process.env)`);
      const foreign = names.filter((name) => !/^(PATH|HOME|CI|(GITHUB|RUNNER|INPUT)_.*)$/.test(name));
      expect(foreign).toStrictEqual([]);
      expect(names).not.toContain("RUNNER_DEBUG");
    } finally {
      delete process.env["AWS_PROFILE"];
    }
  });

  test("has an empty workspace, or the one given, and leaves no files behind", async () => {
    const expression = `[process.cwd(), process.env.GITHUB_WORKSPACE, process.env.RUNNER_TEMP, process.env.HOME]`;
    const [cwd, workspace, ...others] = await evaluate<string[]>(expression);
    expect(cwd).toBe(workspace);
    expect([workspace, ...others].filter((path) => path === undefined || existsSync(path))).toStrictEqual([]);
    expect((await evaluate<string[]>(expression, { workspace: root }))[0]).toBe(root);
    expect(existsSync(root)).toBe(true);
  });
});

describe("the end of an action", () => {
  test("brings outputs, state, summary, log and annotations", async () => {
    const action = await start(`
      core.setOutput("outcome", "promoted");
      core.setOutput("report", "line 1\\nline = 2\\n\\nline << 4");
      core.saveState("released", "yes");
      await core.summary.addRaw("# Title").write();
      core.info("plain");
      console.error("on stderr");
      core.startGroup("Step 1"); core.endGroup();
      core.debug("details");
      core.warning("careful", { title: "50%, or: more" });
      core.setFailed("it broke\\nbadly: 100%");
    `);
    const ending = await action.finished;
    expect({ ...ending, log: ending.log.map(({ kind, text }) => `${kind} ${text}`).toSorted() }).toStrictEqual({
      exitCode: 1,
      signal: null,
      outputs: { outcome: "promoted", report: "line 1\nline = 2\n\nline << 4" },
      state: { released: "yes" },
      summary: "# Title",
      log: [
        "debug details",
        "endgroup ",
        "error it broke\nbadly: 100%",
        "group Step 1",
        "text on stderr",
        "text plain",
        "warning careful",
      ],
      annotations: ending.log.filter((line) => line.kind === "warning" || line.kind === "error"),
    });
    const [warning] = ending.annotations;
    expect(warning?.properties).toStrictEqual({ title: "50%, or: more" });
  });

  test("shows no secret: not the token, and nothing that was masked", async () => {
    const action = await start(
      `core.setSecret("hunter2\\nsecond line");
       core.info("token " + core.getInput("github-token") + ", password hunter2, then second line");
       core.error("hunter2 is out");
       await core.summary.addRaw("hunter2").write();`,
      { token: "ghs_token" },
    );
    const { log, summary } = await action.finished;
    expect(texts(log)).toStrictEqual(["token ***, password ***, then ***", "*** is out"]);
    expect(summary).toBe("***");
  });

  test("tells of a program that can't be started", async () => {
    const action = await start("", { node: "/no/such/program" });
    await expect(action.finished).rejects.toThrow(/ENOENT/);
  });

  test("lines come as they are printed", async () => {
    const seen: string[] = [];
    const onLine = ({ text }: { text: string }) => void seen.push(text);
    await (await start(`console.log("one"); process.stdout.write("two, unfinished")`, { onLine })).finished;
    expect(seen).toStrictEqual(["one", "two, unfinished"]);
  });
});

describe("the post process", () => {
  test("gets the state, the inputs and what was exported", async () => {
    const main = await start(
      `core.saveState("released", "yes"); core.exportVariable("COLOR", "blue\\ngreen"); core.addPath("/tools");
       core.setSecret("hunter2");`,
      { inputs: { function: "checkout" } },
      `core.info([core.getState("released"), core.getInput("function"), process.env.COLOR].join(", "));
       core.info(process.env.PATH.split(":")[0] + " hunter2");`,
    );
    const { log, exitCode } = await (await main.post()).finished;
    expect(exitCode).toBe(0);
    expect(texts(log)).toStrictEqual(["yes, checkout, blue", "green", "/tools ***"]);
  });

  test("is started after a kill too, with what was saved by then", async () => {
    const clock = new SimulatedClock();
    const main = await start(
      `core.saveState("released", "yes"); setTimeout(() => {}, ${15 * MINUTE})`,
      { clock },
      `core.info(time() + " " + core.getState("released"))`,
    );
    clock.at(BEGINNING + 6 * MINUTE, () => main.kill());
    const { signal, exitCode } = await main.finished;
    expect([signal, exitCode]).toStrictEqual(["SIGKILL", null]);
    expect(texts((await (await main.post()).finished).log)).toStrictEqual(["360 yes"]);
    clock.close();
  });
});

describe("a job that is cancelled", () => {
  const cancelAfter = async (duration: number, program: string) => {
    const clock = new SimulatedClock();
    const action = await start(program, { clock });
    clock.at(BEGINNING + duration, () => action.cancel());
    const ending = await action.finished;
    clock.close();
    return { ...ending, seconds: (clock.now() - BEGINNING) / SECOND };
  };

  test("gets SIGINT first, and can end in its own way", async () => {
    const { log, exitCode, seconds } = await cancelAfter(
      7 * MINUTE,
      `const bake = setTimeout(() => {}, ${15 * MINUTE});
       process.once("SIGINT", () => { core.info(time() + " rolling back"); clearTimeout(bake); process.exitCode = 1; });`,
    );
    expect([texts(log), exitCode, seconds]).toStrictEqual([["420 rolling back"], 1, 420]);
  });

  test("gets SIGTERM 7.5 s later, and is killed after 10 s", async () => {
    const { log, signal, seconds } = await cancelAfter(
      MINUTE,
      `setInterval(() => {}, ${MINUTE});
       for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => core.info(time() + " " + name));`,
    );
    expect([texts(log), signal, seconds]).toStrictEqual([["60 SIGINT", "67.5 SIGTERM"], "SIGKILL", 70]);
  });

  test("works in real time too", async () => {
    const ready = Promise.withResolvers<void>();
    const action = await start(
      `setInterval(() => {}, 1000);
       process.on("SIGINT", () => { core.info("SIGINT"); process.exit(9); });
       core.info("here");`,
      { onLine: () => ready.resolve() },
    );
    await ready.promise;
    action.cancel();
    const { log, exitCode } = await action.finished;
    expect([texts(log), exitCode]).toStrictEqual([["here", "SIGINT"], 9]);
  });
});

test("on simulated time, chance is the same every time", async () => {
  const numbers = async () => {
    const clock = new SimulatedClock();
    const { log } = await (await start("core.info(Math.random())", { clock })).finished;
    clock.close();
    return texts(log);
  };
  expect(await numbers()).toStrictEqual(await numbers());
});

test("every line of the log has the simulated time at which it was printed", async () => {
  const clock = new SimulatedClock();
  const action = await start(
    `for (let minute = 0; minute < 15; minute++) {
       for (let line = 0; line < 200; line++) console.log(String(time()).padEnd(500, "."));
       await new Promise((resolve) => setTimeout(resolve, 60_000));
     }
     console.error(String(time()));`,
    { clock },
  );
  const { log } = await action.finished;
  expect(log).toHaveLength(15 * 200 + 1);
  const times = log.map(({ at }) => (at - BEGINNING) / SECOND);
  expect(times).toStrictEqual(log.map(({ text }) => Number.parseFloat(text)));
  clock.close();
});

describe("workflow commands", () => {
  const read = (...lines: string[]) => {
    const reader = new LogReader(new Masks());
    return lines.map((line) => reader.read(line, "stdout", 0)).map((line) => line && `${line.kind} ${line.text}`);
  };

  test("are obeyed with white space before them, and not in mid-line", () => {
    expect(read("  ::notice::here", "say ::notice::there", "::unknown::x", "::error no end")).toStrictEqual([
      "notice here",
      "text say ::notice::there",
      "text ::unknown::x",
      "text ::error no end",
    ]);
  });

  test("are obeyed in their older form, wherever in the line, and whatever without weight stands in them", () => {
    expect(
      read("say ##[group]there", "##[unknown]x", "#\u200d#[error]here", "\u00ad::notice::too", "##[group"),
    ).toStrictEqual(["group there", "text ##[unknown]x", "error here", "notice too", "text ##[group"]);
  });

  test("are unescaped as the runner does", () => {
    const line = new LogReader(new Masks()).read("::error file=a%2Cb,line=3,title=%25%3A::1%0A2%25 %3A", "stdout", 0);
    expect(line?.text).toBe("1\n2% %3A");
    expect(line && "properties" in line && line.properties).toStrictEqual({ file: "a,b", line: "3", title: "%:" });
  });

  test("can be stopped for a while", () => {
    expect(read("::stop-commands::Word", "::error::not obeyed", "::word::", "::error::obeyed")).toStrictEqual([
      "text ::stop-commands::Word",
      "text ::error::not obeyed",
      "text ::word::",
      "error obeyed",
    ]);
  });
});

describe("a file of named values", () => {
  test("has values of one line and of several; the last of a name counts", () => {
    const text = "a=1=2\nb<<END\nx\n\ny<<END\nEND\nempty=\nnone<<END\nEND\na=<<3\n";
    expect(parseNamedValues(text)).toStrictEqual({ a: "<<3", b: "x\n\ny<<END", empty: "", none: "" });
  });

  test("must be whole", () => {
    expect(() => parseNamedValues("no value")).toThrow(/Invalid format 'no value'/);
    expect(() => parseNamedValues("a<<")).toThrow(/Invalid format 'a<<'/);
    expect(() => parseNamedValues("a<<END\nvalue\n")).toThrow(/Matching delimiter not found 'END'/);
  });
});
