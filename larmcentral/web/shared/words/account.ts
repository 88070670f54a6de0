// The keys with which an incident's account is told, on whichever page.
import type { Speech } from "../say";
import type { ACCOUNT } from "./account.en";
import type { COMMON } from "./common.en";

export type AccountKey = keyof typeof ACCOUNT | keyof typeof COMMON;
export type AccountSpeech = Speech<AccountKey>;
