// The phone's service worker: opens the app without network, shows what is pushed, sends answers from a notice.
//
// It decides nothing: what a push becomes is in notice.ts, which request is answered from where in shell.ts.
import type { Language } from "../../shared/say";
import { sendAnswer } from "./answer";
import { answered, answering, hashFor, type Notice, noticeOf, proven, unanswered, unreadable } from "./notice";
import type { Changed, Clicked, Word, WorkerScope } from "./scope";
import { cacheName, outdated, PAGE, type Shell, source } from "./shell";
import { type AnswerWord, ANSWERS, proofPath, type Told, told } from "./told";
import { Tray } from "./tray";

declare const __SHELL__: Shell; // written in by vite.worker.config.mjs
const SHELL = __SHELL__;

const worker = self as unknown as WorkerScope;
const PAGE_MS = 2500; // a page from the network is the newest one; a network that is slower than this is none
const DEFAULT_ACTIONS = 2; // what Android draws, where a browser does not say

const most = (): number => worker.Notification.maxActions ?? DEFAULT_ACTIONS;
const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const tray = new Tray(worker.registration, rest);

// --- the shell -------------------------------------------------------------------------------------------------------

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const from = source(request.method, new URL(request.url), worker.location.origin, request.mode === "navigate", SHELL);
  if (from === "page") event.respondWith(page(request));
  else if (from === "kept") event.respondWith(kept(request));
});

async function install(): Promise<void> {
  const cache = await worker.caches.open(cacheName(SHELL));
  await cache.addAll(SHELL.files.map((path) => new Request(path, { cache: "reload" })));
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of outdated(await worker.caches.keys(), SHELL)) await worker.caches.delete(name);
  await worker.clients.claim();
}

async function page(request: Request): Promise<Response> {
  const shelf = await worker.caches.open(cacheName(SHELL));
  try {
    const found = await Promise.race([worker.fetch(request), rest(PAGE_MS).then(() => null)]);
    if (found?.ok) return found;
  } catch {
    // no network: the page that came with this worker
  }
  return (await shelf.match(PAGE)) ?? worker.fetch(request);
}

async function kept(request: Request): Promise<Response> {
  const shelf = await worker.caches.open(cacheName(SHELL));
  return (await shelf.match(request)) ?? worker.fetch(request);
}

// --- what is pushed --------------------------------------------------------------------------------------------------

worker.addEventListener("push", (event) => event.waitUntil(pushed(event.data?.text() ?? "")));

async function pushed(text: string): Promise<void> {
  const found = told(text);
  if (!found) return tray.show(unreadable(worker.navigator.language.startsWith("sv") ? "sv" : ("en" satisfies Language)));
  const proof = proofPath(found.link);
  if (proof !== null && (await prove(proof))) {
    await tray.show(proven(found));
    return tell({ what: "proven" });
  }
  const notice = noticeOf(found, most());
  if (notice) await tray.show(notice);
  await tell({ what: "pushed", about: found.about });
  if (notice) await closeLater(notice);
}

async function prove(path: string): Promise<boolean> {
  try {
    return (await worker.fetch(path, { method: "POST", credentials: "omit" })).ok;
  } catch {
    return false; // the app says that it is not proven, and offers to try again
  }
}

async function closeLater({ closesMs, options: { tag, data } }: Notice): Promise<void> {
  if (closesMs === null) return;
  await rest(closesMs);
  await tray.close(tag, (told) => told.about === data.about);
}

// An incident's notices go when its page has heard that it is answered or over.
worker.addEventListener("message", (event) => {
  const { what, tag, over } = event.data;
  if (what === "settled") event.waitUntil(tray.settle(tag, over));
});

// --- what is pressed -------------------------------------------------------------------------------------------------

worker.addEventListener("notificationclick", (event) => event.waitUntil(pressed(event)));

async function pressed({ action, notification }: Clicked): Promise<void> {
  const of = notification.data;
  const word = ANSWERS.find((one) => one === action);
  if (of && word && of.answer !== null) return answer(of, of.answer, word); // takes the alarm's place: what is closed first may take the next one with it
  notification.close();
  if (!of) return open("#/alarm");
  await open(hashFor(of));
}

async function answer(of: Told, token: string, word: AnswerWord): Promise<void> {
  await tray.show(answering(of, word));
  const outcome = await sendAnswer(token, word, (url, init) => worker.fetch(url, init), rest);
  const notice = outcome === "done" ? answered(of, word, most()) : unanswered(of, word, outcome, most());
  await tray.show(notice);
  await tell({ what: "pushed", about: "answer" });
  await closeLater(notice);
}

/** Brings the app to the front where it is open, else opens it. */
async function open(hash: string): Promise<void> {
  const [first] = await pages();
  if (!first) {
    await worker.clients.openWindow(PAGE + hash);
    return;
  }
  first.postMessage({ what: "open", hash });
  await first.focus();
}

async function tell(word: Word): Promise<void> {
  for (const one of await pages()) one.postMessage(word);
}

async function pages() {
  const all = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter((one) => new URL(one.url).pathname === PAGE);
}

// --- the subscription ------------------------------------------------------------------------------------------------

worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscribeAnew(event)));

/** The browser has ended a subscription: a new one is told to the server at once; if that fails the app does so when it opens. */
async function subscribeAnew({ oldSubscription, newSubscription }: Changed): Promise<void> {
  const key = oldSubscription?.options.applicationServerKey ?? null;
  try {
    const found = newSubscription ?? (key && (await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })));
    if (found) {
      const body = JSON.stringify({ id: worker.crypto.randomUUID(), channel: "web_push", address: JSON.stringify(found.toJSON()) });
      const headers = { "Content-Type": "application/json", "X-Larm": "1", "X-Larm-As": "phone" };
      await worker.fetch("/api/me/points", { method: "POST", headers, body, credentials: "same-origin" });
    }
  } catch {
    // refused, or no network: the app compares at its next start
  }
  await tell({ what: "subscribed" });
}
