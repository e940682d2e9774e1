import { getEventListeners } from "node:events";
import { MINUTE, SECOND } from "../../src/domain/time.ts";
import { unlessAborted, type Wait, waitFor } from "../../src/engine/wait.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";

const WAIT: Wait = {
  limit: 10 * MINUTE,
  pause: 20 * SECOND,
  size: 1,
  told: (sofar) => `waiting for the kettle${sofar}`,
};

function told({ events }: FakePorts): readonly string[] {
  return events.flatMap((event) => (event.kind === "noted" ? [event.text] : []));
}

/** Waits, with an answer to the question of this number. @returns when each question came, in seconds */
async function wait(ports: FakePorts, answered: number, wish: Partial<Wait> = {}) {
  const start = ports.clock.now();
  const asked: number[] = [];
  const waited = await waitFor(ports, { ...WAIT, ...wish }, async () => {
    asked.push((ports.clock.now() - start) / SECOND);
    return asked.length === answered ? "hot" : null;
  });
  return { waited, asked };
}

test("a wait ends with the answer; what it waits for is told at once and every minute", async () => {
  const ports = new FakePorts();
  const { waited, asked } = await wait(ports, 8);
  expect(waited).toStrictEqual({ kind: "over", answer: "hot" });
  expect(asked).toStrictEqual([20, 40, 60, 80, 100, 120, 140, 160]);
  expect(told(ports)).toStrictEqual([
    "waiting for the kettle",
    "waiting for the kettle (1m so far)",
    "waiting for the kettle (2m so far)",
  ]);
});

test("a wait is late when its limit has passed since it began, which may be earlier", async () => {
  const ports = new FakePorts();
  const late = await wait(ports, 0, { limit: MINUTE });
  expect(late).toStrictEqual({ waited: { kind: "late", after: MINUTE }, asked: [20, 40, 60] });
  const later = await wait(ports, 0, { limit: MINUTE, since: ports.clock.now() - 50 * SECOND });
  expect(later).toStrictEqual({ waited: { kind: "late", after: 70 * SECOND }, asked: [20] });
  const atOnce = await wait(new FakePorts(), 0, { limit: 0 });
  expect(atOnce).toStrictEqual({ waited: { kind: "late", after: 0 }, asked: [] });
});

test("after a cancellation nothing more is asked", async () => {
  const ports = new FakePorts();
  const start = ports.clock.now();
  ports.clock.onSleep = (now) => {
    if (now >= start + MINUTE) ports.stop.abort("cancelled");
  };
  expect(await wait(ports, 0)).toStrictEqual({ waited: { kind: "aborted" }, asked: [20, 40] });
  const { length } = ports.events;
  expect(await wait(ports, 1)).toStrictEqual({ waited: { kind: "aborted" }, asked: [] });
  expect(ports.events).toHaveLength(length);
});

test("a fleet that waits asks eight questions a second at most, after the first", async () => {
  const { asked } = await wait(new FakePorts(), 4, { pause: 4 * SECOND, size: 80 });
  expect(asked).toStrictEqual([4, 14, 24, 34]);
});

test("work is waited for until the signal aborts, and no longer; the signal keeps nothing of it", async () => {
  const stop = new AbortController();
  const { signal } = stop;
  expect(await unlessAborted(signal, Promise.resolve("done"))).toBe("done");
  await expect(unlessAborted(signal, Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  const slow = unlessAborted(signal, later("late"));
  stop.abort();
  expect(await slow).toBeNull();
  expect(await unlessAborted(signal, later("late"))).toBeNull();
});

function later<T>(value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), 5));
}
