// Contact points: one's own, those that somebody should look after, and those of a person one chooses.
import { useState } from "preact/hooks";
import type { PersonChoice } from "../../shared/shapes_registers";
import { keeps } from "../models/pages";
import { PointBook } from "../models/pointbook";
import { KEPT_CHANNELS, OWN_CHANNELS, byPerson } from "../models/points";
import "../css/points.css";
import { useDeps } from "./deps";
import { useFetched, useKept } from "./fetched";
import { PersonSearch } from "./persons";
import { PointList } from "./pointlist";
import { SectionHead } from "./sections";
import { PointShape } from "./pointshape";

const LOOK_MS = 10_000;

export function PointsPage() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const me = desk.desk.me.value;
  const house = me !== null && me.role !== "worker" && me.role !== "responder";
  return (
    <main class="page ways">
      <SectionHead lead={speech.say(house ? "points_lead" : "points_mine_lead")} />
      <div class="scroller points" tabIndex={0} role="region" aria-label={speech.say("section_points")}>
        {me?.person_id && <Mine />}
        {house && <Others />}
      </div>
    </main>
  );
}

function Mine() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const book = useBook("mine");
  return (
    <section class="point-book" aria-label={speech.say("points_mine")}>
      <h2>{speech.say("points_mine")}</h2>
      <PointList book={book} channels={OWN_CHANNELS} keeper={false} readOnly={false} />
    </section>
  );
}

function Others() {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const [person, setPerson] = useState<PersonChoice | null>(null);
  return (
    <div class="others">
      <div class="find">
        <PersonSearch label={speech.say("points_find")} chosen={person} choose={setPerson} />
        <Troubled choose={setPerson} />
      </div>
      {person ? (
        <OfPerson key={person.id} person={person} />
      ) : (
        <div class="empty">
          <p>{speech.say("points_pick")}</p>
        </div>
      )}
    </div>
  );
}

function OfPerson({ person }: { person: PersonChoice }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const book = useBook({ person: person.id });
  const may = keeps(desk.desk.me.value);
  const title = speech.say("points_of", { name: person.name });
  return (
    <section class="point-book" aria-label={title}>
      <h2>{title}</h2>
      {!may && <p class="hint">{speech.say("points_read_only")}</p>}
      <PointList book={book} channels={KEPT_CHANNELS} keeper={true} readOnly={!may} />
    </section>
  );
}

function useBook(whose: PointBook["whose"]): PointBook {
  const { desk } = useDeps();
  return useKept(() => {
    const book = new PointBook(desk.api.ways, desk.clock, whose, () => crypto.randomUUID());
    void book.load();
    return book;
  });
}

function Troubled({ choose }: { choose(person: PersonChoice): void }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const fetched = useFetched(desk.api.ways.troubledPoints, LOOK_MS);
  const people = byPerson(fetched.value ?? [], desk.now.value, speech);
  return (
    <section class="troubled" aria-label={speech.say("points_troubled")}>
      <h2>{speech.say("points_troubled")}</h2>
      {fetched.failed && <p class="refusal">{fetched.failed}</p>}
      {fetched.value === null && !fetched.failed && <p class="nothing">{speech.say("loading")}</p>}
      {fetched.value?.length === 0 && <p class="nothing">{speech.say("points_troubled_none")}</p>}
      <ul>
        {people.map((one) => (
          <li key={one.id}>
            <button type="button" class="way" onClick={() => choose({ id: one.id, name: one.name, committee_id: one.points[0]?.view.committee_id ?? "", unit: null })}>
              <span class="name">{one.name}</span>
              {one.points.map((p) => (
                <span key={p.id} class={`trouble is-${p.state}`}>
                  <PointShape state={p.state} />
                  {p.channel}: {p.health}
                  {!p.proven && `, ${p.proof}`}
                </span>
              ))}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
