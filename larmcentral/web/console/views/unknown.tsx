// Unknown input: bytes that nobody understood, kept and counted.
import { useDeps } from "./deps";
import { useFetched } from "./fetched";
import { SectionHead } from "./sections";

const REFRESH_MS = 15_000;

export function UnknownPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const fetched = useFetched(desk.api.unknownInput, REFRESH_MS);
  const rows = (fetched.value ?? []).toSorted((a, b) => Date.parse(b.last_at) - Date.parse(a.last_at));
  return (
    <main class="page">
      <SectionHead lead={speech.say("unknown_lead")} fetched={fetched} />
      <div class="table scroller" tabIndex={0} role="region" aria-label={speech.say("section_unknown")}>
        {fetched.failed && <p class="refusal">{fetched.failed}</p>}
        {fetched.value === null && !fetched.failed && <p class="nothing">{speech.say("loading")}</p>}
        {fetched.value && rows.length === 0 && <p class="nothing">{speech.say("unknown_empty")}</p>}
        {rows.length > 0 && (
          <table>
            <thead>
              <tr>
                <th>{speech.say("unknown_last")}</th>
                <th>{speech.say("unknown_receiver")}</th>
                <th>{speech.say("unknown_reason")}</th>
                <th class="number">{speech.say("unknown_times")}</th>
                <th>{speech.say("unknown_first")}</th>
                <th>{speech.say("unknown_sample")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.receiver}/${row.reason}/${row.sample_hex}`}>
                  <td class="figures">{speech.moment(row.last_at, desk.now.value)}</td>
                  <td>{row.receiver}</td>
                  <td>{row.reason.replaceAll("_", " ")}</td>
                  <td class="number">{row.times}</td>
                  <td class="figures dim">{speech.moment(row.first_at, desk.now.value)}</td>
                  <td>
                    <code class="hex">{row.sample_hex.replace(/(..)/g, "$1 ")}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </main>
  );
}
