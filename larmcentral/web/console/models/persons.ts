// Finding a person among thousands: every word of the search must stand in the name or the unit.
import type { PersonChoice } from "../../shared/shapes_registers";

const SHOWN = 6; // what one takes in at a glance; the search narrows it

export interface Found {
  first: readonly PersonChoice[];
  /** How many more it leaves. */
  more: number;
}

export function found(persons: readonly PersonChoice[], search: string): Found {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const all = persons.filter((one) => words.every((word) => `${one.name} ${one.unit ?? ""}`.toLowerCase().includes(word)));
  return { first: all.slice(0, SHOWN), more: Math.max(0, all.length - SHOWN) };
}
