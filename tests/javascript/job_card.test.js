import { elements } from "./stand_ins.js";
import assert from "node:assert/strict";
import test from "node:test";
await import("../../static/js/job_card.js");

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
  const { card: shown, asked } = card({ state: "completed", final: "", revision: "5" });
  shown.show({ state: "completed", revision: 5, is_final: true, progress: null });
  assert.deepEqual(asked, []);
});

test("another state is drawn by the server, the same one is painted here", () => {
  const { card: shown, asked } = card({ state: "running", revision: "5" });
  shown.show({ state: "running", revision: 6, progress: { fraction: 0.5 } });
  shown.show({ state: "completed", revision: 7, is_final: true });
  assert.deepEqual(asked, ["paint", "redraw"]);
});
