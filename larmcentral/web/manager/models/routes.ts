// Which page the address names, and who has which. All of a page's choices stand in the address, so that a link can be kept.
import type { Role } from "../../shared/shapes";

export const PAGES = ["incidents", "response", "fleet", "plans", "people"] as const;
export type Page = (typeof PAGES)[number];
export type Query = Readonly<Record<string, string>>;

export interface Route {
  page: Page;
  /** The incident, plan or person that is open on the page. */
  id: string | null;
  query: Query;
}

const OPEN_TO: Readonly<Record<Page, readonly Role[]>> = {
  incidents: ["operator", "manager", "admin"],
  response: ["operator", "manager", "admin"],
  fleet: ["operator", "manager", "admin"],
  plans: ["operator", "manager", "admin"],
  people: ["manager", "admin"], // each look at a dossier is recorded; an operator looks from the alarm
};

/** Empty for whoever is a person of the house only: these pages are not for them. */
export function pagesOf(role: Role | undefined): readonly Page[] {
  return PAGES.filter((page) => role !== undefined && OPEN_TO[page].includes(role));
}

/** Writes plans and dossiers. The server decides; this leaves out what it would refuse. */
export const keeps = (role: Role | undefined): boolean => role === "manager" || role === "admin";

/** "#/incidents/ID?kind=panic" as a route; the incidents for whatever is not known or not this user's. */
export function routeOf(hash: string, pages: readonly Page[]): Route {
  const [path = "", search = ""] = hash.replace(/^#?\/?/, "").split("?");
  const [name = "", id = ""] = path.split("/");
  const page = pages.find((one) => one === name);
  if (!page) return { page: "incidents", id: null, query: {} };
  return { page, id: id === "" ? null : decoded(id), query: Object.fromEntries(new URLSearchParams(search)) };
}

export function hashOf(page: Page, id: string | null = null, query: Query = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `#/${page}${id === null ? "" : `/${encodeURIComponent(id)}`}${search === "" ? "" : `?${search}`}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // typed by hand: the server will not know it
  }
}
