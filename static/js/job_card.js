// <job-card>: follows its job, shows how far it is, and has the server draw it anew whenever it looks otherwise.

import { announce } from "./announcements.js";
import { fetchCard } from "./fetch_card.js";
import { facts, percent, size, standing } from "./format.js";
import { Refusal, UNREACHABLE, post } from "./http.js";
import { JobFeed } from "./job_feed.js";
import { paintBar } from "./progress_bar.js";

// What a snapshot changes in a card that has its look already. All else the server draws.
/** @type {Record<string, (card: JobCard, snapshot: Snapshot) => void>} */
const PAINT = {
  running: (card, snapshot) => card.showProgress(snapshot),
  queued: (card, snapshot) => card.compareStanding(snapshot),
  uploading: (card, snapshot) => card.showReceived(snapshot),
};

const MENU = "[popovertarget]"; // the button that opens it

class JobCard extends HTMLElement {
  /** @type {JobFeed | undefined} */ feed;
  drawing = 0;
  transport = "";

  connectedCallback() {
    this.addEventListener("submit", this);
    this.follow();
  }

  disconnectedCallback() {
    this.feed?.stop();
  }

  follow() {
    this.feed?.stop();
    if (this.isFinal) return;
    const { self = "", events = "" } = this.dataset;
    this.feed = new JobFeed({ self, events }, {
      onSnapshot: (snapshot) => this.show(snapshot),
      onTransport: (name) => this.showTransport(name),
      onGone: () => this.remove(),
    });
    this.feed.start();
  }

  get isFinal() {
    return this.dataset.final !== undefined;
  }

  /** @param {string} name @returns {any} The part of the card of that name, as its template has it. */
  child(name) {
    return this.querySelector(`[data-${name}]`);
  }

  // The one road by which a card learns of its job, whichever way the snapshot came: what is older than what the
  // card shows is dropped, another look is drawn by the server, and the rest is painted here.
  /** @param {Snapshot} snapshot */
  show(snapshot) {
    if (snapshot.revision < Number(this.dataset.revision)) return;
    if (look(snapshot) !== this.dataset.look) return this.redraw();
    this.dataset.revision = String(snapshot.revision);
    PAINT[snapshot.state]?.(this, snapshot);
  }

  /** @param {Snapshot} snapshot */
  showProgress(snapshot) {
    const { progress } = snapshot;
    if (!progress) return;
    this.child("status").textContent = standing(snapshot);
    if (progress.fraction !== null) this.child("percent").textContent = percent(progress.fraction);
    this.child("facts").textContent = facts(snapshot);
    paintBar(this.child("bar"), progress);
    if (progress.fraction !== null) this.dataset.fraction = String(progress.fraction);
    this.dispatchEvent(new Event("progress-changed", { bubbles: true }));
  }

  // A place in line is shown for all that wait at once: else two cards would say the same.
  /** @param {Snapshot} snapshot */
  compareStanding(snapshot) {
    if (this.child("status").textContent !== standing(snapshot)) this.dispatchEvent(new Event("line-moved", { bubbles: true }));
  }

  /** @param {Snapshot} snapshot */
  showStanding(snapshot) {
    if (snapshot.state === this.dataset.state) this.child("status").textContent = standing(snapshot);
  }

  /** @param {Snapshot} snapshot */
  showReceived({ received_bytes: received, source }) {
    this.child("received").value = received;
    this.child("arrived").textContent = `${size(received ?? 0)} of ${size(source.size ?? 0)}`;
  }

  /** @param {string} name */
  showTransport(name) {
    if (this.isFinal) return;
    this.transport = name;
    this.child("transport").textContent = name;
    this.child("transport").dataset.transport = name;
  }

