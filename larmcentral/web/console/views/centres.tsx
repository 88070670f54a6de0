// Contracted alarm receiving centres: their paths, their test state, and the table of what they are told.
import { useState } from "preact/hooks";
import type { ForwarderView, RowView } from "../../shared/shapes_forwarders";
import { type CentrePicture, type PathPicture, TEST_LENGTHS_MIN, centre, rowPictures } from "../models/centres";
import { Errand, deniedWords } from "../models/errand";
import { administers, keeps } from "../models/pages";
import "../css/centres.css";
import { useDeps } from "./deps";
import { useFetched } from "./fetched";
import { RowDialog } from "./row";
import { SectionHead } from "./sections";
import { Sign, WayShape } from "./shapes";

const LOOK_MS = 5_000;

export function CentresPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const fetched = useFetched(desk.api.ways.centres, LOOK_MS);
  const [chosen, choose] = useState<string | null>(null);
  const views = fetched.value ?? [];
  const view = views.find((one) => one.name === chosen) ?? views[0];
  return (
    <main class="page ways">
      <SectionHead lead={speech.say("centres_lead")} fetched={fetched} />
      <div class="scroller centres" tabIndex={0} role="region" aria-label={speech.say("section_centres")}>
        {fetched.failed && <p class="refusal">{fetched.failed}</p>}
        {fetched.value === null && !fetched.failed && <p class="nothing">{speech.say("loading")}</p>}
        {fetched.value?.length === 0 && <p class="nothing">{speech.say("centres_empty")}</p>}
        <div class="centre-cards">
          {views.map((one) => (
            <CentreCard key={one.name} picture={centre(one, desk.now.value, speech)} chosen={one === view} choose={() => choose(one.name)} again={fetched.again} />
          ))}
        </div>
        {view && (keeps(desk.desk.me.value) ? <Rows key={view.name} view={view} again={fetched.again} /> : <p class="nothing">{speech.say("rows_keepers")}</p>)}
      </div>
    </main>
  );
}

function CentreCard(props: { picture: CentrePicture; chosen: boolean; choose(): void; again(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const { picture } = props;
  return (
    <section class={`centre-card ${picture.inTest ? "in-test" : ""}`} aria-label={picture.label}>
      <header>
        <h2>{picture.label}</h2>
        <button type="button" class="quiet" aria-pressed={props.chosen} onClick={props.choose}>
          {picture.unsigned}
        </button>
      </header>
      <p class="telephone">
        <Sign name="phone" /> {speech.say("centre_ring", { number: picture.telephone })}
      </p>
      <ul class="paths" aria-label={speech.say("centre_paths")}>
        {picture.paths.map((path) => (
          <PathLine key={path.name} path={path} />
        ))}
      </ul>
      <TestState picture={picture} again={props.again} />
    </section>
  );
}

const PATH_SHAPES = { heard: "alive", lost: "dead", untried: "unknown", unwatched: "unknown" } as const;

function PathLine({ path }: { path: PathPicture }) {
  return (
    <li class={`is-${PATH_SHAPES[path.state]}`}>
      <WayShape state={PATH_SHAPES[path.state]} />
      <span>
        <b>{path.name}</b> <span class="state">{path.stateWords}</span>
        <span class="aside">{[path.speaks, path.beat].filter(Boolean).join(" · ")}</span>
      </span>
      {path.answer && <code>{path.answer}</code>}
    </li>
  );
}

function TestState({ picture, again }: { picture: CentrePicture; again(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [errand] = useState(() => new Errand());
  const [minutes, setMinutes] = useState<number>(TEST_LENGTHS_MIN[0]);
  const send = async (until: number | null) => {
    const body = { until: until === null ? null : new Date(until).toISOString() };
    if (await errand.run("test-state", () => desk.api.ways.testState(picture.name, body))) again();
  };
  const denied = deniedWords(errand.denied.value, speech);
  const busy = errand.doing.value !== null;
  return (
    <div class="test-state">
      <p class={picture.inTest ? "warned" : ""} role="status">
        {picture.inTest && <Sign name="warning" />}
        {picture.testWords}
      </p>
      {administers(desk.desk.me.value) && (
        <form onSubmit={(event) => (event.preventDefault(), void send(desk.desk.time.now() + minutes * 60_000))}>
          <label>
            {speech.say("centre_set_test")}
            <select value={minutes} onChange={(event) => setMinutes(Number(event.currentTarget.value))}>
              {TEST_LENGTHS_MIN.map((length) => (
                <option key={length} value={length}>
                  {speech.age(length * 60_000)}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="act" disabled={busy} title={speech.say("centre_agree_first")}>
            {speech.say(busy ? "sending" : "centre_begin_test")}
          </button>
          {picture.inTest && (
            <button type="button" class="act primary" disabled={busy} onClick={() => void send(null)}>
              {speech.say("centre_end_test")}
            </button>
          )}
          <p class="hint">{speech.say("centre_agree_first")}</p>
          {denied && (
            <p class="refusal" role="alert">
              {denied}
            </p>
          )}
        </form>
      )}
    </div>
  );
}

function Rows({ view, again }: { view: ForwarderView; again(): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const fetched = useFetched(() => desk.api.ways.rows(view.name), undefined, view.name);
  const [only, setOnly] = useState(false);
  const [opened, open] = useState<RowView | null>(null);
  const rows = rowPictures(fetched.value ?? [], only, desk.now.value, speech);
  return (
    <section class="rows-of" aria-label={`${view.label}: ${speech.say("rows")}`}>
      <header>
        <h2>
          {view.label}: {speech.say("rows").toLowerCase()}
        </h2>
        <label class="choice">
          <input type="checkbox" checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} />
          {speech.say("rows_only_unsigned")}
        </label>
      </header>
      {fetched.failed && <p class="refusal">{fetched.failed}</p>}
      {fetched.value === null && !fetched.failed && <p class="nothing">{speech.say("loading")}</p>}
      {fetched.value !== null && rows.length === 0 && <p class="nothing">{speech.say("rows_all_signed")}</p>}
      {rows.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>{speech.say("rows_kind")}</th>
              <th>{speech.say("rows_codes")}</th>
              <th>{speech.say("rows_address")}</th>
              <th>{speech.say("rows_texts")}</th>
              <th>{speech.say("rows_whose")}</th>
              <th>{speech.say("rows_signed")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key} class={`row-${row.state}`}>
                <td>
                  <button type="button" class="link" onClick={() => open(row.view)}>
                    {row.kind}
                  </button>
                  {row.view.silent && <span class="mark silent">{speech.say("mark_silent")}</span>}
                </td>
                <td>
                  <code>
                    {row.codes.sos} / {row.codes.sia} / {row.codes.cid}
                  </code>
                </td>
                <td class="figures">{row.address}</td>
                <td>{row.texts}</td>
                <td class="dim">{row.whose}</td>
                <td>
                  <span class={`signature is-${row.state}`}>
                    <WayShape state={row.state === "signed" ? "alive" : row.state === "faulty" ? "dead" : "unknown"} />
                    {row.stateWords}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {opened && (
        <RowDialog
          view={opened}
          centre={view}
          close={() => {
            open(null);
            fetched.again();
            again();
          }}
        />
      )}
    </section>
  );
}
