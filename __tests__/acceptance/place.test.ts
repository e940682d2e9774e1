import { answerTo } from "../../acceptance/place.ts";
import { attempt, type Trial } from "../../acceptance/trial.ts";

const refused = (name: string, httpStatusCode?: number) =>
  Promise.reject(Object.assign(new Error("refused"), { name, $metadata: { httpStatusCode } }));

test("an answer is told by its status and the error's name", async () => {
  expect(await answerTo(Promise.resolve({ $metadata: { httpStatusCode: 201 } }))).toBe("201");
  expect(await answerTo(refused("ResourceConflictException", 409))).toBe("409 ResourceConflictException");
});

test("no answer, or a missing permission, says nothing about an assumption: it isn't measured", async () => {
  for (const call of [() => refused("TimeoutError"), () => refused("AccessDeniedException", 403)]) {
    const trial = { signal: new AbortController().signal } as Trial;
    const [found] = await attempt(trial, "Aliases", async () => {
      const seen = await answerTo(call());
      return [{ assumption: "Aliases", simulator: "200", seen, same: seen === "200" }];
    });
    expect(found).toMatchObject({ seen: "not measured: refused", same: null });
  }
});

test("after an interruption nothing is found any more", async () => {
  const trial = { signal: AbortSignal.abort(new Error("it was interrupted")) } as Trial;
  const failing = attempt(trial, "Aliases", () => Promise.reject(new Error("aborted")));
  await expect(failing).rejects.toThrow("it was interrupted");
});
