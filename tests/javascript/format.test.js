import "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { barText, facts, percent, size, span, standing } = await import("../../static/js/format.js");

test("a size has the unit in which it reads shortest", () => {
  assert.equal(size(0), "0\u00a0bytes");
  assert.equal(size(999), "999\u00a0bytes");
  assert.equal(size(1000), "1\u00a0kB");
  assert.equal(size(1_250_000), "1.3\u00a0MB");
  assert.equal(size(999_600), "1\u00a0MB");
});

test("a span is told in seconds, minutes, or hours", () => {
  assert.equal(span(0.2), "1 s");
  assert.equal(span(120), "2 min");
  assert.equal(span(5400), "1 h 30 min");
});

test("what is not known yet is left out", () => {
  assert.equal(percent(null), "");
  assert.equal(percent(0.426), "43%");
  assert.equal(facts({ progress: { speed: null, eta_seconds: null } }), "");
  assert.equal(facts({ progress: { speed: 2, eta_seconds: 60 } }), "2.0× as fast as it plays · about 1 min left");
  assert.equal(standing({ progress: { phase: "never heard of" } }), "Starting");
});

test("what is slower than a tenth still says how slow, and next to nothing is left out", () => {
  assert.equal(facts({ progress: { speed: 0.04, eta_seconds: null } }), "0.04× as fast as it plays");
  assert.equal(facts({ progress: { speed: 0.004, eta_seconds: 9 } }), "about 9 s left");
});

test("the size that the result is heading for is told", () => {
  assert.equal(facts({ progress: { speed: null, eta_seconds: 60, expected_bytes: 31_400_000 } }), "about 1 min left · heading for about 31.4\u00a0MB");
});

const inPieces = { fraction: 0.62, speed: null, eta_seconds: 60, pieces: { done: 7, total: 12, kept: 0.42, cells: [] } };

test("of a film in pieces it is told how many are done, and what was kept over an interruption", () => {
  assert.equal(facts({ progress: inPieces }), "7 of 12 pieces done · 42% were done before");
  const busy = { ...inPieces, speed: 0.5 };
  assert.equal(facts({ progress: busy }), "7 of 12 pieces done · 42% were done before · 0.5× as fast as it plays · about 1 min left");
  assert.equal(barText(inPieces), "62%, 7 of 12 pieces done");
});

test("on hold no end is foretold", () => {
  const held = { is_held: true, progress: inPieces };
  assert.equal(standing(held), "On hold");
  assert.equal(facts(held), "7 of 12 pieces done · 42% were done before · It waits until you release it");
});
