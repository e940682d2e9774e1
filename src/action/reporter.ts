import * as core from "@actions/core";
import type { Comments, Shown } from "../commands/command.ts";
import type { Target } from "../domain/alias.ts";
import type { Clock } from "../domain/ports.ts";
import { type Duration, formatDuration } from "../domain/time.ts";
import { messageOf } from "../engine/ports.ts";
import type { Context } from "../github/context.ts";
import type { GitHub } from "../github/github.ts";
import { LivingComment } from "../github/living-comment.ts";
import type { Ending, Event, Happening, Journal, Traits } from "../release/events.ts";
import type { CommentKey, Links } from "../report/comment.ts";
import { type LogLine, logLines } from "../report/log.ts";
import { outputs } from "../report/outputs.ts";
import { printable } from "../report/plain.ts";
import { advance, gist, type Story, unwritten } from "../report/story.ts";
import { systemClock } from "./clock.ts";
import type { CommonInputs } from "./inputs.ts";
import type { Redactor } from "./redactor.ts";

/** What is reported on: a command, or the post step. */
export interface Subject extends Shown {
  readonly name: string;
  readonly traits: Traits;
  readonly comments: Comments;
}

/**
 * Writes what happens to log, comment, summary and outputs. It can't fail, delay or change a release. Everything is
 * masked before it is cut to fit anywhere: half of a secret could not be recognised any more.
 */
export class Reporter implements Journal {
  readonly targets: readonly Target[];
  #key: CommentKey;
  readonly #links: Links;
  readonly #comment: LivingComment | null;
  readonly #clock: Pick<Clock, "now">;
  readonly #redactor: Redactor;
  readonly #comments: Comments;
  #events: Event[] = [];
  #story: Story = unwritten;
  #hasEnded = false;

  /** @param clock dates the events */
  constructor(
    { name, traits, comments, plan, guards }: Subject,
    inputs: CommonInputs,
    { run, workflow, job, runUrl, rollbackUrl }: Context,
    github: GitHub,
    clock: Pick<Clock, "now">,
    redactor: Redactor,
  ) {
    this.#clock = clock;
    this.#redactor = redactor;
    this.targets = inputs.functions.map(({ name }) => ({ function: name, alias: inputs.alias }));
    this.#comments = comments;
    for (const target of this.targets) redactor.leave(target.function);
    const [account = inputs.role?.arn.split(":")[4] ?? null] = inputs.functions.flatMap((each) => each.account ?? []);
    this.#key = { targets: this.targets, workflow, job, region: inputs.region, account };
    this.#links = { run: runUrl, rollback: rollbackUrl };
    const warn = (text: string) => this.write({ kind: "warned", text });
    this.#comment =
      inputs.comment && inputs.githubToken !== "" && comments !== "never"
        ? new LivingComment(github, systemClock, inputs.pullRequest, warn)
        : null;
    this.write({ kind: "started", task: name, traits, run, targets: this.targets, plan, guards });
  }

  write(happening: Happening): void {
    // After the end, what a cancelled step still had under way is no longer reported.
    if (this.#hasEnded) return;
    try {
      const event: Event = { ...happening, at: this.#clock.now() };
      for (const line of logLines(this.#redactor.over(event), this.#redactor.over(this.#story))) print(line);
      this.#events.push(event);
      const before = gist(this.#story);
      this.#story = advance(this.#story, event);
      this.#show(gist(this.#story) !== before);
    } catch (error) {
      core.info(printable(`something could not be reported here: ${this.#redactor.over(messageOf(error))}`));
    }
  }

  /** Takes note of where the functions are, as soon as that is known. */
  locate(place: Partial<Pick<CommentKey, "region" | "account">>): void {
    const wasLocated = this.#isLocated;
    this.#key = { ...this.#key, ...place };
    if (this.#isLocated && !wasLocated) this.#show(true);
  }

  /** The clock has just been set to AWS's time: dates what came before anew, and tells by how much the machine is off. */
  correct(ahead: Duration): void {
    this.#events = this.#events.map((event) => ({ ...event, at: event.at - ahead }));
    this.#story = this.#events.reduce(advance, unwritten);
    const off = `${formatDuration(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} AWS's`;
    const text = `the clock of this runner is ${off}: from here on, all times are AWS's. Set the clock right`;
    this.write({ kind: "warned", text });
  }

  /** Reports the end everywhere, and resolves when all of that is written or has failed. */
  async end(ending: Ending): Promise<void> {
    this.write({ kind: "ended", ...ending });
    this.#hasEnded = true;
    // One after the other, whatever becomes of the one before: a full disk takes no summary, but GitHub takes a comment.
    await this.#try(async () => {
      for (const [name, value] of Object.entries(outputs(this.#redactor.over(this.#events)))) {
        core.setOutput(name, value);
      }
    });
    await this.#try(async () => core.summary.addRaw(await this.#render(), true).write());
    await this.#try(async () => this.#comment?.finish(await this.#render()));
    await this.#try(async () => core.setOutput("comment-url", this.#comment?.url ?? ""));
  }

  async #try(report: () => Promise<unknown>): Promise<void> {
    try {
      await report();
    } catch (error) {
      core.warning(printable(`the report of the release is incomplete: ${this.#redactor.over(messageOf(error))}`));
    }
  }

  /** Without Region and account an earlier run's comment can't be found. Lambda's first answer tells the account. */
  get #isLocated(): boolean {
    return this.#key.region !== null && this.#key.account !== null;
  }

  #show(isNews: boolean): void {
    if (this.#comments === "live" && this.#isLocated && !this.#hasEnded) this.#comment?.show(this.#render, isNews);
  }

  /** The code for the comment is loaded when it is first shown. */
  readonly #render = async (): Promise<string> => {
    const { renderComment } = await import("../report/comment.ts");
    return renderComment(this.#redactor.over(this.#story), this.#key, this.#links);
  };
}

function print(line: LogLine): void {
  switch (line.kind) {
    case "group":
      core.startGroup(line.title);
      break;
    case "end-group":
      core.endGroup();
      break;
    case "line":
      core.info(line.text);
      break;
    case "warning":
      core.warning(line.text, { title: line.title });
      break;
    case "error":
      core.error(line.text, { title: line.title });
      break;
  }
}
