import * as core from "@actions/core";
import type { Comments, Shown } from "../commands/command.ts";
import { accountOf } from "../domain/alias.ts";
import { formatSkew } from "../domain/format.ts";
import type { Clock } from "../domain/ports.ts";
import type { Duration } from "../domain/time.ts";
import { messageOf } from "../engine/ports.ts";
import type { Context } from "../github/context.ts";
import type { GitHub } from "../github/github.ts";
import type { Ending, Happening, Journal, Traits } from "../release/events.ts";
import type { CommentKey } from "../report/comment.ts";
import { printable } from "../report/plain.ts";
import { advance, gist, type Story, unwritten } from "../report/story.ts";
import { inWords, type ToldEvent } from "../report/told.ts";
import type { CommonInputs } from "./inputs.ts";
import type { Redactor } from "./redactor.ts";
import type { Reporter } from "./reporters/reporter.ts";
import { REPORTERS } from "./reporters/table.ts";

/** What is reported on: a command, or the post step. */
export interface Subject extends Shown {
  readonly name: string;
  readonly traits: Traits;
  readonly comments: Comments;
}

/** What a journal has to know and to use. */
interface Surroundings {
  readonly inputs: CommonInputs;
  readonly context: Context;
  readonly github: GitHub;
  /** Dates the events. */
  readonly clock: Pick<Clock, "now">;
  readonly redactor: Redactor;
  readonly log?: Log;
}

/** The runner's log, for what can't be reported. */
interface Log {
  info(text: string): void;
  warning(text: string): void;
}

/**
 * Hands what happens on to all reporters. It can't fail, delay or change a release. Everything is masked before it is
 * cut to fit anywhere: half of a secret could not be recognised any more.
 */
export class ReportedJournal implements Journal {
  #key: CommentKey;
  readonly #reporters: readonly Reporter[];
  readonly #clock: Pick<Clock, "now">;
  readonly #redactor: Redactor;
  readonly #log: Log;
  #events: ToldEvent[] = [];
  #story: Story = unwritten;
  #hasEnded = false;

  constructor(
    { name, traits, comments, plan, guards }: Subject,
    { inputs, context, github, clock, redactor, log = core }: Surroundings,
    reporters: typeof REPORTERS = REPORTERS,
  ) {
    const { run, workflow, job, runUrl, rollbackUrl } = context;
    this.#clock = clock;
    this.#redactor = redactor;
    this.#log = log;
    const targets = inputs.functions.map((each) => ({ function: each.name, alias: inputs.alias }));
    for (const target of targets) redactor.leave(target.function);
    const [account = inputs.role === null ? null : accountOf(inputs.role.arn)] = inputs.functions.flatMap(
      (each) => each.account ?? [],
    );
    this.#key = { targets, workflow, job, region: inputs.region, account };
    const reported = {
      inputs,
      comments,
      links: { run: runUrl, rollback: rollbackUrl },
      github,
      events: () => redactor.over(this.#events),
      story: () => redactor.over(this.#story),
      key: () => this.#key,
      warn: (text: string) => this.write({ kind: "warned", text }),
    };
    this.#reporters = reporters.map((reporter) => reporter(reported));
    this.write({ kind: "started", task: name, traits, run, targets, plan, guards });
  }

  write(happening: Happening): void {
    // After the end, what a cancelled step still had under way is no longer reported.
    if (this.#hasEnded) return;
    this.#attempt(() => {
      const event = inWords({ ...happening, at: this.#clock.now() });
      const before = this.#story;
      // First of all: a reporter that fails must not keep it from the others.
      this.#story = advance(before, event);
      this.#events.push(event);
      const [told, toldBefore] = [this.#redactor.over(event), this.#redactor.over(before)];
      for (const reporter of this.#reporters) this.#attempt(() => reporter.tell?.(told, toldBefore));
      this.#update(gist(this.#story) !== gist(before));
    });
  }

  /** Takes note of where the functions are, as soon as that is known. */
  locate(place: Partial<Pick<CommentKey, "region" | "account">>): void {
    const { region, account } = this.#key;
    this.#key = { ...this.#key, ...place };
    if (region === null || account === null) this.#update(true);
  }

  /** The clock has just been set to AWS's time: dates what came before anew, and tells by how much the machine is off. */
  correct(ahead: Duration): void {
    this.#events = this.#events.map((event) => ({ ...event, at: event.at - ahead }));
    this.#story = this.#events.reduce(advance, unwritten);
    const text = `the clock of this runner is ${formatSkew(ahead)}: from here on, all times are AWS's. Set the clock right`;
    this.write({ kind: "warned", text });
  }

  /** Reports the end everywhere, and resolves when all of that is written or has failed. */
  async end(ending: Ending): Promise<void> {
    this.write({ kind: "ended", ...ending });
    this.#hasEnded = true;
    // One after the other, whatever becomes of the one before: a full disk takes no summary, but GitHub takes a comment.
    for (const reporter of this.#reporters) {
      try {
        await reporter.end?.();
      } catch (error) {
        this.#log.warning(
          printable(`the report of the release is incomplete: ${this.#redactor.over(messageOf(error))}`),
        );
      }
    }
  }

  #update(isNews: boolean): void {
    if (this.#hasEnded) return;
    for (const reporter of this.#reporters) this.#attempt(() => reporter.update?.(isNews));
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#log.info(printable(`something could not be reported here: ${this.#redactor.over(messageOf(error))}`));
    }
  }
}
