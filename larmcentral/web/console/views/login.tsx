// The log-in page.
import { useState } from "preact/hooks";
import { useDeps } from "./deps";

export function LogInPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [refusal, setRefusal] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setSending(true);
    setRefusal(await desk.logIn(String(fields.get("login")), String(fields.get("password"))));
    setSending(false);
  };
  return (
    <main class="login">
      <form onSubmit={submit}>
        <p class="brand">{speech.say("product")}</p>
        <h1>{speech.say("log_in_title")}</h1>
        <p class="lead">{speech.say("log_in_lead")}</p>
        <label>
          {speech.say("login")}
          <input name="login" autocomplete="username" required autofocus />
        </label>
        <label>
          {speech.say("password")}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="refusal" role="alert">
          {refusal ?? (desk.ended.value ? speech.say("logged_out_by_server") : "")}
        </p>
        <button type="submit" class="act primary" disabled={sending}>
          {speech.say(sending ? "logging_in" : "log_in")}
        </button>
      </form>
      <button type="button" class="quiet" lang={desk.settings.language.value === "sv" ? "en" : "sv"} onClick={() => desk.settings.switchLanguage()}>
        {speech.say("language_other")}
      </button>
    </main>
  );
}
