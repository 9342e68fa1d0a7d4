import assert from "node:assert/strict";
import { test } from "node:test";

import "./stand_ins.js";

const { JobFeed } = await import("../../static/js/job_feed.js");

function feed() {
  const told = [];
  const on = { onSnapshot: (snapshot) => told.push(snapshot.state), onTransport: (name) => told.push(name), onGone() {} };
  return [new JobFeed({ self: "/jobs/1", events: "/ws/jobs/1" }, on), told];
}

test("a final snapshot is told, then the feed is over", () => {
  const [followed, told] = feed();
  followed.take({ state: "completed", is_final: true });
  followed.take({ state: "completed", is_final: true });
  followed.heard({ state: "completed", is_final: true });
  assert.deepEqual(told, ["completed"]);
});

test("a live snapshot keeps the feed going", () => {
  const [followed, told] = feed();
  followed.take({ state: "queued", is_final: false });
  followed.take({ state: "running", is_final: false });
  assert.deepEqual(told, ["queued", "running"]);
});
