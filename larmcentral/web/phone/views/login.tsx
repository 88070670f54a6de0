// The log-in page. What still waits on this phone is told, so that nobody believes it was sent.
import { useState } from "preact/hooks";
import { useDeps } from "./deps";
import { CallDesk } from "./dial";

export function LogInPage() {
  const { phone } = useDeps();
  const speech = phone.speech.value;
  const [refusal, setRefusal] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setSending(true);
    setRefusal(await phone.logIn(String(fields.get("login")), String(fields.get("password"))));
    setSending(false);
  };
  const waiting = phone.outbox.told.value.length;
  return (
    <main class="login">
      <form onSubmit={submit}>
        <p class="brand">{speech.say("title")}</p>
        <h1>{speech.say("log_in_phone")}</h1>
        <p class="lead">{speech.say("log_in_phone_lead")}</p>
        {waiting > 0 && (
          <p class="warn" role="status">
            {speech.say(waiting === 1 ? "log_in_waiting_one" : "log_in_waiting", { n: waiting })}
          </p>
        )}
        <label>
          {speech.say("login")}
          <input name="login" autocomplete="username" autocapitalize="none" required />
        </label>
        <label>
          {speech.say("password")}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="refusal" role="alert">
          {refusal ?? (phone.ended.value ? speech.say("logged_out_by_server") : "")}
        </p>
        <button type="submit" class="big primary" disabled={sending}>
          {speech.say(sending ? "logging_in" : "log_in")}
        </button>
        {phone.setup.value?.call_back && <CallDesk />}
      </form>
      <button type="button" class="quiet" lang={phone.settings.language.value === "sv" ? "en" : "sv"} onClick={() => phone.settings.switchLanguage()}>
        {speech.say("language_other")}
      </button>
    </main>
  );
}
