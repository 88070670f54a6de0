// The dialogs about one incident, but for the stand-down: one chunk of their own, styles and all, fetched as soon as the first screen stands.
export { AddDialog } from "./adding";
export { CardDialog } from "./card";
export { HandOverDialog, HoldDialog, JumpDialog, MergeDialog } from "./course";
export { MessageDialog } from "./message";
