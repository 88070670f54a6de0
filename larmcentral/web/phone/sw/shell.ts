// Which requests the worker answers, and from where. The server's own words are never kept here.

/** Written by the build: every file that the app needs to open, and a name that changes with any of them. */
export interface Shell {
  readonly version: string;
  readonly files: readonly string[];
}

export const PAGE = "/phone/";
const PREFIX = "larm-phone-";

export const cacheName = (shell: Shell): string => `${PREFIX}${shell.version}`;

/** Caches of earlier builds; of nobody else's. */
export const outdated = (names: readonly string[], shell: Shell): readonly string[] =>
  names.filter((name) => name.startsWith(PREFIX) && name !== cacheName(shell));

/**
 * page: from the network, and from the cache where that is silent. kept: its content is in its name, or in the build's
 * version: from the cache first. network: not ours to touch.
 */
export function source(method: string, url: URL, own: string, navigates: boolean, shell: Shell): "page" | "kept" | "network" {
  if (method !== "GET" || url.origin !== own || url.pathname.startsWith("/api/")) return "network";
  if (navigates) return url.pathname === PAGE ? "page" : "network";
  return url.pathname !== PAGE && shell.files.includes(url.pathname) ? "kept" : "network";
}
