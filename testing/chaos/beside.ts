import { MINUTE } from "../../src/domain/time.ts";
import { type Bundle, Testbed } from "./testbed.ts";

/**
 * In a job with `container:`, a cancellation never reaches the action's process: it may live on while the post step
 * runs. Here post starts at a call of a living main.
 */
export interface Beside {
  /** What main and post ended with, such as `superseded beside rolled-back`. */
  readonly end: string;
  readonly misses: readonly string[];
  /** Whether main came as far as that call. */
  readonly came: boolean;
}

const INPUTS = { function: "checkout", steps: "5% for 1m, 50% for 1m", "max-hold": "0", "poll-interval": "1m" };

/**
 * Plays one release in processes of their own, with post from main's call with this number on.
 *
 * @param number of the call, from 1
 */
export async function playBeside(bundle: Bundle, number: number): Promise<Beside> {
  const testbed = await Testbed.open({ bundle, host: null });
  const { clock, simulator } = testbed;
  try {
    testbed.addFunction("checkout");
    const reached = Promise.withResolvers<boolean>();
    const main = await testbed.start({ inputs: INPUTS });
    const told = simulator.onCall;
    simulator.onCall = (call) => {
      told(call);
      if (call.number === number) reached.resolve(true);
    };
    main.finished.finally(() => reached.resolve(false));
    const came = await reached.promise;
    const post = came ? await main.postBeside() : await main.post();
    // A runner that is shut down ends whatever is still there.
    const callOff = clock.at(clock.now() + 60 * MINUTE, () => main.kill());
    const [ofMain, ofPost] = await Promise.all([main.finished, post.finished]);
    callOff();
    const { version, additional, description = "" } = testbed.state("checkout:live") ?? {};
    // Post may take back what main has just promoted. If it gives way, main's word holds.
    const outcome = ofMain.outputs["outcome"] ?? "no outcome";
    const healed = ofPost.outputs["outcome"];
    const serves = additional ? `${version} with weights` : version;
    const should = outcome === "promoted" && healed !== "rolled-back" ? "4" : "3";
    const comment = simulator.github.repository.comments[0]?.versions.at(-1)?.body ?? "";
    const misses = [
      ...(serves === should
        ? []
        : [`main ended ${outcome}, post ${healed}, but the alias serves ${serves}: ${description}`]),
      ...(/promoted 3 → 4/.test(comment) === (should === "4") || /superseded/.test(comment)
        ? []
        : [`the comment is wrong: ${comment.slice(0, 200)}`]),
      ...(ofPost.signal === null ? [] : [`post was ended by ${ofPost.signal}`]),
      ...(ofMain.signal === null ? [] : [`main was still there after an hour`]),
    ];
    return { end: `${outcome} beside ${healed ?? "post"}`, misses, came };
  } finally {
    await testbed.close();
  }
}
