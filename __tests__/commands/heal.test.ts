import { heal } from "../../src/commands/heal.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { worded } from "../../testing/fakes/worded.ts";
import { canary, leave, OTHER, refund } from "../engine/left.ts";

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
