// A view that is fetched when it is first opened, so that the first screen need not wait for it.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useDeps } from "./deps";

/** The view itself once it is there; until then a page that says so. */
export function later(fetch: () => Promise<ComponentType>): ComponentType {
  let there: ComponentType | null = null;
  return function Later() {
    const speech = useDeps().desk.speech.value;
    const [state, setState] = useState<"there" | "coming" | "lost">(there ? "there" : "coming");
    useEffect(() => {
      if (there) return;
      fetch().then(
        (view) => {
          there = view;
          setState("there");
        },
        () => setState("lost"),
      );
    }, []);
    const View = there;
    if (View && state === "there") return <View />;
    return (
      <main class="page">
        <p class="nothing" role="status">
          {speech.say(state === "lost" ? "server_unreachable" : "loading")}
        </p>
      </main>
    );
  };
}
