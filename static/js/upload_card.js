// <upload-card>: one file on its way, from the moment it was chosen until the job's own card takes its place.

import { announce } from "./announcements.js";
import { csrfToken } from "./http.js";
import { fetchCard } from "./fetch_card.js";
import { forgetClientJobId, keyOf } from "./client_job_ids.js";
import { percent, size, span } from "./format.js";
import { TransferRate } from "./transfer_rate.js";
import { uploadSlot } from "./upload_slots.js";
import { upload } from "./upload.js";

class UploadCard extends HTMLElement {
  file = new File([], ""); // `for` gives the real one
  /** @type {Fields} */ fields = {};
  announceUrl = "";
  giveUp = new AbortController();
  rate = new TransferRate();
  /** @type {Snapshot | undefined} */ job;

  /** @param {File} file @param {Fields} fields @param {string} announceUrl */
  static for(file, fields, announceUrl) {
    const card = document.createElement("upload-card");
    return Object.assign(card, { file, fields, announceUrl });
  }

  // Whether this very file is on its way, to be treated in this very way.
  /** @param {File} file @param {Fields} fields */
  sends(file, fields) {
    return this.dataset.fraction !== undefined && keyOf(this.file, this.fields) === keyOf(file, fields);
  }

  connectedCallback() {
    if (this.childElementCount) return;
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById("upload-card"));
    this.append(template.content.cloneNode(true));
    if (this.fields.batch) this.dataset.batch = String(this.fields.batch);
    this.child("filename").textContent = this.file.name;
    this.child("folder").textContent = this.fields.folder ?? "";
    this.child("facts").textContent = size(this.file.size);
    this.child("stop").addEventListener("click", () => this.stop());
    this.child("again").addEventListener("click", () => this.start());
    this.start();
  }

  /** @param {string} name @returns {any} The part of the card of that name, as its template has it. */
  child(name) {
    return this.querySelector(`[data-${name}]`);
  }

  /** @returns {HTMLElement} */
  get article() {
    return /** @type {HTMLElement} */ (this.firstElementChild);
  }

  get hasSent() {
    return Number(this.dataset.fraction) > 0;
  }

  async start() {
    this.rate = new TransferRate();
    this.giveUp = new AbortController();
    const { signal } = this.giveUp;
    this.child("again").hidden = true;
    this.child("stop").textContent = "Cancel";
    Object.assign(this.article.dataset, { state: "sending", live: "" });
    this.show("Waiting its turn", "Waiting");
    this.dataset.fraction = "0";
    let release = () => {};
    try {
      release = await uploadSlot(signal);
      addEventListener("beforeunload", askBeforeLeaving);
      await this.becomeJob(await upload(this.announceUrl, this.file, this.fields, this.watcher(signal)));
    } catch (error) {
      if (!signal.aborted) this.fail(/** @type {Complaint} */ (error));
    } finally {
      release();
      if (!document.querySelector("upload-card[data-fraction]")) removeEventListener("beforeunload", askBeforeLeaving);
    }
  }

  /** @param {AbortSignal} signal @returns {UploadWatcher} */
  watcher(signal) {
    return {
      signal,
      onAnnounced: (job) => {
        this.job = job;
        document.getElementById(`job-${job.id}`)?.remove(); // its card from before a crash
        this.replaceEarlier();
      },
      onSent: (bytes) => this.showSent(bytes),
      onTrouble: (refusal) =>
        this.show(refusal?.title ?? "The server cannot be reached", "Trying again", refusal?.message ?? "It goes on by itself."),
    };
  }

  // Of the same file, an upload that was left unfinished with other options: one is enough, and this is the later wish.
  replaceEarlier() {
    /** @type {NodeListOf<HTMLElement>} */
    const unfinished = document.querySelectorAll("job-card[data-state=uploading]");
    for (const card of unfinished) {
      if (card.dataset.filename !== this.file.name || Number(card.dataset.size) !== this.file.size) continue;
      if ((card.dataset.folder ?? "") !== (this.fields.folder ?? "")) continue; // another file of that name
      cancel(card.dataset.self ?? "");
      card.remove();
      announce(`${this.file.name}: the upload that was begun with other options is given up for this one`);
    }
  }

  /** @param {number} bytes */
  showSent(bytes) {
    const fraction = bytes / this.file.size;
    this.show(bytes < this.file.size ? `Uploading ${percent(fraction)}` : "Uploaded", "Uploading");
    this.child("facts").textContent = [`${size(bytes)} of ${size(this.file.size)}`, ...this.pace(bytes)].join(" · ");
    this.child("progress").value = fraction;
    this.dataset.fraction = String(fraction);
    this.dispatchEvent(new Event("progress-changed", { bubbles: true }));
  }

  /** @param {number} bytes */
  pace(bytes) {
    this.rate.note(bytes, performance.now() / 1000);
    const perSecond = this.rate.perSecond;
    return perSecond ? [`${size(perSecond)}/s`, `about ${span((this.file.size - bytes) / perSecond)} left`] : [];
  }

  /** @param {string} status @param {string} transport @param {string} [facts] */
  show(status, transport, facts) {
    this.child("status").textContent = status;
    this.child("transport").textContent = transport;
    if (facts) this.child("facts").textContent = facts;
  }

  /** @param {Complaint} error */
  fail({ title, message, code }) {
    delete this.dataset.fraction;
    this.article.dataset.state = "failed";
    delete this.article.dataset.live;
    this.show(title ?? "The upload did not work", "", title ? message : "Reload the page and choose the file again.");
    this.child("sign-in").hidden = code !== "login_required";
    this.child("stop").textContent = "Remove";
    this.child("again").hidden = false;
    announce(`${this.file.name}: ${this.child("status").textContent}`);
    this.dispatchEvent(new Event("progress-changed", { bubbles: true }));
  }

  /** @param {Snapshot} job */
  async becomeJob(job) {
    delete this.dataset.fraction;
    const card = await fetchCard(`${job.links.watch}/card`);
    const focused = this.contains(document.activeElement);
    if (!card) throw new Error("The server rendered no card.");
    this.replaceWith(card);
    card.dispatchEvent(new Event("progress-changed", { bubbles: true }));
    if (focused) /** @type {HTMLElement | null} */ (card.querySelector("a, button"))?.focus();
  }

  stop() {
    if (this.hasSent && !confirm(`Cancel ${this.file.name}? What was sent of it is deleted from this server.`)) return;
    this.end();
  }

  end() {
    this.giveUp.abort(new DOMException("Stopped", "AbortError"));
    forgetClientJobId(this.file, this.fields);
    if (this.job) cancel(this.job.links.self);
    const list = this.parentElement;
    delete this.dataset.fraction;
    this.remove();
    list?.dispatchEvent(new Event("progress-changed"));
    document.getElementById("jobs-heading")?.focus();
    announce(`${this.file.name}: upload canceled`);
  }
}

// It goes out even where the page is left at once. If the server is unreachable, the unfinished job stays listed, with
// a button to cancel it.
/** @param {string} url */
function cancel(url) {
  fetch(url, { method: "DELETE", headers: { "X-CSRFToken": csrfToken() }, keepalive: true }).catch(() => {});
}

/** @param {Event} event */
function askBeforeLeaving(event) {
  event.preventDefault();
}

customElements.define("upload-card", UploadCard);
export { UploadCard };
