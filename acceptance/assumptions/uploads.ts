import {
  GetFunctionConfigurationCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { zipped } from "../code.ts";
import { settled } from "../fixture.ts";
import { answerTo, type Place } from "../place.ts";
import { compared, type Finding, type Trial } from "../trial.ts";

/** What an upload leaves that fails, and one that is still under way. */
export async function uploads(trial: Trial): Promise<readonly Finding[]> {
  return [
    ...(await compared(trial, "An upload of something else than a zip file, and what it leaves", (place) =>
      failed(place, Buffer.from("this is no zip file")),
    )),
    ...(await compared(trial, "An upload of a zip file that was cut off, and what it leaves", (place) =>
      failed(place, zipped("cut off").subarray(0, 200)),
    )),
    ...(await compared(trial, "Publishing while an upload is under way", whileBusy)),
  ];
}

async function failed({ lambda, name: FunctionName }: Place, ZipFile: Uint8Array): Promise<string> {
  const look = () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const before = await look();
  const answer = await answerTo(lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile })));
  const after = await look();
  const told = (what: string, isSame: boolean) => `${isSame ? "the same" : "another"} ${what}`;
  const code = told("code", before.CodeSha256 === after.CodeSha256);
  const revision = told("revision", before.RevisionId === after.RevisionId);
  return `${answer}; ${code}, ${revision}, ${after.State}, ${after.LastUpdateStatus}`;
}

/** Whether the revision in the upload's answer still holds when it is done, too. */
async function whileBusy(place: Place): Promise<string> {
  const { lambda, name: FunctionName } = place;
  const input = { FunctionName, ZipFile: zipped("under way") };
  const { RevisionId, LastUpdateStatus } = await lambda.send(new UpdateFunctionCodeCommand(input));
  const answer = await answerTo(lambda.send(new PublishVersionCommand({ FunctionName })));
  const after = await settled(place);
  const revision = after.RevisionId === RevisionId ? "the same" : "another";
  return `${LastUpdateStatus}, ${answer}; ${revision} revision when it is done`;
}
