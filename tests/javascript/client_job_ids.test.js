import "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { clientJobId, forgetClientJobId } = await import("../../static/js/client_job_ids.js");

const file = { name: "cat.mp4", size: 7, lastModified: 1 };

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
