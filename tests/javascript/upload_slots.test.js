import { settle } from "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { uploadSlot } = await import("../../static/js/upload_slots.js");

function queue(names) {
  const came = [];
  const places = names.map((name) => {
    const giveUp = new AbortController();
    const place = { name, giveUp };
    place.turn = uploadSlot(giveUp.signal).then((release) => { came.push(name); place.release = release; });
    return place;
  });
  return { came, places };
}

test("two go at once, the others in the order in which they came", async () => {
  const { came, places } = queue(["a", "b", "c", "d"]);
  await settle();
  assert.deepEqual(came, ["a", "b"]);
  places[1].release();
  places[1].release(); // giving back twice gives back once
  await settle();
  assert.deepEqual(came, ["a", "b", "c"]);
  places[0].release();
  await settle();
  assert.deepEqual(came, ["a", "b", "c", "d"]);
  for (const place of places) place.release();
});

test("who gives up while waiting loses the place, and nobody else's", async () => {
  const { came, places } = queue(["a", "b", "c", "d"]);
  await settle();
  const refused = assert.rejects(places[2].turn, { name: "AbortError" });
  places[2].giveUp.abort();
  await refused;
  places[0].release();
  await settle();
  assert.deepEqual(came, ["a", "b", "d"]);
  for (const place of places) place.release?.();
});
