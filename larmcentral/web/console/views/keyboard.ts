// The one listener for keys: works out where the keyboard is and hands the wish to the console.
import type { Console } from "../models/console";
import { type KeyPlace, wish } from "../models/keys";
import { sections } from "../models/pages";

export const FILTER_ID = "filter";
export const NOTE_ID = "note";

export function listenToKeys(desk: Console): void {
  addEventListener("keydown", (event) => {
    if (desk.session.value !== "in") return;
    const asked = wish(event, desk.dialog.value === null ? placeOf(event.target) : "dialog", desk.settings.singleKeys.value);
    if (asked === null) return;
    event.preventDefault();
    switch (asked) {
      case "next":
        return desk.walk(1);
      case "previous":
        return desk.walk(-1);
      case "gravest":
        return desk.toGravest();
      case "take":
        return void desk.acts.take();
      case "escalate":
        return void desk.acts.escalate();
      case "silence":
        return desk.silence();
      case "note":
        return document.getElementById(NOTE_ID)?.focus();
      case "filter":
        desk.show("queue");
        return requestAnimationFrame(() => document.getElementById(FILTER_ID)?.focus()) && undefined;
      case "stand_down":
        if (desk.acts.mayOpen("stand_down", desk.desk.selected.value)) desk.dialog.value = "stand_down";
        return;
      case "drill":
        if (desk.acts.allowed("drill")) desk.dialog.value = "drill";
        return;
      case "help":
        desk.dialog.value = "keys";
        return;
      case "page_queue":
        return desk.show("queue");
      case "page_devices":
        return desk.show("devices");
      case "page_unknown":
        return desk.show("unknown");
      case "page_ways":
        return desk.show(sections(desk.desk.me.value)[0]);
      case "card":
        if (desk.acts.mayOpen("sos_call", desk.desk.selected.value)) desk.dialog.value = "card";
        return;
      case "escape":
        return escape(desk, event.target);
    }
  });
}

function escape(desk: Console, target: EventTarget | null): void {
  if (desk.acts.armed.value !== null) desk.acts.armed.value = null;
  else if (target instanceof HTMLElement && placeOf(target) === "field") {
    if (target.id === FILTER_ID) desk.filter.value = "";
    target.blur();
  } else if (desk.orders.refused.value) desk.orders.forget();
  else desk.filter.value = "";
}

function placeOf(target: EventTarget | null): KeyPlace {
  if (document.querySelector("dialog[open]")) return "dialog";
  if (!(target instanceof HTMLElement)) return "page";
  if (target.closest("input, textarea, select, [contenteditable]")) return "field";
  if (target.closest(".scroller, .leaflet-container")) return "scroller";
  return "page";
}
