// The dialogs that lie over the whole console; one at a time.
export type DialogName = "stand_down" | "drill" | "keys" | "card" | "fault" | "log_out" | "leave_desk" | "message" | "hold" | "jump" | "add" | "hand_over" | "merge" | "plan" | "more";
