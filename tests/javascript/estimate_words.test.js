import "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { allWords, eachWords, range, savingWords, timeWords, waitWords } = await import("../../static/js/estimate_words.js");

const told = { bytes: [40, 60], seconds: [180, 360], is_probably_small: false, detail: null, wait_seconds: 120, wait_detail: null };

test("one line says how small, how soon, and after how long a wait", () => {
  assert.equal(allWords(told, 100, 1, 1), "About 40 to 60% smaller, about 3 to 6 min, after about 2 min of waiting");
  assert.equal(allWords(told, 100, 3, 3), "3 videos: about 40 to 60% smaller, about 3 to 6 min, after about 2 min of waiting");
  assert.equal(allWords(told, 100, 2, 3), "2 of 3 videos: about 40 to 60% smaller, about 3 to 6 min, after about 2 min of waiting");
});

test("what may not become smaller at all is not promised", () => {
  assert.equal(savingWords({ ...told, bytes: [40, 100] }, 100), "up to 60% smaller");
  assert.equal(savingWords({ ...told, bytes: [99, 100] }, 100), "hardly smaller");
  assert.equal(savingWords({ ...told, bytes: [95, 100], is_probably_small: true }, 100), "probably already small");
  assert.equal(savingWords({ ...told, bytes: [49, 51] }, 100), "about 50% smaller");
});

test("where nothing can be known it is said why, and nothing else", () => {
  const unknown = { bytes: null, seconds: null, is_probably_small: false, detail: "So few bytes leave no picture." };
  assert.equal(eachWords(unknown, 100), "So few bytes leave no picture.");
});

test("times are as fine as they can be meant", () => {
  assert.equal(timeWords({ seconds: [3, 8] }), "about 5 to 10 s");
  assert.equal(timeWords({ seconds: [42, 130] }), "about 40 s to 2 min");
  assert.equal(timeWords({ seconds: [1, 2] }), "about 5 s");
  assert.equal(timeWords({ seconds: [4, 175] }), "up to about 3 min");
  assert.equal(range(3000, 5400), "50 min to 1 h 30 min");
});

test("a wait is told where it is worth it, and a pause in its own words", () => {
  assert.equal(waitWords({ wait_seconds: 4, wait_detail: null }), "");
  assert.equal(waitWords({ wait_seconds: null, wait_detail: "All work is paused." }), "All work is paused.");
});
