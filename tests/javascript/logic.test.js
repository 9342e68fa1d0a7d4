import assert from "node:assert/strict";
import { test } from "node:test";

import "./stand_ins.js";

const { clientJobId, forgetClientJobId } = await import("../../static/js/client_job_ids.js");
const { percent, size, span } = await import("../../static/js/format.js");
const { Refusal, persist } = await import("../../static/js/http.js");
const { uploadSlot } = await import("../../static/js/upload_slots.js");

const FILM = { name: "film.mp4", size: 10, lastModified: 1 };

test("sizes are rounded to what a person reads", () => {
  assert.equal(size(999), "999\u00a0bytes");
  assert.equal(size(1_570_024), "1.6\u00a0MB");
  assert.equal(size(2_000_000), "2\u00a0MB");
});

test("spans and percentages are told in whole words", () => {
  assert.equal(span(0.2), "1 s");
  assert.equal(span(3700), "1 h 2 min");
  assert.equal(percent(null), "");
});

test("the same file with the same options keeps its id until that is forgotten", () => {
  const first = clientJobId(FILM, { recipe: "fast" });
  assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(clientJobId(FILM, { recipe: "fast" }), first);
  assert.notEqual(clientJobId(FILM, { recipe: "small" }), first);
  forgetClientJobId(FILM, { recipe: "fast" });
  assert.notEqual(clientJobId(FILM, { recipe: "fast" }), first);
});

test("two uploads at a time; the third goes when a turn is given back", async () => {
  const { signal } = new AbortController();
  const [first] = [await uploadSlot(signal), await uploadSlot(signal)];
  let third = false;
  const waiting = uploadSlot(signal).then(() => (third = true));
  await Promise.resolve();
  assert.equal(third, false);
  first();
  await waiting;
  assert.equal(third, true);
});

test("a request is repeated while the answer is not now", async () => {
  const statuses = [503, 409, 200];
  const headers = { "Retry-After": "0.01" };
  globalThis.fetch = async () => new Response("{}", { status: statuses.shift(), headers });
  const troubles = [];
  assert.equal((await persist("/jobs", {}, (refusal) => troubles.push(refusal))).status, 200);
  assert.equal(troubles.length, 2);
});

test("a refusal is told at once", async () => {
  globalThis.fetch = async () => new Response('{"title": "No", "code": "invalid"}', { status: 422 });
  await assert.rejects(persist("/jobs", {}), (error) => error instanceof Refusal && error.code === "invalid");
});
