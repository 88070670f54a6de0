// Texts: how each medium reads, ours or the committee's, and the way to the editor.
import { useState } from "preact/hooks";
import type { Kind } from "../../shared/shapes";
import { type Choice, type TextLanguage, type TextPicture, shelf } from "../models/texts";
import "../css/centres.css";
import { useDeps } from "./deps";
import { useFetched } from "./fetched";
import { SectionHead } from "./sections";
import { TextDialog } from "./text";

// The gravest first.
const KINDS = [
  "panic", "duress", "hold_up", "medical", "man_down", "fall", "no_motion", "unspecified_alarm", "group_alarm", "missed_check_in",
  "overdue", "lost_contact", "silent_device", "low_battery", "power_off", "removed", "tamper", "device_fault",
] as const satisfies readonly Kind[];
const SAMPLE: Kind = "panic";
const LANGUAGES = ["sv", "en"] as const satisfies readonly TextLanguage[];

export function TextsPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const committees = desk.desk.me.value?.committees ?? [];
  const [choice, setChoice] = useState<Choice>({ committee: committees[0]?.id ?? "", kind: null, language: desk.settings.language.value });
  const kind = choice.kind ?? SAMPLE;
  const fetched = useFetched(() => desk.api.ways.texts(kind, choice.language), undefined, `${kind}/${choice.language}`);
  const [opened, open] = useState<TextPicture | null>(null);
  const rows = fetched.value ? shelf(fetched.value, choice, speech) : [];
  const set = (wish: Partial<Choice>) => setChoice({ ...choice, ...wish });
  return (
    <main class="page ways">
      <SectionHead lead={speech.say("texts_lead")} fetched={fetched}>
        <div class="choices">
          <label>
            {speech.say("texts_committee")}
            <select value={choice.committee} onChange={(event) => set({ committee: event.currentTarget.value })}>
              {committees.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
          <label>
            {speech.say("texts_kind")}
            <select value={choice.kind ?? ""} onChange={(event) => set({ kind: (event.currentTarget.value || null) as Kind | null })}>
              <option value="">{speech.say("texts_all_kinds")}</option>
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {speech.sayOr("kind", one)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {speech.say("texts_language")}
            <select value={choice.language} onChange={(event) => set({ language: event.currentTarget.value as TextLanguage })}>
              {LANGUAGES.map((one) => (
                <option key={one} value={one}>
                  {speech.sayOr("texts", one)}
                </option>
              ))}
            </select>
          </label>
        </div>
      </SectionHead>
      <div class="table scroller" tabIndex={0} role="region" aria-label={speech.say("section_texts")}>
        {fetched.failed && <p class="refusal">{fetched.failed}</p>}
        {fetched.value === null && !fetched.failed && <p class="nothing">{speech.say("loading")}</p>}
        {rows.length > 0 && (
          <table class="texts">
            <thead>
              <tr>
                <th>{speech.say("texts_medium")}</th>
                <th>{speech.say("texts_whose")}</th>
                <th>{speech.say("texts_reads")}</th>
                <th>{speech.say("texts_counted")}</th>
                <th>
                  <span class="unseen">{speech.say("edit")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key} class={`whose-${row.whose}`}>
                  <td>
                    {row.mediumWords} {row.silent && <span class="mark silent">{speech.say("mark_silent")}</span>}
                  </td>
                  <td>{row.whoseWords}</td>
                  <td class="reads" lang={choice.language}>
                    {row.title && <b>{row.title}</b>}
                    <span>{row.body}</span>
                  </td>
                  <td class={row.count.over ? "is-poor" : "dim"}>
                    {row.count.words}
                    {row.count.short && <span class="aside">{speech.say("text_short")}</span>}
                  </td>
                  <td>
                    <button type="button" class="act" aria-label={speech.say("text_open", { medium: row.mediumWords + (row.silent ? ` (${speech.say("mark_silent").toLowerCase()})` : "") })} onClick={() => open(row)}>
                      {speech.say("edit")}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {opened && fetched.value && (
        <TextDialog
          picture={opened}
          choice={choice}
          placeholders={fetched.value.placeholders}
          close={() => {
            open(null);
            fetched.again();
          }}
        />
      )}
    </main>
  );
}
