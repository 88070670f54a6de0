// For pages that show a list as it was when asked for: fetch, say when, fetch again.
import { useEffect, useState } from "preact/hooks";
import { Refusal, Unreachable } from "../../shared/api";
import { refusalWords } from "../models/orders";
import { useDeps } from "./deps";

export interface Fetched<T> {
  value: T | null;
  failed: string | null;
  at: number | null;
  again(): void;
}

export function useFetched<T>(ask: () => Promise<T>, everyMs?: number): Fetched<T> {
  const { desk } = useDeps();
  const [value, setValue] = useState<T | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const again = () => {
    ask().then(
      (answer) => {
        setValue(answer);
        setFailed(null);
        setAt(desk.desk.time.now());
      },
      (error: unknown) => {
        if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
        setFailed(error instanceof Refusal ? refusalWords(error.problem, desk.speech.value) : desk.speech.value.say("server_unreachable"));
      },
    );
  };
  useEffect(() => {
    again();
    if (everyMs === undefined) return;
    const id = setInterval(again, everyMs);
    return () => clearInterval(id);
  }, []);
  return { value, failed, at, again };
}
