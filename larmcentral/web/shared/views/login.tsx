// The page where one logs in to a desk: the console's, and the managers'.
import { useState } from "preact/hooks";
import type { Speech } from "../say";
import type { COMMON } from "../words/common.en";
import "../css/login.css";

type Key = keyof typeof COMMON;

/** logIn: null when logged in, else why not. ended: the server ended the session under our hands. */
export function LogIn(props: {
  speech: Speech<Key>;
  title: string;
  lead: string;
  ended: boolean;
  logIn(login: string, password: string): Promise<string | null>;
  switchLanguage(): void;
}) {
  const { speech } = props;
  const [refusal, setRefusal] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setSending(true);
    setRefusal(await props.logIn(String(fields.get("login")), String(fields.get("password"))));
    setSending(false);
  };
  return (
    <main class="login">
      <form onSubmit={submit}>
        <p class="brand">{speech.say("product")}</p>
        <h1>{props.title}</h1>
        <p class="lead">{props.lead}</p>
        <label>
          {speech.say("login")}
          <input name="login" autocomplete="username" required autofocus />
        </label>
        <label>
          {speech.say("password")}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="refusal" role="alert">
          {refusal ?? (props.ended ? speech.say("logged_out_by_server") : "")}
        </p>
        <button type="submit" class="act primary" disabled={sending}>
          {speech.say(sending ? "logging_in" : "log_in")}
        </button>
      </form>
      <button type="button" class="quiet" lang={speech.language === "sv" ? "en" : "sv"} onClick={props.switchLanguage}>
        {speech.say("language_other")}
      </button>
    </main>
  );
}
