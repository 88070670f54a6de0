// Every word of the managers' pages, in Swedish. {name} is filled in.
import { ACCOUNT } from "../../shared/words/account.sv";
import { COMMON } from "../../shared/words/common.sv";

export const SV = {
  ...COMMON,
  ...ACCOUNT,
  title: "Uppföljning",
} as const;
