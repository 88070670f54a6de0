// What of a service worker's world we use. TypeScript's list of it cannot stand beside the list of a page's.
import type { Options } from "./notice";
import type { Told } from "./told";

export interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface Pushed extends Extendable {
  readonly data: { text(): string } | null;
}

export interface Clicked extends Extendable {
  readonly action: string;
  readonly notification: Shown;
}

export interface Shown {
  readonly data: Told | null;
  close(): void;
}

export interface Fetched extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

export interface Changed extends Extendable {
  readonly oldSubscription: PushSubscription | null;
  readonly newSubscription: PushSubscription | null;
}

export interface Page {
  readonly url: string;
  focus(): Promise<unknown>;
  postMessage(word: Word): void;
}

/** What the worker tells the app's pages. */
export type Word =
  | { readonly what: "open"; readonly hash: string }
  /** A push came: look anew. */
  | { readonly what: "pushed"; readonly about: string }
  | { readonly what: "proven" }
  | { readonly what: "subscribed" };

/** What a page tells the worker: over, and nobody needs to come; else it asks nothing more of this phone. */
export interface Order {
  readonly what: "settled";
  readonly tag: string;
  readonly over: boolean;
}

export interface Ordered extends Extendable {
  readonly data: Order;
}

export interface WorkerScope {
  readonly location: Location;
  readonly navigator: Navigator;
  readonly caches: CacheStorage;
  readonly clients: {
    matchAll(which: { type: "window"; includeUncontrolled: boolean }): Promise<readonly Page[]>;
    openWindow(url: string): Promise<unknown>;
    claim(): Promise<void>;
  };
  readonly registration: {
    readonly pushManager: PushManager;
    showNotification(title: string, options: Options): Promise<void>;
    getNotifications(of: { tag: string }): Promise<readonly Shown[]>;
  };
  readonly Notification: { readonly maxActions?: number };
  readonly crypto: Crypto;
  fetch(request: Request | string, init?: RequestInit): Promise<Response>;
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", call: (event: Extendable) => void): void;
  addEventListener(type: "message", call: (event: Ordered) => void): void;
  addEventListener(type: "push", call: (event: Pushed) => void): void;
  addEventListener(type: "notificationclick", call: (event: Clicked) => void): void;
  addEventListener(type: "pushsubscriptionchange", call: (event: Changed) => void): void;
  addEventListener(type: "fetch", call: (event: Fetched) => void): void;
}
