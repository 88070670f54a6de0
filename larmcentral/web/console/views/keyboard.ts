// The one listener for keys: works out where the keyboard is and hands the wish to the console.
import type { Console } from "../models/console";
import type { DialogName } from "../models/dialogs";
import { type KeyPlace, wish } from "../models/keys";
import { KEYED, keyed } from "../models/pages";

export const FILTER_ID = "filter";
export const NOTE_ID = "note";
export const PLAN_ID = "plan";
export const MORE_ID = "more";

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
      case "group":
        return desk.toggleGroup();
      case "message":
      case "hold":
      case "add":
      case "hand_over":
        return about(desk, asked);
      case "plan":
        return document.getElementById(PLAN_ID)?.focus();
      case "more":
        return document.getElementById(MORE_ID)?.click();
      case "card":
        if (desk.acts.mayOpen("sos_call", desk.desk.selected.value)) desk.dialog.value = "card";
        return;
      case "escape":
        return escape(desk, event.target);
      default: {
        const page = KEYED[Number(asked.slice("page_".length)) - 1];
        return page && desk.show(keyed(page, desk.desk.me.value));
      }
    }
  });
}

function about(desk: Console, dialog: DialogName): void {
  if (desk.acts.mayOpen("note", desk.desk.selected.value)) desk.dialog.value = dialog;
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
  if (target.closest("button, a, summary, audio")) return "button";
  if (target.closest(".scroller, .leaflet-container")) return "scroller";
  return "page";
}
