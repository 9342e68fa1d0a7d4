import "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { factsFrom, factsOf, isTelling } = await import("../../static/js/video_facts.js");

test("what the browser cannot tell is left out", () => {
  assert.deepEqual(factsFrom({ size: 9 }, { duration: 60, videoWidth: 640, videoHeight: 360 }), { size: 9, duration: 60, width: 640, height: 360 });
  assert.deepEqual(factsFrom({ size: 9 }, { duration: Infinity, videoWidth: 640, videoHeight: 360 }), { size: 9, width: 640, height: 360 });
  assert.deepEqual(factsFrom({ size: 9 }, { duration: NaN, videoWidth: 0, videoHeight: 0 }), { size: 9 });
  assert.equal(isTelling({ size: 9, width: 640, height: 360 }), false);
  assert.equal(isTelling({ size: 9, duration: 60, width: 640, height: 360 }), true);
});

test("each file is looked into once, a few at a time, and told in its place", async () => {
  const files = Array.from({ length: 20 }, (_, size) => ({ size: size + 1 }));
  let now = 0, most = 0, looks = 0;
  const look = async ({ size }) => {
    looks += 1;
    most = Math.max(most, (now += 1));
    await new Promise(setImmediate);
    now -= 1;
    return { size };
  };
  const found = await factsOf(files, look);
  assert.deepEqual(found.map(({ size }) => size), files.map(({ size }) => size));
  await factsOf(files, look);
  assert.deepEqual([looks, most], [20, 4]);
});
