import { answering, settle } from "./stand_ins.js";
import assert from "node:assert/strict";
import test, { mock } from "node:test";
const { send } = await import("../../static/js/tus.js");

const at = (offset) => new Response(null, { status: 200, headers: { "Upload-Offset": String(offset) } });

function patching(...answers) {
  const offsets = [];
  globalThis.XMLHttpRequest = class {
    upload = {};
    headers = {};
    open() {}
    setRequestHeader(name, value) { this.headers[name] = value; }
    getResponseHeader(name) { return name === "Retry-After" ? this.retryAfter : this.offset; }
    send() {
      offsets.push(Number(this.headers["Upload-Offset"]));
      Object.assign(this, answers.shift());
      queueMicrotask(() => (this.onload(), this.onloadend()));
    }
  };
  return offsets;
}

test("after a conflict it asks where the server is, and goes on from there", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const asked = answering(at(0), at(4));
  const offsets = patching({ status: 409 }, { status: 204, offset: "10" });
  const sent = [];
  const { signal } = new AbortController();
  const sending = send("/uploads/1", new Blob(["0123456789"]), { onSent: (bytes) => sent.push(bytes), onTrouble() {}, signal });
  await settle();
  mock.timers.tick(500);
  await sending;
  assert.deepEqual(offsets, [0, 4]);
  assert.deepEqual(asked.map(({ method }) => method), ["HEAD", "HEAD"]);
  assert.equal(sent.at(-1), 10);
  mock.timers.reset();
});

test("a refusal that will pass is told in the server's words, and waited for as long as it says", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  answering(at(0), at(0));
  const responseText = JSON.stringify({ title: "Too many requests", detail: "Wait a moment." });
  const offsets = patching({ status: 429, responseText, retryAfter: "7" }, { status: 204, offset: "10" });
  const told = [];
  const { signal } = new AbortController();
  const sending = send("/uploads/1", new Blob(["0123456789"]), { onSent() {}, onTrouble: (refusal) => told.push(refusal?.title), signal });
  await settle();
  mock.timers.tick(6999);
  await settle();
  assert.deepEqual([offsets, told], [[0], ["Too many requests"]]);
  mock.timers.tick(1);
  await sending;
  assert.deepEqual(offsets, [0, 0]);
  mock.timers.reset();
});

test("a file that cannot be read any more is the trouble itself, and not waited for", async () => {
  answering(at(0));
  patching({ status: 0 });
  globalThis.XMLHttpRequest.prototype.send = function () {
    queueMicrotask(() => (this.onerror(), this.onloadend()));
  };
  const gone = { arrayBuffer: () => Promise.reject(new DOMException("", "NotReadableError")), slice: () => gone, size: 10 };
  const { signal } = new AbortController();
  const told = [];
  const sending = send("/uploads/1", gone, { onSent() {}, onTrouble: () => told.push("trouble"), signal });
  await assert.rejects(sending, { title: "This file cannot be read" });
  assert.deepEqual(told, []);
});
