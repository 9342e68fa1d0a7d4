import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { defined } from "./stand_ins.js";

await import("../../static/js/job_card.js");
const JobCard = defined.get("job-card");

let card;
let redrawn;
let parts;

beforeEach(() => {
  card = new JobCard();
  [redrawn, parts] = [0, {}];
  card.redraw = () => (redrawn += 1);
  card.child = (name) => parts[name] ?? null;
});

function stands(state, revision, names = []) {
  Object.assign(card.dataset, { state, revision: String(revision), final: String(state === "canceled") });
  for (const name of names) parts[name] = { nextElementSibling: {} };
}

test("a final snapshot that meets a final card does nothing", () => {
  stands("canceled", 3);
  card.show({ state: "canceled", revision: 3, is_final: true });
  assert.equal(redrawn, 0);
});

test("another state is drawn by the server", () => {
  stands("running", 3);
  card.show({ state: "canceled", revision: 4, is_final: true });
  assert.equal(redrawn, 1);
  assert.equal(card.dataset.revision, "3");
});

test("a snapshot older than the card is dropped", () => {
  stands("running", 3);
  card.show({ state: "queued", revision: 2 });
  assert.equal(redrawn, 0);
});

test("a queued card is drawn again at the same revision, since its place in line may be another", () => {
  stands("queued", 1);
  card.show({ state: "queued", revision: 1 });
  assert.equal(redrawn, 1);
});

test("progress is painted into a running card, which takes its revision", () => {
  stands("running", 3, ["status", "percent", "facts", "progress"]);
  card.show({ state: "running", revision: 5, progress: { phase: "encode", fraction: 0.5, speed: null, eta_seconds: null } });
  assert.equal(parts.progress.value, 0.5);
  assert.equal(parts.percent.textContent, "50%");
  assert.equal(card.dataset.revision, 5);
  assert.equal(redrawn, 0);
});

test("what arrived is painted into an uploading card", () => {
  stands("uploading", 1, ["received"]);
  card.show({ state: "uploading", revision: 1, received_bytes: 500, source: { size: 1000 } });
  assert.equal(parts.received.value, 500);
});

test("a final card no longer says how it is followed", () => {
  stands("canceled", 3, ["transport"]);
  card.showTransport("Live");
  assert.equal(parts.transport.textContent, undefined);
});
