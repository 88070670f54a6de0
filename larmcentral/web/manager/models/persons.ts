// Persons found by a part of their name or unit.
import type { PersonChoice } from "../../shared/shapes_registers";

/** Every word must stand somewhere in name or unit. */
export function named(persons: readonly PersonChoice[], filter: string): PersonChoice[] {
  const words = filter.toLowerCase().split(/\s+/);
  return persons.filter((one) => {
    const hay = `${one.name} ${one.unit ?? ""}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}
