// The desk's own number as something that a phone can be told to dial, by a press of its owner.
const LEAST_DIGITS = 8; // no emergency or short number has so many: this app dials none of those

/** Null for a number that may not be dialled from here; it is still shown. */
export function dialOf(number: string): string | null {
  const digits = number.replace(/[^\d+]/g, "");
  return digits.replace("+", "").length >= LEAST_DIGITS ? `tel:${digits}` : null;
}
