import type { Comments } from "../../commands/command.ts";
import type { GitHub } from "../../github/github.ts";
import type { CommentKey, Links } from "../../report/comment.ts";
import type { Story } from "../../report/story.ts";
import type { ToldEvent } from "../../report/told.ts";
import type { CommonInputs } from "../inputs.ts";

/** What a reporter is about. Events and story are masked already. */
export interface Reported {
  readonly inputs: CommonInputs;
  readonly comments: Comments;
  readonly links: Links;
  readonly github: GitHub;
  /** All that has happened so far. */
  events(): readonly ToldEvent[];
  story(): Story;
  /** Where the functions are, as far as it is known; not masked. */
  key(): CommentKey;
  /** Tells of a problem in reporting. */
  warn(text: string): void;
}

/** One of the places where people or machines read what happens. `table.ts` lists them. */
export interface Reporter {
  /** Something has happened. */
  tell?(event: ToldEvent, before: Story): void;
  /** The story is another one, or more is known of where it takes place. News is what people wait for. */
  update?(isNews: boolean): void;
  /** All is over. Resolves when that is written. */
  end?(): Promise<void>;
}
