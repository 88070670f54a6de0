import { defineConfig } from "vitest/config";

// The server sends CSP `default-src 'self'`: nothing may be inlined, so assetsInlineLimit is 0 and there is no polyfill.
export default defineConfig({
  base: "/",
  build: {
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    sourcemap: false,
    reportCompressedSize: false,
    manifest: "sizes.json",
    rollupOptions: { input: { console: "index.html", phone: "phone/index.html", manager: "manager/index.html" } },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8090" } },
  test: { include: ["{shared,console,phone,manager}/**/*.test.ts"], environment: "node", pool: "threads" },
});
