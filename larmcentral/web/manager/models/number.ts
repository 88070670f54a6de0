// The number by which people speak of one case, worked out as the server does: larmcentral/domain/case_number.py.

/** SHA-256 of some bytes: crypto.subtle's in a browser. */
export type Digest = (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;

const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32

export async function caseNumber(incident: string, digest: Digest): Promise<string> {
  const hex = incident.replaceAll("-", "");
  const bytes = Uint8Array.from({ length: 16 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16));
  const first = [...new Uint8Array(await digest(bytes)).slice(0, 5)];
  const bits = first.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const signs = Array.from({ length: 8 }, (_, at) => SIGNS[Number((bits >> BigInt(5 * (7 - at))) & 31n)]).join("");
  return `${signs.slice(0, 4)}-${signs.slice(4)}`;
}
