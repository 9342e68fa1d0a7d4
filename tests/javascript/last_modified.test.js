import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
const { lastModified } = await import("../../static/js/last_modified.js");

for (const [zone, told] of [
  ["Europe/Berlin", "2026-07-01T14:00:05+02:00"],
  ["America/St_Johns", "2026-07-01T09:30:05-02:30"],
  ["UTC", "2026-07-01T12:00:05+00:00"],
]) {
  test(`in ${zone} a file's time is told with the offset of that day`, () => {
    process.env.TZ = zone;
    assert.equal(lastModified({ lastModified: Date.UTC(2026, 6, 1, 12, 0, 5, 678) }), told);
  });
}
