import { expect, test } from "vitest";
import type { Dossier, DossierDraft } from "../../shared/shapes_persons";
import { DossierDesk, KIN_MOST } from "./dossierdesk";
import { answer, refusal } from "./testing/made";

const KEPT: Dossier = {
  person_id: "p", name: "Anna", unit: "Nord", teams: [], employer: null, phone: null, photo: false, notes: "Epilepsy",
  next_of_kin: [{ name: "Olof", relation: "husband", phone: "070" }], may_see_kin: true,
};

function desk(wish: { save?: (body: DossierDraft) => Promise<null>; photo?: () => Promise<void> } = {}) {
  const sent: unknown[] = [];
  const one = new DossierDesk(
    {
      dossier: async () => KEPT,
      saveDossier: async (_, body) => {
        sent.push(body);
        return wish.save ? wish.save(body) : null;
      },
      savePhoto: async (_, file) => {
        sent.push(file.type);
        await wish.photo?.();
      },
      removePhoto: async () => null,
    },
    "p",
  );
  return { one, sent };
}

test("nothing is shown before it is opened, and nothing afterwards", async () => {
  const { one } = desk();
  expect(one.asked.value.value).toBeNull();
  await one.open();
  expect([one.notes.value, one.kin.value.length, one.changed.value]).toEqual(["Epilepsy", 1, false]);
  one.close();
  expect([one.asked.value.value, one.notes.value, one.kin.value]).toEqual([null, "", []]);
});

test("it is saved when the server has it, and what is written meanwhile is not", async () => {
  const sent = answer<null>();
  const { one } = desk({ save: () => sent.promise });
  await one.open();
  one.write("Epilepsy, deaf");
  const saving = one.save();
  expect([one.saved.value, one.changed.value]).toEqual([false, true]);
  one.write("Epilepsy, deaf, dog");
  sent.give(null);
  await saving;
  expect([one.saved.value, one.changed.value]).toEqual([false, true]);
  one.write("Epilepsy, deaf");
  expect([one.saved.value, one.changed.value]).toEqual([true, false]);
});

test("what was refused is not saved, and stays written", async () => {
  const { one } = desk({ save: () => Promise.reject(refusal(404, "not_found")) });
  await one.open();
  one.write("x");
  await one.save();
  expect([one.saved.value, one.notes.value, one.errand.denied.value?.problem?.reason]).toEqual([false, "x", "not_found"]);
});

test("next of kin are added, written and taken away, and one without a name is not sent", async () => {
  const { one, sent } = desk();
  await one.open();
  for (let n = 0; n < 9; n += 1) one.addKin();
  expect(one.kin.value).toHaveLength(KIN_MOST);
  expect(one.nameless.value).toBe(true);
  await one.save();
  expect(sent).toEqual([]);
  for (let n = 4; n > 1; n -= 1) one.removeKin(n);
  one.writeKin(1, { name: "Vera", phone: "071" });
  await one.save();
  expect(sent).toEqual([{ notes: "Epilepsy", next_of_kin: [KEPT.next_of_kin?.[0], { name: "Vera", relation: "", phone: "071" }] }]);
});

test("a photo of a kind or a size that the server would not take is refused here, with why", async () => {
  const { one, sent } = desk();
  await one.takePhoto(new Blob(["x"], { type: "image/gif" }));
  expect(one.photoFault.value).toBe("type");
  await one.takePhoto(new Blob([new Uint8Array(1024 * 1024 + 1)], { type: "image/png" }));
  expect([one.photoFault.value, sent]).toEqual(["size", []]);
});

test("a photo is there when the server has it, and a new one is fetched anew", async () => {
  const { one } = desk();
  await one.open();
  await one.takePhoto(new Blob(["x"], { type: "image/png" }));
  expect([one.photo.value, one.photoTurn.value, one.photoFault.value]).toEqual([true, 1, null]);
  await one.dropPhoto();
  expect(one.photo.value).toBe(false);
  const refused = desk({ photo: () => Promise.reject(refusal(415, "media_type")) }).one;
  await refused.takePhoto(new Blob(["x"], { type: "image/png" }));
  expect([refused.photo.value, refused.errand.denied.value?.problem?.reason]).toEqual([false, "media_type"]);
});
