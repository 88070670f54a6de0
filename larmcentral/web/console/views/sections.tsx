// The head of pages that share a tab: which of them one is on, what it is for, and how old it is.
import type { ComponentChildren } from "preact";
import { type Section, sections } from "../models/pages";
import "../css/ways.css";
import { useDeps } from "./deps";
import { FetchedAt } from "./fetchedat";

export function SectionHead(props: { lead: string; fetched?: { at: number | null; again(): void }; children?: ComponentChildren }) {
  const { desk } = useDeps();
  const speech = desk.speech.value;
  const here = desk.page.value as Section;
  const all = sections(here, desk.desk.me.value);
  return (
    <header>
      {all.length > 1 && (
        <nav class="sections" aria-label={speech.say("sections")}>
          {all.map((section) => (
            <button type="button" key={section} class="tab" aria-current={section === here ? "page" : undefined} onClick={() => desk.show(section)}>
              {speech.sayOr("section", section)}
            </button>
          ))}
        </nav>
      )}
      <div class="section-lead">
        <h1 class="unseen">{speech.sayOr("section", here)}</h1>
        <p class="lead">{props.lead}</p>
        {props.children}
        {props.fetched && <FetchedAt fetched={props.fetched} />}
      </div>
    </header>
  );
}
