// What every view may ask for. Views read signals and draw; they fetch and decide nothing.
import { createContext } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import type { Digest } from "../models/number";
import type { Office } from "../models/office";
import type { Search } from "../models/search";

export interface Parts {
  office: Office;
  /** Kept while one looks into an incident, so that the list is there on the way back. */
  search: Search;
  digest: Digest;
  newId(): string;
}

export const Deps = createContext<Parts | null>(null);

export function useDeps(): Parts {
  const deps = useContext(Deps);
  if (!deps) throw new Error("a view outside <App>");
  return deps;
}

/** Something with a beginning and an end that lives as long as its view, or until what it is about changes. */
export function useKept<T extends object>(make: () => T, about = ""): T {
  const kept = useRef<{ about: string; one: T } | null>(null);
  if (kept.current === null || kept.current.about !== about) {
    end(kept.current?.one);
    kept.current = { about, one: make() };
  }
  useEffect(() => () => end(kept.current?.one), []);
  return kept.current.one;
}

function end(one: object | undefined): void {
  if (one && "close" in one && typeof one.close === "function") one.close();
}
