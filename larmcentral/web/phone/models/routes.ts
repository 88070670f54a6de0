// Which page the address names, and which pages somebody has.
import type { Role } from "../../shared/shapes";

export type Page = "alarm" | "visit" | "calls" | "me";

export interface Route {
  page: Page;
  /** What stands behind the page's name: a call's id, a part of one's own page. */
  rest: string | null;
}

const PAGES: Readonly<Partial<Record<Role, readonly Page[]>>> = {
  worker: ["alarm", "visit", "me"],
  responder: ["alarm", "calls", "visit", "me"],
};

/** Empty for whoever works at a desk: this app is not for him. */
export function pagesOf(role: Role | undefined): readonly Page[] {
  return (role && PAGES[role]) ?? [];
}

/** "#/calls/ID" as a route; the alarm's page for whatever it does not know or this user does not have. */
export function routeOf(hash: string, pages: readonly Page[]): Route {
  const [name = "", rest = ""] = hash.replace(/^#?\/?/, "").split("/");
  const page = pages.find((one) => one === name);
  return page ? { page, rest: rest === "" ? null : decodeURIComponent(rest) } : { page: "alarm", rest: null };
}

export const hashOf = (page: Page, rest: string | null = null): string => `#/${page}${rest ? `/${encodeURIComponent(rest)}` : ""}`;
