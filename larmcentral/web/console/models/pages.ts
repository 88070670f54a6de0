// Which pages there are, and who gets to see which. The server decides; this only leaves out what it would refuse.
import type { Me, Role } from "../../shared/shapes";

/** The pages about ways out share one tab of the bar. */
export const SECTIONS = ["ways", "centres", "texts", "points"] as const;
export type Section = (typeof SECTIONS)[number];
export type Page = "queue" | "devices" | "unknown" | Section;

const HOUSE: readonly Role[] = ["operator", "manager", "admin"];
const KEEPERS: readonly Role[] = ["manager", "admin"];

const OPEN_TO: Readonly<Record<Page, readonly Role[] | "everybody">> = {
  queue: "everybody",
  devices: HOUSE,
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

export function sections(me: Who | null): Section[] {
  return SECTIONS.filter((section) => opens(section, me));
}

/** The tabs of the bar: the last one leads to the first page about ways out that this user may see. */
export function tabs(me: Who | null): Page[] {
  const [first] = sections(me);
  return [...(["queue", "devices", "unknown"] as const).filter((page) => opens(page, me)), ...(first ? [first] : [])];
}

export function isSection(page: Page): page is Section {
  return SECTIONS.some((section) => section === page);
}

/** Where one looks for what raised a fault of the house. */
export function faultPage(fault: string): Page | undefined {
  if (fault === "way_out_dead") return "ways";
  return fault.startsWith("receiver_") ? "centres" : undefined;
}

/** Keeps texts, other persons' points and tests of ways out. */
export const keeps = (me: Who | null): boolean => me !== null && KEEPERS.includes(me.role);

/** Binds the whole organisation, as an agreement with a centre does. */
export const administers = (me: Who | null): boolean => me?.role === "admin";
