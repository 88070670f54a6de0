// Says what the browser has to fetch, gzipped: scripts and styles count towards the limit, fonts are listed beside.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 150_000;
const dist = new URL("../dist/assets/", import.meta.url);
let total = 0;
for (const name of readdirSync(dist).sort()) {
  const raw = readFileSync(new URL(name, dist));
  const size = gzipSync(raw, { level: 9 }).length;
  const counted = /\.(js|css)$/.test(name);
  if (counted) total += size;
  process.stdout.write(`${String(size).padStart(8)}  ${counted ? " " : "*"} ${name}\n`);
}
process.stdout.write(`${String(total).padStart(8)}    scripts and styles, gzipped (limit ${LIMIT_BYTES}); * not counted\n`);
process.exit(total <= LIMIT_BYTES ? 0 : 1);
