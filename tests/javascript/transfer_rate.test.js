import assert from "node:assert/strict";
import test from "node:test";
const { TransferRate } = await import("../../static/js/transfer_rate.js");

function noted(...notes) {
  const rate = new TransferRate();
  for (const [bytes, now] of notes) rate.note(bytes, now);
  return rate.perSecond;
}

test("nothing is promised before a second has passed", () => {
  assert.equal(noted([0, 10], [500, 10.9]), 0);
});

test("it is what came in the last five seconds", () => {
  assert.equal(noted([0, 0], [100, 1], [200, 2], [1200, 7]), 200);
});

test("a part that is sent again does not count as going backwards", () => {
  assert.equal(noted([0, 0], [5000, 2], [1000, 3], [3000, 5]), 1000);
});
