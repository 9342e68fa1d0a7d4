import "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { paintBar } = await import("../../static/js/progress_bar.js");

function bar(count) {
  const attributes = new Map([["value", "0.1"]]);
  const cells = Array.from({ length: count }, () => ({ value: 0 }));
  return {
    attributes,
    cells,
    querySelectorAll: () => cells,
    setAttribute: (name, value) => attributes.set(name, value),
    removeAttribute: (name) => attributes.delete(name),
  };
}

test("each cell shows its stretch, and the whole is told in words", () => {
  const drawn = bar(3);
  paintBar(drawn, { fraction: 0.514, pieces: { done: 1, total: 3, kept: 0, cells: [1, 0.5, 0] } });
  assert.deepEqual(drawn.cells.map(({ value }) => value), [1, 0.5, 0]);
  assert.equal(drawn.attributes.get("aria-valuenow"), "51");
  assert.equal(drawn.attributes.get("aria-valuetext"), "51%, 1 of 3 pieces done");
});

test("a bar of one piece has a value, or none where nobody knows how far it is", () => {
  const drawn = bar(0);
  paintBar(drawn, { fraction: 0.5, pieces: null });
  assert.equal(drawn.value, 0.5);
  paintBar(drawn, { fraction: null, pieces: null });
  assert.equal(drawn.attributes.has("value"), false);
});
