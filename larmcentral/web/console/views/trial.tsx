// What came back from a test, as it comes.
import { deniedWords } from "../models/errand";
import { type Trial, trialPicture } from "../models/trial";
import type { ServiceMessageView } from "../../shared/shapes_points";
import { useDeps } from "./deps";
import { NoticeShape } from "./shapes";

export function TrialResult({ trial }: { trial: Trial }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const message = trial.message.value;
  const denied = deniedWords(trial.errand.denied.value, speech);
  return (
    <div class="trial" role="status" data-testid="trial">
      {denied && <p class="refusal">{denied}</p>}
      {trial.errand.doing.value !== null && <p>{speech.say("sending")}</p>}
      {message && <MessageResult message={message} />}
    </div>
  );
}

export function MessageResult({ message }: { message: ServiceMessageView }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const picture = trialPicture(message, desk.now.value, speech);
  return (
    <div class={`result is-${picture.state}`}>
      <NoticeShape state={picture.state} />
      <span class="what">{picture.words}</span>
      {picture.answer && (
        <p class="answer-words">
          <span class="label">{speech.say("trial_answer")}</span> <code>{picture.answer}</code>
        </p>
      )}
    </div>
  );
}
