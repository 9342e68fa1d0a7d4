import assert from "node:assert/strict";
import test from "node:test";
const { onTheClock, readMoment } = await import("../../static/js/moments.js");

for (const [seconds, said] of [
  [0, "0:00"],
  [9.54, "0:09.5"],
  [59.96, "1:00"],
  [83, "1:23"],
  [3723.2, "1:02:03.2"],
]) {
  test(`${seconds} seconds are ${said}`, () => assert.equal(onTheClock(seconds), said));
}

for (const [text, seconds] of [
  ["83.5", 83.5],
  [" 1:23,5 ", 83.5],
  ["1:02:03", 3723],
  ["soon", null],
  ["", null],
]) {
  test(`“${text}” is ${seconds}`, () => assert.equal(readMoment(text), seconds));
}
