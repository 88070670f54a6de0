// What every view may ask for. Views read signals and draw; they fetch and decide nothing.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Alarms } from "../models/alarms";
import type { Calls } from "../models/calls";
import type { Readiness } from "../models/checks";
import type { Countdown } from "../models/countdown";
import type { Install } from "../models/install";
import type { Own } from "../models/own";
import type { Phone } from "../models/phone";
import type { Push } from "../models/push";
import type { Visit } from "../models/visit";
import type { Watching } from "../models/watching";
import type { Work } from "../models/work";

export interface Parts {
  phone: Phone;
  work: Work;
  alarms: Alarms;
  countdown: Countdown;
  visit: Visit;
  watching: Watching;
  readiness: Readiness;
  own: Own;
  calls: Calls;
  push: Push;
  install: Install;
}

export const Deps = createContext<Parts | null>(null);

export function useDeps(): Parts {
  const deps = useContext(Deps);
  if (!deps) throw new Error("a view outside <App>");
  return deps;
}
