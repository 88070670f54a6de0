import { expect, test } from "vitest";
import { Unreachable } from "../../shared/api";
import { FakeClock } from "../../shared/clock";
import { Speech } from "../words/speech";
import type { ServiceMessageView } from "../../shared/shapes_points";
import { START } from "../../shared/testing/made";
import { message, refused, settle } from "./testing/ways";
import { Trial, providerWords, trialPicture } from "./trial";
import { secondsWords } from "../../shared/account/ways";

const sv = new Speech("sv");

function watched(answers: (ServiceMessageView | Error)[]) {
  const clock = new FakeClock(START);
  let looks = 0;
  let news = 0;
  const api = { message: async () => {
    const next = answers[Math.min(looks, answers.length - 1)];
    looks += 1;
    if (next instanceof Error) throw next;
    return next as ServiceMessageView;
  } };
  const trial = new Trial(api, clock, () => (news += 1));
  const run = async (ms: number) => {
    for (let left = ms; left > 0; left -= 700) {
      clock.run(700);
      await settle();
    }
  };
  return { trial, run, looks: () => looks, news: () => news };
}

test("a test is followed from its asking to its delivery, and then no longer", async () => {
  const { trial, run, looks, news } = watched([message(), message({ state: "sent" }), message({ state: "delivered" })]);
  await trial.begin(async () => ({ message_id: "m" }));
  expect([trial.message.value?.state, trial.following.value]).toEqual(["pending", true]);
  await run(700);
  expect(trial.message.value?.state).toBe("sent");
  await run(700);
  expect([trial.message.value?.state, trial.following.value, news()]).toEqual(["delivered", false, 2]);
  await run(7000);
  expect(looks()).toBe(3);
});

test("a look that nobody answers is no news, and a receipt that never comes ends the looking", async () => {
  const { trial, run } = watched([new Unreachable("/"), message({ state: "sent" })]);
  await trial.begin(async () => ({ message_id: "m" }));
  expect(trial.following.value).toBe(true);
  await run(1400);
  expect(trial.message.value?.state).toBe("sent");
  await run(46_000);
  expect(trial.following.value).toBe(false);
});

test("a test that may not be sent says why, and a page that was left looks no more", async () => {
  const { trial, run, looks } = watched([message()]);
  await trial.begin(() => Promise.reject(refused(429, "too_many", { seconds: "60" })));
  expect([trial.errand.denied.value?.problem?.reason, trial.following.value]).toEqual(["too_many", false]);
  await trial.begin(async () => ({ message_id: "m" }));
  trial.close();
  await run(2100);
  expect(looks()).toBe(1);
});

test("what came back is told in words, with the provider's own beside", () => {
  const told = (wish: Partial<ServiceMessageView>) => trialPicture(message(wish), START + 3000, sv);
  expect(told({}).words).toBe("På väg, 3 s");
  expect(told({ tries: 1 }).words).toBe("Försöker en gång till, 3 s");
  expect(told({ state: "sent", provider: "46elks", seconds: 0.012 }).words).toBe("46elks sms tog emot på 12 ms");
  expect(told({ state: "delivered", provider: "smpp", seconds: 2.25, answer: '{"to": "fr\\u00e5n"}' })).toEqual({ state: "delivered", words: "Framme via Sms via SMPP, svar på 2,3 s", answer: '{"to": "från"}' });
  expect(told({ state: "refused", provider: "mail", reason: "no_answer_in_time", answer: "no_answer_in_time" })).toEqual({ state: "refused", words: "E-post sa nej: inget svar i tid", answer: null });
  expect(told({ state: "failed", reason: "no_provider" }).words).toBe("Kom inte ut: ingen sådan väg är uppsatt");
});

test("providers and lengths are named as a person would", () => {
  expect([providerWords("receiver:larmbolaget", sv), providerWords("new_one", sv)]).toEqual(["larmbolaget", "new one"]);
  expect([0.0004, 0.34, 3.42, 12.6].map((s) => secondsWords(s, sv))).toEqual(["1 ms", "340 ms", "3,4 s", "13 s"]);
});
