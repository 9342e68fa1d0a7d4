import { answering, json, settle } from "./stand_ins.js";
import assert from "node:assert/strict";
import test, { mock } from "node:test";
const { JobFeed } = await import("../../static/js/job_feed.js");

const sockets = [];
globalThis.WebSocket = class {
  static OPEN = 1;
  readyState = 1;
  constructor(url) { this.url = String(url); sockets.push(this); }
  close() { this.closed = true; }
  tell(snapshot) { this.onmessage({ data: JSON.stringify(snapshot) }); }
};
const running = { revision: 2, state: "running", is_final: false };
const waiting = { revision: 1, state: "queued", is_final: false };
const done = { revision: 3, state: "completed", is_final: true };

function followed() {
  const told = { snapshots: [], transports: [], gone: 0 };
  const feed = new JobFeed({ self: "/jobs/1", events: "/ws/jobs/1" }, {
    onSnapshot: (snapshot) => told.snapshots.push(snapshot),
    onTransport: (name) => told.transports.push(name),
    onGone: () => told.gone++,
  });
  feed.start();
  return { feed, told, socket: sockets.at(-1) };
}

test.beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
test.afterEach(() => mock.timers.reset());

test("it ends after a final snapshot", async () => {
  const requests = answering();
  const { told, socket } = followed();
  socket.tell(running);
  socket.tell(done);
  socket.tell(running);
  socket.onclose({ code: 1000 });
  mock.timers.tick(60_000);
  await settle();
  assert.deepEqual(told.snapshots, [running, done]);
  assert.ok(socket.closed);
  assert.equal(requests.length, 0);
});

test("it polls when the socket is silent, and stops polling when it speaks", async () => {
  const requests = answering(json(running));
  const { feed, told, socket } = followed();
  mock.timers.tick(6000);
  await settle();
  assert.equal(requests.length, 1);
  assert.deepEqual(told.snapshots, [running]);
  assert.deepEqual(told.transports, ["Polling"]);
  socket.tell(running);
  mock.timers.tick(5999);
  await settle();
  assert.equal(requests.length, 1);
  feed.stop();
});

test("beside a socket that is well, one poll that finds nothing new is all", async () => {
  const requests = answering(json(waiting));
  const { feed, told, socket } = followed();
  socket.tell(waiting);
  mock.timers.tick(30_000);
  await settle();
  assert.equal(requests.length, 1);
  mock.timers.tick(29_999);
  await settle();
  assert.equal(requests.length, 1);
  assert.deepEqual(new Set(told.transports), new Set(["Live"]));
  feed.stop();
});

test("a server that does not answer is offline, though the socket is open", async () => {
  globalThis.fetch = () => Promise.reject(new DOMException("too late", "TimeoutError"));
  const { feed, told, socket } = followed();
  socket.tell(running);
  mock.timers.tick(6000);
  await settle();
  assert.equal(told.transports.at(-1), "Offline");
  feed.stop();
});

test("it polls at once when the socket breaks, and opens another", async () => {
  const requests = answering(json(running));
  const { feed, socket } = followed();
  socket.onclose({ code: 1006 });
  await settle();
  assert.equal(requests.length, 1);
  const before = sockets.length;
  mock.timers.tick(1000);
  assert.equal(sockets.length, before + 1);
  feed.stop();
});

test("a job that is not there is told as gone, by socket and by poll", async () => {
  const bySocket = followed();
  bySocket.socket.onclose({ code: 4404 });
  assert.equal(bySocket.told.gone, 1);
  answering(json({ title: "Not found" }, 404));
  const byPoll = followed();
  mock.timers.tick(6000);
  await settle();
  assert.equal(byPoll.told.gone, 1);
});