  // Of several at once only the newest counts.
  async redraw() {
    const mine = (this.drawing += 1);
    const fresh = await fetchCard(this.dataset.card ?? "").catch((refusal) => this.complain(refusal));
    if (!fresh || mine !== this.drawing || Number(fresh.dataset.revision) < Number(this.dataset.revision)) return;
    const [before, wasFinal] = [this.dataset.state, this.isFinal];
    const [focused, menuIsOpen] = [focusIn(this), hasOpenMenu(this)];
    delete this.dataset.final;
    delete this.dataset.fraction;
    Object.assign(this.dataset, fresh.dataset);
    this.replaceChildren(...fresh.childNodes);
    if (menuIsOpen) openMenu(this);
    if (focused) /** @type {HTMLElement | null} */ (this.querySelector(focused) ?? this.querySelector("h3 a"))?.focus();
    this.showTransport(this.transport);
    if (this.isFinal && !wasFinal) this.dataset.fraction = "1"; // for the page's title
    if (this.dataset.state !== before) this.changed(before);
    if (isGone(this)) this.leave();
  }

  /** @param {string} [before] */
  changed(before) {
    if (before === "queued") this.dispatchEvent(new Event("line-moved", { bubbles: true }));
    if (this.isFinal || this.querySelector("[data-offers]")) announce(`${this.dataset.filename}: ${this.querySelector(".status")?.textContent}`);
    this.dispatchEvent(new Event("progress-changed", { bubbles: true }));
    if (this.dataset.state === "completed") this.dispatchEvent(new Event("job-completed", { bubbles: true }));
  }

  // The buttons are forms that work without this; here they act in place.
  /** @param {Event} event */
  async handleEvent(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const button = /** @type {HTMLButtonElement} */ (/** @type {SubmitEvent} */ (event).submitter);
    if (button.dataset.confirm && !confirm(button.dataset.confirm)) return;
    if (form.ariaBusy) return; // not `disabled`, which would take the focus away
    form.ariaBusy = "true";
    const body = new FormData(form);
    if (button.name) body.append(button.name, button.value);
    const answer = await post(form.action, body, { redirect: "manual" });
    if (answer?.type === "opaqueredirect") {
      await this.redraw();
      if (this.isConnected) this.follow();
    } else {
      form.ariaBusy = null;
      this.complain(answer ? await Refusal.from(answer) : UNREACHABLE);
    }
  }

  // What has no files any longer is not listed when the page is loaded either.
  leave() {
    const next = this.nextElementSibling ?? this.previousElementSibling;
    /** @type {HTMLElement | null} */
    const place = next?.querySelector("h3 a") ?? document.getElementById("jobs-heading");
    if (this.contains(document.activeElement)) place?.focus();
    this.remove();
  }

  /** @param {Complaint} complaint */
  complain({ title, message }) {
    this.child("complaint").textContent = `${title}. ${message}`;
    this.child("complaint").hidden = false;
  }
}

/** @param {HTMLElement} card */
function isGone(card) {
  return card.closest(".single") === null && ["canceled", "expired"].includes(card.dataset.state ?? "");
}

/** @param {HTMLElement} card */
function hasOpenMenu(card) {
  return CSS.supports("selector(:popover-open)") && card.querySelector(":popover-open") !== null;
}

// From its button, to which the focus returns when it closes.
/** @param {HTMLElement} card */
function openMenu(card) {
  /** @type {HTMLElement | null} */
  const button = card.querySelector(MENU);
  button?.focus();
  button?.click();
}

// A selector that finds the focused control again in the card's next drawing.
/** @param {HTMLElement} card */
function focusIn(card) {
  const active = /** @type {HTMLButtonElement | null} */ (document.activeElement);
  if (!active || !card.contains(active)) return null;
  if (active.form) return `form[action="${active.form.getAttribute("action")}"] button`;
  return active.matches(MENU) ? MENU : "h3 a";
}

// Which parts the card of a snapshot has, in the words of `jobs/templatetags/presentation.py`.
/** @param {Snapshot} snapshot */
export function look({ state, progress, links }) {
  const offered = Object.entries(links).filter(([, link]) => link);
  return [state, progress?.pieces?.cells.length ?? 0, ...offered.map(([name]) => name)].join(" ");
}

customElements.define("job-card", JobCard);
