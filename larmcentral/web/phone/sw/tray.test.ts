import { expect, test } from "vitest";
import type { Notice } from "./notice";
import { Tray } from "./tray";

const notice = (title: string): Notice => ({ title, options: {} as never, closesMs: null });

function screen(...about: string[]) {
  const open = new Set(about);
  const did: string[] = [];
  let shown = () => {};
  const showNotification = (title: string) => {
    did.push(`shows ${title}`);
    return new Promise<void>((done, failed) => (shown = title === "refused" ? () => failed(new Error(title)) : done));
  };
  const getNotifications = async () => {
    did.push("reads");
    return [...open].map((about) => ({ data: { about } as never, close: () => void open.delete(about) }));
  };
  let waited = () => {};
  const rest = () => new Promise<void>((done) => (waited = done));
  return { open, did, shown: () => shown(), waited: () => waited(), tray: new Tray({ showNotification, getNotifications }, rest) };
}

test("a notice that asks goes, one that says how it stands goes when it is over, and that it is over stays", async () => {
  const { open, tray } = screen("alarm", "answered", "over");
  await tray.settle("i", false);
  expect([...open]).toEqual(["answered", "over"]);
  await tray.settle("i", true);
  expect([...open]).toEqual(["over"]);
});

test("nothing is read while a notice is being shown, and the next one waits", async () => {
  const { did, shown, tray } = screen();
  const first = tray.show(notice("one"));
  const read = tray.settle("i", true);
  const second = tray.show(notice("two"));
  await new Promise((done) => setTimeout(done));
  expect(did).toEqual(["shows one"]);
  shown();
  await Promise.all([first, read]);
  await new Promise((done) => setTimeout(done));
  expect(did).toEqual(["shows one", "reads", "shows two"]);
  shown();
  await second;
});

test("a notice that the browser refuses holds up none", async () => {
  const { did, shown, tray } = screen();
  const refused = expect(tray.show(notice("refused"))).rejects.toThrow("refused");
  const next = tray.show(notice("next"));
  await new Promise((done) => setTimeout(done));
  shown();
  await refused;
  await new Promise((done) => setTimeout(done));
  expect(did).toEqual(["shows refused", "shows next"]);
  shown();
  await next;
});

test("an alarm does not wait for ever for what the browser never finishes", async () => {
  const { did, shown, waited, tray } = screen();
  void tray.show(notice("stuck"));
  await new Promise((done) => setTimeout(done));
  const alarm = tray.show(notice("alarm"));
  waited();
  await new Promise((done) => setTimeout(done));
  expect(did).toEqual(["shows stuck", "shows alarm"]);
  shown();
  await alarm;
});
