import { answering, json, settle } from "./stand_ins.js";
import assert from "node:assert/strict";
import test, { mock } from "node:test";
const { NOT_NOW, Refusal, persist } = await import("../../static/js/http.js");

test.beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
test.afterEach(() => mock.timers.reset());

for (const status of NOT_NOW) {
  test(`a request is sent again after ${status}`, async () => {
    const requests = answering(json({ title: "Later" }, status), json({}));
    const answer = persist("/jobs", {});
    await settle();
    mock.timers.tick(1000);
    assert.equal((await answer).status, 200);
    assert.equal(requests.length, 2);
  });
}

test("a request waits as long as Retry-After says", async () => {
  const requests = answering(json({}, 503, { "Retry-After": "7" }), json({}));
  const answer = persist("/jobs", {});
  await settle();
  mock.timers.tick(6999);
  await settle();
  assert.equal(requests.length, 1);
  mock.timers.tick(1);
  await answer;
  assert.equal(requests.length, 2);
});

test("a refusal says why, and is not asked again", async () => {
  const requests = answering(json({ title: "Too large", detail: "Cut it.", code: "too_large" }, 413));
  await assert.rejects(persist("/jobs", {}), (error) => error instanceof Refusal && error.title === "Too large" && error.code === "too_large");
  assert.equal(requests.length, 1);
});

test("who gives up while waiting is let go", async () => {
  const giveUp = new AbortController();
  const requests = answering(json({}, 503));
  const refused = assert.rejects(persist("/jobs", { signal: giveUp.signal }), { name: "AbortError" });
  await settle();
  giveUp.abort();
  await refused;
  assert.equal(requests.length, 1);
});
