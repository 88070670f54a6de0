// The account's voice for tests, without any app's own words.
import { type Language, Speech } from "../say";
import type { AccountSpeech } from "../words/account";
import { ACCOUNT as ACCOUNT_EN } from "../words/account.en";
import { ACCOUNT as ACCOUNT_SV } from "../words/account.sv";
import { COMMON as COMMON_EN } from "../words/common.en";
import { COMMON as COMMON_SV } from "../words/common.sv";

const WORDS = { sv: { ...COMMON_SV, ...ACCOUNT_SV }, en: { ...COMMON_EN, ...ACCOUNT_EN } };

export const account = (language: Language): AccountSpeech => new Speech(language, WORDS[language]);
