// Every word of the managers' pages, in English. {name} is filled in.
import { ACCOUNT } from "../../shared/words/account.en";
import { COMMON } from "../../shared/words/common.en";

export const EN = {
  ...COMMON,
  ...ACCOUNT,
  title: "Follow-up",
} as const;
