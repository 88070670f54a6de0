// A page that is fetched when it is first opened, so that the list of incidents need not wait for it.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useDeps } from "./deps";

/** The page itself once it is there; until then a line that says so. */
export function later(fetch: () => Promise<ComponentType>): ComponentType {
  let there: ComponentType | null = null;
  return function Later() {
    const speech = useDeps().office.speech.value;
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
      <p class="nothing padded" role="status">
        {speech.say(state === "lost" ? "server_silent" : "loading")}
      </p>
    );
  };
}
