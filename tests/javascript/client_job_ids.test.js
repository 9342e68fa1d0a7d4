import "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { asBatch, clientJobId, forgetClientJobId, noteArrival } = await import("../../static/js/client_job_ids.js");

const file = { name: "cat.mp4", size: 7, lastModified: 1 };
const named = (name, path = "") => ({ name, size: 7, lastModified: 1, webkitRelativePath: path });

test("an id is a UUID of version 4", () => {
  assert.match(clientJobId(file, {}), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("the same file with the same options keeps its id until it is forgotten", () => {
  const id = clientJobId(file, { recipe: "fast" });
  assert.equal(clientJobId({ ...file }, { recipe: "fast" }), id);
  assert.notEqual(clientJobId(file, { recipe: "small" }), id);
  assert.notEqual(clientJobId({ ...file, lastModified: 2 }, { recipe: "fast" }), id);
  forgetClientJobId(file, { recipe: "fast" });
  assert.notEqual(clientJobId(file, { recipe: "fast" }), id);
});

test("what is sent together has one batch, what comes alone has none", () => {
  const [one, two] = asBatch([named("1.mp4"), named("2.mp4")], { recipe: "fast" });
  assert.ok(one.batch);
  assert.equal(one.batch, two.batch);
  assert.deepEqual(asBatch([named("3.mp4")], { recipe: "fast" }), [{ recipe: "fast" }]);
});

test("files of the same name in two folders are two", () => {
  const files = [named("4.mp4", "Day/4.mp4"), named("4.mp4", "Night/Late/4.mp4")];
  const each = asBatch(files, {});
  assert.deepEqual(each.map(({ folder }) => folder), ["Day", "Night/Late"]);
  assert.notEqual(clientJobId(files[0], each[0]), clientJobId(files[1], each[1]));
});

test("the same drop after a crash is the same batch, with what had arrived by then", async () => {
  const files = [named("5.mp4"), named("6.mp4"), named("7.mp4")];
  const before = asBatch(files, {});
  const ids = files.map((each, number) => clientJobId(each, before[number]));
  noteArrival(files[0], before[0]);
  const { asBatch: later, clientJobId: idLater } = await import("../../static/js/client_job_ids.js?after=the-crash");
  const after = later(files, {});
  assert.deepEqual(after, before);
  assert.deepEqual(files.map((each, number) => idLater(each, after[number])), ids);
});

test("once all of a batch has arrived, the same files are a new one", () => {
  const files = [named("8.mp4"), named("9.mp4")];
  const before = asBatch(files, {});
  noteArrival(files[0], before[0]);
  forgetClientJobId(files[1], before[1]); // given up
  assert.notEqual(asBatch(files, {})[0].batch, before[0].batch);
});

test("one that is chosen again by itself goes on in the batch that it was in", () => {
  const files = [named("10.mp4"), named("11.mp4")];
  const before = asBatch(files, {});
  assert.deepEqual(asBatch([files[1]], {}), [before[1]]);
});
