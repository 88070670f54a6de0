import { expect, test } from "vitest";
import { caseNumber } from "./number";

const digest = (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.digest("SHA-256", bytes);

test("the number is the one that the server works out", async () => {
  // from larmcentral.domain.case_number
  expect(await caseNumber("01a205f1-2e9a-7511-9b01-05d709d4aec4", digest)).toBe("G1D4-T8AQ");
  expect(await caseNumber("00000000-0000-0000-0000-000000000000", digest)).toBe("6X3G-HZZQ");
});
