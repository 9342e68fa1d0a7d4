import { elements } from "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
const { look } = await import("../../static/js/job_card.js");

const running = { state: "running", progress: { fraction: 0.5, pieces: null }, links: { hold: "/jobs/1/hold" } };

function card(dataset) {
  const card = new elements["job-card"]();
  const asked = [];
  card.dataset = dataset;
  card.querySelector = () => null; // a card that is final has nothing to paint into
  card.redraw = () => asked.push("redraw");
  card.showProgress = () => asked.push("paint");
  return { card, asked };
}

test("a snapshot older than the card is dropped", () => {
  const { card: shown, asked } = card({ state: "canceled", final: "", revision: "5" });
  shown.show({ state: "running", revision: 4, progress: { fraction: 0.5 } });
  assert.deepEqual(asked, []);
  assert.equal(shown.dataset.revision, "5");
});

test("a final snapshot at a card that is final already paints nothing", () => {
  const { card: shown, asked } = card({ state: "completed", look: "completed 0", final: "", revision: "5" });
  shown.show({ state: "completed", links: {}, revision: 5, is_final: true, progress: null });
  assert.deepEqual(asked, []);
});

test("another state is drawn by the server, the same one is painted here", () => {
  const { card: shown, asked } = card({ state: "running", look: look(running), revision: "5" });
  shown.show({ ...running, revision: 6 });
  shown.show({ state: "completed", links: {}, revision: 7, is_final: true });
  assert.deepEqual(asked, ["paint", "redraw"]);
});

test("a job that is cut into pieces, or put on hold, is drawn by the server", () => {
  const { card: shown, asked } = card({ state: "running", look: look(running), revision: "5" });
  shown.show({ ...running, revision: 6, progress: { fraction: 0.5, pieces: { cells: [1, 0] } } });
  shown.show({ ...running, revision: 7, links: { hold: null, release: "/jobs/1/release" } });
  assert.deepEqual(asked, ["redraw", "redraw"]);
});

test("the look of a card is its state, its cells and what is offered", () => {
  assert.equal(look(running), "running 0 hold");
  const links = { self: "/jobs/1", first: null, release: "/jobs/1/release" };
  assert.equal(look({ state: "running", progress: { pieces: { cells: [1, 0.5] } }, links }), "running 2 self release");
});
