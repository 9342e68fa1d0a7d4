// <job-list>: takes new uploads at its top, and says in the page's title how far all of it is.

import { announce } from "./announcements.js";
import { asBatch, withFolder } from "./client_job_ids.js";
import { progressInTitle } from "./page_title.js";
import { UploadCard } from "./upload_card.js";

const TITLE = document.title;

const LINE_MOVES = 20; // seconds between two looks at the line, which moves for others' jobs too

class JobList extends HTMLElement {
  wasMoving = false;

  connectedCallback() {
    this.addEventListener("line-moved", () => this.showLine());
    setInterval(() => this.showLine(), LINE_MOVES * 1000);
    this.addEventListener("progress-changed", () => this.showInTitle());
    document.addEventListener("visibilitychange", () => this.showInTitle());
    this.showInTitle();
  }

  /** @param {File[]} files @param {Fields} fields @param {string} announceUrl */
  add(files, fields, announceUrl) {
    const fresh = files.filter((file) => !this.isSending(file, withFolder(file, fields)));
    const each = asBatch(fresh, fields);
    const cards = fresh.map((file, number) => UploadCard.for(file, each[number], announceUrl));
    this.querySelectorAll(".empty, .none").forEach((said) => said.remove());
    for (const card of cards) this.prepend(card); // sent in their order, and the newest stands first, as later
    for (const { batch } of each) if (batch) showBatch(String(batch));
    cards[0]?.scrollIntoView({ block: "nearest" });
    announce(fresh.length === 1 ? `${fresh[0].name} is being sent` : `${fresh.length} videos are being sent`);
  }

  /** @param {File} file @param {Fields} fields */
  isSending(file, fields) {
    return [...this.querySelectorAll("upload-card")].some((card) => /** @type {UploadCard} */ (card).sends(file, fields));
  }

  // The places of all that wait, from one answer, so that no two cards say the same.
  async showLine() {
    /** @type {NodeListOf<any>} */
    const queued = this.querySelectorAll("job-card[data-state=queued]");
    if (document.hidden || queued.length === 0) return;
    if (!this.dataset.line) return queued.forEach((card) => card.redraw()); // the page of one job
    const answer = await fetch(this.dataset.line, { headers: { Accept: "application/json" } }).catch(() => null);
    const { jobs = [] } = answer?.ok ? await answer.json() : {};
    for (const job of jobs) /** @type {any} */ (document.getElementById(`job-${job.id}`))?.showStanding?.(job);
  }

  showInTitle() {
    /** @type {NodeListOf<HTMLElement>} */
    const all = this.querySelectorAll("job-card, upload-card");
    const cards = [...all];
    const progress = progressInTitle(cards.map(({ dataset }) => moving(dataset)));
    if (progress) document.title = `${progress} · ${TITLE}`;
    else if (document.hidden && (this.wasMoving || document.title !== TITLE)) document.title = `Done · ${TITLE}`;
    else document.title = TITLE;
    this.wasMoving = progress !== "";
    if (!progress) cards.filter(({ dataset }) => dataset.final !== undefined).forEach((card) => delete card.dataset.fraction);
  }
}

// The bar of a batch is made where there is none yet.
/** @param {string} id */
function showBatch(id) {
  const place = document.getElementById("batches");
  if (!place || document.getElementById(`batch-${id}`)) return;
  const bar = document.createElement("batch-bar");
  bar.id = `batch-${id}`;
  Object.assign(bar.dataset, { batch: id, bar: (place.dataset.bar ?? "").replace("/ID/", `/${id}/`) });
  place.prepend(bar);
}

// A job on hold can be released.
/** @param {DOMStringMap} dataset */
function moving({ state = "sending", look = "", fraction }) {
  return { state, isHeld: look.split(" ").includes("release"), fraction: fraction === undefined ? undefined : Number(fraction) };
}

customElements.define("job-list", JobList);
