import assert from "node:assert/strict";
import test from "node:test";
const { progressInTitle } = await import("../../static/js/page_title.js");

const card = (state, fraction, isHeld = false) => ({ state, fraction, isHeld });

test("a video that was sent whole is not compressed yet", () => {
  assert.equal(progressInTitle([card("sending", 1)]), "Uploading 100%");
  assert.equal(progressInTitle([card("queued", undefined)]), "0%");
});

test("what waits counts, so that the end of one is not the end of all", () => {
  const one = [card("running", 0.6), card("queued", undefined), card("queued", undefined)];
  assert.equal(progressInTitle(one), "20%");
  assert.equal(progressInTitle([card("completed", 1), card("queued", undefined), card("queued", undefined)]), "33%");
});

test("what ended before this visit does not count", () => {
  assert.equal(progressInTitle([card("completed", undefined), card("failed", undefined), card("running", 0.5)]), "50%");
});

test("the end of one does not make the whole fall", () => {
  assert.equal(progressInTitle([card("running", 0.9), card("running", 0.1)]), "50%");
  assert.equal(progressInTitle([card("completed", 1), card("running", 0.1)]), "55%");
});

test("nothing is said where nothing moves: all has ended, is on hold, or was given up by its sender", () => {
  assert.equal(progressInTitle([card("completed", 1), card("running", 0.4, true), card("uploading", undefined)]), "");
  assert.equal(progressInTitle([]), "");
});

test("a hundred is said only when it is so", () => {
  assert.equal(progressInTitle([card("running", 0.999)]), "99%");
});
