// Taking an incident out of the house: in print, or as a document whose account anybody can verify.
import { useState } from "preact/hooks";
import type { IncidentDetail } from "../../shared/shapes";
import { links } from "../models/api";
import { useDeps } from "./deps";

export function Exports({ detail, number }: { detail: IncidentDetail; number: string | null }) {
  const speech = useDeps().office.speech.value;
  const [redacted, setRedacted] = useState(false);
  const id = detail.incident.id;
  const file = `larm-${number ?? id}`;
  return (
    <section class="exports">
      <h2>{speech.say("exports")}</h2>
      <p class="hint">{speech.say("exports_lead")}</p>
      <label class="tick">
        <input type="checkbox" checked={redacted} onChange={(event) => setRedacted(event.currentTarget.checked)} />
        <span>
          {speech.say("export_redacted")}
          <span class="aside">{speech.say("export_redacted_lead")}</span>
        </span>
      </label>
      <p class="buttons">
        <a class="act" href={links.print(id, "sv", redacted)} download={`${file}.pdf`}>
          {speech.say("export_print_sv")}
        </a>
        <a class="act" href={links.print(id, "en", redacted)} download={`${file}.pdf`}>
          {speech.say("export_print_en")}
        </a>
        <a class="act" href={links.document(id)} download={`${file}.json`}>
          {speech.say("export_document")}
        </a>
      </p>
      <p class="hint">
        {speech.say("export_verify")} <code>{`larmcentral verify ${file}.json`}</code>
      </p>
    </section>
  );
}
