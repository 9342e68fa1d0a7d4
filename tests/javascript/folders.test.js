import "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { chosenFolder, dropped, folderOf } = await import("../../static/js/folders.js");

const file = (name, type = "") => new File(["x"], name, { type });
const fileEntry = (its) => ({ isDirectory: false, name: its.name, file: (resolve) => resolve(its) });
const lost = (name) => ({ isDirectory: false, name, file: (_, reject) => reject(new Error("NotFoundError")) });

// A reader that hands out its entries two at a time, as browsers do a hundred at a time.
function directory(name, ...entries) {
  const rest = [...entries];
  return { isDirectory: true, name, createReader: () => ({ readEntries: (resolve) => resolve(rest.splice(0, 2)) }) };
}

const dropping = (...entries) => ({
  items: entries.map((entry) => ({ kind: "file", webkitGetAsEntry: () => entry, getAsFile: () => file(entry.name) })),
});

test("a folder is gone through to its leaves, and each file knows where it lay", async () => {
  const deep = directory("Summer", fileEntry(file("b.mp4")), fileEntry(file("a10.mp4")), fileEntry(file("a9.mp4")));
  const found = await dropped(dropping(directory("2026", deep, fileEntry(file("c.mov"))), fileEntry(file("d.mkv"))));
  assert.deepEqual(found.files.map((its) => [folderOf(its), its.name]), [
    ["2026", "c.mov"],
    ["2026/Summer", "a9.mp4"],
    ["2026/Summer", "a10.mp4"],
    ["2026/Summer", "b.mp4"],
    ["", "d.mkv"],
  ]);
});

test("what is no video stays behind and is counted, unless it was dropped by itself", async () => {
  const mixed = directory("DCIM", fileEntry(file("a.jpg", "image/jpeg")), fileEntry(file(".DS_Store")), fileEntry(file("b", "video/mp4")));
  const found = await dropped(dropping(mixed, fileEntry(file("strange.bin"))));
  assert.deepEqual(found.files.map(({ name }) => name), ["b", "strange.bin"]);
  assert.equal(found.others, 2);
});

test("what cannot be read is named", async () => {
  const closed = { isDirectory: true, name: "closed", createReader: () => ({ readEntries: (_, reject) => reject(new Error()) }) };
  const found = await dropped(dropping(directory("all", closed, lost("gone.mp4"), fileEntry(file("a.mp4")))));
  assert.deepEqual(found.unreadable, ["all/closed", "all/gone.mp4"]);
  assert.equal(found.files.length, 1);
});

test("a browser that knows no entries hands over files", async () => {
  const found = await dropped({ items: [{ kind: "file", getAsFile: () => file("a.mp4") }, { kind: "string" }] });
  assert.deepEqual(found.files.map(({ name }) => name), ["a.mp4"]);
});

test("of a chosen folder the videos are taken, with their folders", () => {
  const its = Object.defineProperty(file("a.mp4"), "webkitRelativePath", { value: "Day/Beach/a.mp4" });
  const found = chosenFolder([its, file("a.txt")]);
  assert.deepEqual([found.files.map(folderOf), found.others], [["Day/Beach"], 1]);
});
