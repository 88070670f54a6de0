// Draws the phone app's icons from the one sign of the house. Run it when icon.svg changes; the files are committed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PUBLIC = fileURLToPath(new URL("../public/", import.meta.url));
const GROUND = "#0c1014"; // --ground of the dark theme
const sign = readFileSync(`${PUBLIC}icon.svg`, "utf8");
const lines = [...sign.matchAll(/ d="([^"]*)"/g)].map(([, line]) => line).join("");
const badge = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#fff" fill-rule="evenodd" d="${lines}"/></svg>`; // its opacity alone is drawn

/** share: how much of the side the sign takes; a mask may cut off all outside the inner 80 %. */
const ICONS = [
  { name: "icon-192", side: 192, share: 0.92, ground: "transparent", svg: sign },
  { name: "icon-512", side: 512, share: 0.92, ground: "transparent", svg: sign },
  { name: "icon-maskable-512", side: 512, share: 0.62, ground: GROUND, svg: sign },
  { name: "badge-96", side: 96, share: 0.96, ground: "transparent", svg: badge },
];

const folder = mkdtempSync(join(tmpdir(), "icons-"));
try {
  for (const { name, side, share, ground, svg } of ICONS) {
    const page = join(folder, `${name}.html`);
    const px = Math.round(side * share);
    const cut = (side - px) / 2;
    const sized = svg.replace("<svg ", `<svg width="${px}" height="${px}" style="position:absolute;left:${cut}px;top:${cut}px" `);
    writeFileSync(page, `<!doctype html><html style="background:${ground}"><body style="margin:0">${sized}</body></html>`);
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--default-background-color=00000000"];
    const ended = spawnSync("chromium", [...args, `--window-size=${side},${side}`, `--screenshot=${PUBLIC}phone/${name}.png`, `file://${page}`], { cwd: folder });
    if (ended.status !== 0) throw new Error(`${name}: ${ended.stderr}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
