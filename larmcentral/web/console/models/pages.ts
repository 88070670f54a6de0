// Which pages there are, and who gets to see which. The server decides; this only leaves out what it would refuse.
import type { Me, Role } from "../../shared/shapes";

/** The pages about ways out share one tab of the bar. */
export const SECTIONS = ["ways", "centres", "texts", "points"] as const;
/** So do the pages about devices. */
export const FLEET = ["devices", "pool", "unknown"] as const;
export type Section = (typeof SECTIONS)[number] | (typeof FLEET)[number];
export type Page = "queue" | "desk" | "alone" | "reach" | Section;

/** Key 1 opens the first, and so on; the same for every role, so that the hand learns it. */
export const KEYED = ["queue", "desk", "alone", "reach", "devices", "pool", "unknown", "ways"] as const satisfies readonly Page[];

const HOUSE: readonly Role[] = ["operator", "manager", "admin"];
const KEEPERS: readonly Role[] = ["manager", "admin"];

const OPEN_TO: Readonly<Record<Page, readonly Role[] | "everybody">> = {
  queue: "everybody",
  desk: HOUSE,
  alone: HOUSE,
  reach: HOUSE,
  devices: HOUSE,
  pool: HOUSE,
  unknown: HOUSE,
  ways: HOUSE,
  centres: HOUSE,
  texts: KEEPERS,
  points: "everybody",
};

type Who = Pick<Me, "role" | "person_id">;

export function opens(page: Page | undefined, me: Who | null): page is Page {
  if (page === undefined || me === null) return false;
  if (page === "points") return me.person_id !== null || HOUSE.includes(me.role);
  const roles = OPEN_TO[page];
  return roles === "everybody" || roles.includes(me.role);
}

/** The pages that share a tab with this one, as far as this user may see them; none for a page with a tab of its own. */
export function sections(page: Page, me: Who | null): Section[] {
  const family: readonly Section[] = [SECTIONS, FLEET].find((some: readonly Page[]) => some.includes(page)) ?? [];
  return family.filter((section) => opens(section, me));
}

/** The tabs of the bar: where pages share one, it leads to the first of them that this user may see. */
export function tabs(me: Who | null): Page[] {
  const own = (["queue", "desk", "alone", "reach"] as const).filter((page) => opens(page, me));
  return [...own, ...sections("devices", me).slice(0, 1), ...sections("ways", me).slice(0, 1)];
}

/** Whether a page is the tab's own or one that shares it. */
export const under = (tab: Page, page: Page, me: Who | null): boolean => tab === page || sections(tab, me).some((section) => section === page);

/** Where key n leads: the page itself, or the first of its family that this user may see. */
export function keyed(page: Page, me: Who | null): Page | undefined {
  return opens(page, me) ? page : sections(page, me)[0];
}

/** Sees the whole desk: everybody who is not only a person of the house. */
export const ofTheHouse = (me: Who | null): boolean => me !== null && HOUSE.includes(me.role);

/** Where one looks for what raised a fault of the house. */
export function faultPage(fault: string): Page | undefined {
  if (fault === "way_out_dead") return "ways";
  if (fault === "handover_open") return "desk";
  if (fault === "rota_gap" || fault === "nobody_reachable") return "reach";
  if (fault === "not_returned") return "pool";
  return fault.startsWith("receiver_") ? "centres" : undefined;
}

/** Keeps texts, other persons' points and tests of ways out. */
export const keeps = (me: Who | null): boolean => me !== null && KEEPERS.includes(me.role);

/** Binds the whole organisation, as an agreement with a centre does. */
export const administers = (me: Who | null): boolean => me?.role === "admin";
