// What every view may ask for: the console and the sound. Views read signals and draw; they fetch and decide nothing.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Siren } from "../../shared/siren";
import type { Console } from "../models/console";

export const Deps = createContext<{ desk: Console; siren: Siren } | null>(null);

export function useDeps(): { desk: Console; siren: Siren } {
  const deps = useContext(Deps);
  if (!deps) throw new Error("a view outside <App>");
  return deps;
}
