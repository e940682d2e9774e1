import { heal } from "../../src/commands/heal.ts";
import { ServiceError } from "../../src/domain/ports.ts";
import { HOUR } from "../../src/domain/time.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { worded } from "../../testing/fakes/worded.ts";
import { canary, checkout, leave, OTHER, refund } from "../engine/left.ts";

const ORDER = {
  functions: ["checkout", "refund"].map((name) => ({ name, account: null })),
  alias: "live",
};

/** Two functions whose release was lost with its run. */
function orphans(): FakePorts {
  const ports = new FakePorts("41", "42");
  leave(ports, (now) => canary(now, OTHER));
  leave(ports, (now) => canary(now, OTHER), refund);
  ports.runStates = { [OTHER.id]: "ended" };
  return ports;
}

function noted(ports: FakePorts): readonly string[] {
  return ports.events.flatMap((event) => (event.kind === "noted" ? [event.text] : []));
}

test("one alias that can't be written yet doesn't keep the next from being put back", async () => {
  const ports = orphans();
  ports.traffic.trouble = (call) =>
    call.startsWith("write checkout") && !ports.traffic.writes.includes("refund:live 41") ? "throttled" : null;
  const ending = await heal.run(ORDER, ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(ports.traffic.writes).toStrictEqual(["refund:live 41", "checkout:live 41"]);
  // Told in the order in which they were given.
  expect(noted(ports)).toStrictEqual([
    "checkout:live was left at 25 % of version 42 (run 99 has ended): all its traffic is back on the baseline",
    "refund:live was left at 25 % of version 42 (run 99 has ended): all its traffic is back on the baseline",
  ]);
});

test("a cancellation while aliases are put back loses neither the others nor what was told", async () => {
  const ports = orphans();
  ports.traffic.trouble = (call) => {
    if (call.startsWith("write checkout")) ports.stop.abort("the workflow was cancelled (SIGINT)");
    return null;
  };
  expect((await heal.run(ORDER, ports)).outcome).toBe("rolled-back");
  expect(ports.traffic.writes).toStrictEqual(["checkout:live 41", "refund:live 41"]);
  expect(noted(ports)).toHaveLength(2);
});

test("a cancellation before writes nothing, and says what it leaves as it is", async () => {
  const ports = orphans();
  ports.traffic.trouble = () => {
    ports.stop.abort("the workflow was cancelled (SIGINT)");
    return null;
  };
  const ending = worded(await heal.run(ORDER, ports));
  expect(ending.outcome).toBe("failed");
  expect(ending.reason).toMatch(
    /^checkout:live was left at 25 % of version 42 \(run 99 has ended\): the workflow was cancelled \(SIGINT\); refund:live/,
  );
  expect(ports.traffic.writes).toStrictEqual([]);
  expect(noted(ports)).toHaveLength(2);
  expect(ports.events.filter(({ kind }) => kind === "serving")).toHaveLength(2);
});

/** As GitHub answers where the job lacks a permission. */
const MISSING = new ServiceError(
  "denied",
  "the token may not ask GitHub about runs: give the job `actions: read`",
  null,
);

test("a release of which GitHub may not be asked fails the watchdog with what is missing, and is left alone", async () => {
  const ports = orphans();
  ports.runs.state = () => Promise.reject(MISSING);
  const { outcome, reason } = worded(await heal.run(ORDER, ports));
  expect(outcome).toBe("failed");
  expect(reason.split("; ")).toStrictEqual(
    ["checkout", "refund"].map(
      (name) =>
        `${name}:live is at 25 % of version 42, set by run 99, and it is unknown whether that run is still going: ` +
        `${MISSING.message}. It was left alone, until long after the end of its plan`,
    ),
  );
  expect(ports.traffic.writes).toStrictEqual([]);
});

test("what is overdue is put back though GitHub may not be asked, and the watchdog fails all the same", async () => {
  const ports = new FakePorts("41", "42");
  ports.runs.state = () => Promise.reject(MISSING);
  leave(ports, (now) => canary(now - 4 * HOUR, OTHER, now - 3 * HOUR));
  ports.traffic.set(refund, { primary: "41", additional: null });
  const { outcome, reason } = worded(await heal.run(ORDER, ports));
  expect(outcome).toBe("failed");
  expect(ports.traffic.writes).toStrictEqual(["checkout:live 41"]);
  expect(reason).toContain(`it can't be seen whether a release is still going: ${MISSING.message}`);
});

describe("with nothing to put back", () => {
  const asked = async (error: Error | null) => {
    const ports = new FakePorts("41");
    for (const target of [checkout, refund]) ports.traffic.set(target, { primary: "41", additional: null });
    if (error !== null) ports.runs.state = () => Promise.reject(error);
    return worded(await heal.run(ORDER, ports));
  };

  test("a missing permission fails the watchdog before the day on which it is needed", async () => {
    const { outcome, reason } = await asked(MISSING);
    expect(outcome).toBe("failed");
    expect(reason).toBe(
      "checkout:live serves 41, and nothing was left behind; refund:live serves 41, and nothing was left behind; " +
        `it can't be seen whether a release is still going: ${MISSING.message}`,
    );
  });

  test("trouble that may pass by itself is no reason to fail", async () => {
    expect((await asked(new ServiceError("unclear", "GitHub gave no clear answer", null))).outcome).toBe("unchanged");
    expect((await asked(null)).outcome).toBe("unchanged");
  });
});
