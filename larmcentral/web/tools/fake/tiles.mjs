// Tiles for the stand-in server: one picture for every place on earth, by itself and as an archive.
// Source of the archive's layout: PMTiles, version 3 (header of 127 bytes, then a directory of varints).

const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const HEADER_BYTES = 127;
const DEEPEST = 10;
const [AS_IT_IS, PNG] = [1, 2]; // the archive's numbers for no compression, and for the kind of picture

function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function archive() {
  const tiles = Array.from({ length: DEEPEST + 1 }, (_, zoom) => 4 ** zoom).reduce((sum, count) => sum + count);
  const directory = Buffer.from([1, 0, tiles, PICTURE.length, 1].flatMap(varint)); // one entry from tile 0 on, for all of them
  const metadata = Buffer.from("{}");
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("PMTiles", "ascii");
  header.writeUInt8(3, 7);
  const from = [HEADER_BYTES, directory.length, HEADER_BYTES + directory.length, metadata.length, 0, 0, HEADER_BYTES + directory.length + metadata.length, PICTURE.length, tiles, 1, 1];
  from.forEach((value, i) => header.writeBigUInt64LE(BigInt(value), 8 + i * 8));
  [1, AS_IT_IS, AS_IT_IS, PNG, 0, DEEPEST].forEach((value, i) => header.writeUInt8(value, 96 + i));
  [-180, -85, 180, 85].forEach((degrees, i) => header.writeInt32LE(degrees * 1e7, 102 + i * 4));
  return Buffer.concat([header, directory, metadata, PICTURE]);
}

const ARCHIVE = archive();

/** Answers a request for tiles: /map/Z/X/Y.png, or a part of /map.pmtiles. False where it is none of these. */
export function serveTiles(request, response, path) {
  if (/^\/map\/\d+\/\d+\/\d+\.png$/.test(path)) {
    response.writeHead(200, { "Content-Type": "image/png" }).end(PICTURE);
    return true;
  }
  if (path !== "/map.pmtiles") return false;
  const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "bytes=0-16383") ?? [];
  const end = Math.min(Number(last) + 1, ARCHIVE.length);
  const headers = { "Content-Type": "application/octet-stream", "Content-Range": `bytes ${first}-${end - 1}/${ARCHIVE.length}`, ETag: '"1"' };
  response.writeHead(206, headers).end(ARCHIVE.subarray(Number(first), end));
  return true;
}
