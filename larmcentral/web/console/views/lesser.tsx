// The dialogs about one incident that are opened less often than the card and the stand-down: one chunk of their own.
export { AddDialog } from "./adding";
export { HandOverDialog, HoldDialog, JumpDialog, MergeDialog } from "./course";
export { MessageDialog } from "./message";
