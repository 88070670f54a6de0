// The bar that is always there: pages, the way to the desk, language, look, who is logged in.
import { useState } from "preact/hooks";
import { hashOf } from "../models/routes";
import { useDeps } from "./deps";

/** skip: past the bar, to what the page says. */
export function TopBar({ skip }: { skip(): void }) {
  const { office } = useDeps();
  const speech = office.speech.value;
  const here = office.route.value.page;
  const other = office.settings.theme.value === "dark" ? "light" : "dark";
  const [failed, setFailed] = useState<string | null>(null);
  return (
    <header class="topbar">
      <button type="button" class="skip" onClick={skip}>
        {speech.say("skip")}
      </button>
      <p class="brand">{speech.say("title")}</p>
      <nav aria-label={speech.say("nav")}>
        {office.pages.value.map((page) => (
          <a key={page} class="tab" href={hashOf(page)} aria-current={page === here ? "page" : undefined}>
            {speech.sayOr("page", page)}
          </a>
        ))}
      </nav>
      <span class="spring" />
      <a class="quiet" href="/">
        {speech.say("to_desk")}
      </a>
      <button type="button" class="quiet" lang={speech.language === "sv" ? "en" : "sv"} onClick={() => office.settings.switchLanguage()}>
        {speech.say("language_other")}
      </button>
      <button type="button" class="quiet" aria-label={speech.say("theme_switch", { theme: speech.sayOr("theme_name", other) })} onClick={() => office.settings.switchTheme()}>
        {speech.sayOr("theme", other)}
      </button>
      <span class="user">
        <span class="name">{office.me.value?.name}</span>
        <button type="button" class="quiet" onClick={async () => setFailed(await office.logOut())}>
          {speech.say("log_out")}
        </button>
        {failed && (
          <span class="refusal floating" role="alert">
            {failed}
          </span>
        )}
      </span>
    </header>
  );
}
