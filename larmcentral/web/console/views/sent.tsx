// What went out because of an incident, and what came in.
import { notices, signalWords } from "../../shared/account/incident";
import type { IncidentDetail } from "../../shared/shapes";
import { useDeps } from "./deps";
import { Fact } from "./fact";
import { NoticeShape } from "./shapes";

export function Notices({ detail }: { detail: IncidentDetail | null }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const sent = detail ? notices(detail, desk.now.value, speech) : null;
  return (
    <Fact name={speech.say("notices")}>
      {sent === null && <p class="nothing">{speech.say("loading")}</p>}
      {sent?.length === 0 && <p class="nothing">{speech.say("no_notices")}</p>}
      <ul class="notices">
        {sent?.map((notice) => (
          <li key={notice.id} class={`is-${notice.state}`}>
            <NoticeShape state={notice.state} />
            <span class="name">{notice.to}</span>
            <span class="channel">{notice.channel}</span>
            <span class="what">
              {notice.expected ?? notice.words}
              {notice.reason && <span class="reason"> ({notice.reason})</span>}
            </span>
            <span class="time">{notice.time}</span>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

export function Signals({ detail }: { detail: IncidentDetail | null }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  return (
    <Fact name={speech.say("signals")}>
      {detail === null && <p class="nothing">{speech.say("loading")}</p>}
      {detail?.signals.length === 0 && <p class="nothing">{speech.say("no_signals")}</p>}
      {detail && detail.signals.length > 0 && (
        <table class="signals">
          <thead>
            <tr>
              <th>{speech.say("signal_received")}</th>
              <th>{speech.say("signal_reading")}</th>
              <th>{speech.say("signal_code")}</th>
            </tr>
          </thead>
          <tbody>
            {detail.signals.map((signal) => (
              <tr key={signal.id}>
                <td class="figures">{speech.moment(signal.received_at, desk.now.value)}</td>
                <td>
                  {signalWords(signal, speech)}
                  <span class="aside">
                    {[
                      signal.attempts > 1 ? speech.say("signal_attempts", { count: signal.attempts }) : null,
                      signal.buffered ? speech.say("signal_buffered") : null,
                      ...signal.doubts.map((doubt) => speech.say("signal_doubt", { doubt: doubt.replaceAll("_", " ") })),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </span>
                </td>
                <td>
                  <code>{signal.code ?? "–"}</code>
                  {signal.text && <span class="aside">{signal.text}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Fact>
  );
}
