// Why the server said no, in words.
import type { Problem } from "../../shared/shapes";
import type { Speech } from "../words/speech";

export function refusalWords(problem: Problem, speech: Speech): string {
  const { reason, fields } = problem;
  if (reason === "too_many" && fields.seconds) return speech.say("refused_too_many_s", { seconds: fields.seconds });
  return speech.sayOr("refused", reason, (other) => speech.say("refused_other", { reason: problem.detail || other }), fields);
}
