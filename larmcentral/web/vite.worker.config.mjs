import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { defineConfig } from "vite";

// The phone's service worker: one file of its own name beside the page, since a browser knows it by its address. It is
// built after the pages, into their folder, and carries the names of all that the phone's page needs.
const BESIDE = ["icon.svg", "phone/app.webmanifest", "phone/icon-192.png", "phone/icon-512.png", "phone/badge-96.png"];

/** Every file of the page, as paths of the server; the version changes with any byte of theirs. */
function shell(dist) {
  const chunks = JSON.parse(readFileSync(join(dist, "sizes.json"), "utf8"));
  const reached = new Set();
  const reach = (key) => {
    if (reached.has(key)) return;
    reached.add(key);
    const { imports = [], dynamicImports = [] } = chunks[key];
    for (const next of [...imports, ...dynamicImports]) reach(next);
  };
  reach("phone/index.html");
  const built = [...reached].flatMap((key) => [chunks[key].file, ...(chunks[key].css ?? []), ...(chunks[key].assets ?? [])]);
  const files = [...new Set([...built, ...BESIDE])].sort();
  const hash = createHash("sha256");
  for (const file of ["phone/index.html", ...files]) hash.update(readFileSync(join(dist, file)));
  return { version: hash.digest("hex").slice(0, 16), files: ["/phone/", ...files.map((file) => `/${file}`)] };
}

/** Writes the shell's names into the worker once it is built. */
function precache() {
  let dist = "";
  return {
    name: "precache",
    configResolved: ({ root, build }) => (dist = dirname(resolve(root, build.outDir))),
    generateBundle: (_, bundle) => {
      for (const chunk of Object.values(bundle)) chunk.code = chunk.code.replaceAll("__SHELL__", () => JSON.stringify(shell(dist)));
    },
  };
}

export default defineConfig({
  base: "/",
  publicDir: false,
  plugins: [precache()],
  build: {
    outDir: "dist/phone",
    emptyOutDir: false,
    target: "es2022",
    sourcemap: false,
    reportCompressedSize: false,
    lib: { entry: "phone/sw/sw.ts", name: "worker", formats: ["iife"], fileName: () => "sw.js" },
  },
});
