// For pages that show a list as it was when asked for: fetch, say when, fetch again.
import { useEffect, useRef, useState } from "preact/hooks";
import { Refusal, Unreachable } from "../../shared/api";
import { deniedWords } from "../models/errand";
import { useDeps } from "./deps";

export interface Fetched<T> {
  value: T | null;
  failed: string | null;
  at: number | null;
  again(): void;
}

/** about: what is asked for; when it changes, the old answer is forgotten and a late one does not count. */
export function useFetched<T>(ask: () => Promise<T>, everyMs?: number, about = ""): Fetched<T> {
  const { desk } = useDeps();
  const [value, setValue] = useState<T | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const turn = useRef(0);
  const again = () => {
    const mine = turn.current;
    ask().then(
      (answer) => {
        if (mine !== turn.current) return;
        setValue(answer);
        setFailed(null);
        setAt(desk.desk.time.now());
      },
      (error: unknown) => {
        if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
        if (mine !== turn.current) return;
        const problem = error instanceof Refusal ? error.problem : null;
        setFailed(problem ? deniedWords({ what: "", problem }, desk.speech.value) : desk.speech.value.say("server_unreachable"));
      },
    );
  };
  useEffect(() => {
    turn.current += 1;
    setValue(null);
    setFailed(null);
    again();
    if (everyMs === undefined) return;
    const id = setInterval(again, everyMs);
    return () => clearInterval(id);
  }, [about]);
  useEffect(() => () => void (turn.current += 1), []); // the page was left
  return { value, failed, at, again };
}

/** Something with a beginning and an end that lives as long as its view, or until what it is about changes. */
export function useKept<T extends { close(): void }>(make: () => T, about = ""): T {
  const kept = useRef<{ about: string; one: T } | null>(null);
  if (kept.current === null || kept.current.about !== about) {
    kept.current?.one.close();
    kept.current = { about, one: make() };
  }
  useEffect(() => () => kept.current?.one.close(), []);
  return kept.current.one;
}
