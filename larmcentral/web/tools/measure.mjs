// Says what the browser has to fetch for each app, gzipped. Towards the limit count scripts and styles of its first whole screen, map and service
// worker included; pages that are fetched when they are opened are listed with "+", fonts and pictures with "*".
import { readFileSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMITS_BYTES = { "index.html": 150_000, "phone/index.html": 60_000, "manager/index.html": 150_000 };
const AT_ONCE = /map\/board/; // fetched apart, but each first screen shows it
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const chunks = JSON.parse(readFileSync(`${dist}sizes.json`, "utf8"));
const bytes = (file) => gzipSync(readFileSync(dist + file), { level: 9 }).length;

/** The chunks that come with one, itself first. later: also those that come when a page is opened. */
function reached(key, later, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  const { imports = [], dynamicImports = [] } = chunks[key];
  for (const next of [...imports, ...dynamicImports.filter((name) => later || AT_ONCE.test(name))]) reached(next, later, found);
  return found;
}

const filesOf = (keys) => new Set([...keys].flatMap((key) => [chunks[key].file, ...(chunks[key].css ?? [])]));
const line = (mark) => (file) => `${String(bytes(file)).padStart(8)} ${mark} ${file}\n`;

let over = 0;
for (const [page, limit] of Object.entries(LIMITS_BYTES)) {
  const whole = page.startsWith("phone/"); // a phone fetches all of it: it must work where there is no network
  const first = filesOf(reached(page, whole));
  if (whole) first.add("phone/sw.js");
  const later = [...filesOf(reached(page, true))].filter((file) => !first.has(file));
  const total = [...first].reduce((sum, file) => sum + bytes(file), 0);
  over += total > limit ? 1 : 0;
  process.stdout.write(`${String(total).padStart(8)} of ${limit}: ${page}\n${[...first].map(line(" ")).join("")}${later.map(line("+")).join("")}`);
}
for (const name of readdirSync(`${dist}assets`).sort().filter((name) => !/\.(js|css)$/.test(name))) {
  process.stdout.write(`${String(statSync(`${dist}assets/${name}`).size).padStart(8)}  *  assets/${name}\n`);
}
process.exit(over);
