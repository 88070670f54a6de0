// The log-in page.
import { LogIn } from "../../shared/views/login";
import { useDeps } from "./deps";

export function LogInPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  return (
    <LogIn
      speech={speech}
      title={speech.say("log_in_title")}
      lead={speech.say("log_in_lead")}
      ended={desk.ended.value}
      logIn={(login, password) => desk.logIn(login, password)}
      switchLanguage={() => desk.settings.switchLanguage()}
    />
  );
}
