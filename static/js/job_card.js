// <job-card>: follows its job, shows how far it is, and has the server draw it anew whenever its state changes.

import { announce } from "./announcements.js";
import { fetchCard } from "./fetch_card.js";
import { facts, percent, phase, size } from "./format.js";
import { Refusal } from "./http.js";
import { JobFeed } from "./job_feed.js";

// What can be painted into the card as it stands. For every other state the server draws it.
const PAINTERS = {
  running: (card, snapshot) => card.showProgress(snapshot.progress),
  uploading: (card, snapshot) => card.showReceived(snapshot),
};

class JobCard extends HTMLElement {
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
    this.feed = new JobFeed(this.dataset, {
      onSnapshot: (snapshot) => this.show(snapshot),
      onTransport: (name) => this.showTransport(name),
      onGone: () => this.remove(),
    });
    this.feed.start();
  }

  get isFinal() {
    return this.dataset.final === "true";
  }

  child(name) {
    return this.querySelector(`[data-${name}]`);
  }

  // The card's own revision is the only one: what is older than the card, whichever way it came, is dropped.
  show(snapshot) {
    if (this.isFinal || snapshot.revision < Number(this.dataset.revision)) return;
    const paint = PAINTERS[snapshot.state];
    if (!paint || snapshot.state !== this.dataset.state) return this.redraw();
    this.dataset.revision = snapshot.revision;
    paint(this, snapshot);
  }

  showProgress(progress) {
    if (!progress) return;
    this.child("status").textContent = phase(progress.phase);
    this.child("percent").textContent = percent(progress.fraction);
    this.child("facts").textContent = facts(progress);
    if (progress.fraction === null) this.child("progress").removeAttribute("value");
    else this.child("progress").value = progress.fraction;
    this.dataset.fraction = progress.fraction ?? 0;
    this.dispatchEvent(new Event("progress-changed", { bubbles: true }));
  }

  showReceived({ received_bytes: received, source }) {
    this.child("received").value = received;
    this.child("received").nextElementSibling.textContent = `${size(received)} of ${size(source.size)}`;
  }

  showTransport(name) {
    if (this.isFinal) return;
    this.transport = name;
    this.child("transport").textContent = name;
  }

  // Of several at once only the newest counts.
  async redraw() {
    const mine = (this.drawing = (this.drawing ?? 0) + 1);
    const fresh = await fetchCard(this.dataset.card).catch((refusal) => this.complain(refusal));
    if (!fresh || mine !== this.drawing || Number(fresh.dataset.revision) < Number(this.dataset.revision)) return;
    const [before, focused] = [this.dataset.state, focusIn(this)];
    Object.assign(this.dataset, fresh.dataset);
    this.replaceChildren(...fresh.childNodes);
    if (focused) (this.querySelector(focused) ?? this.querySelector("h3 a")).focus();
    this.showTransport(this.transport ?? "");
    if (this.dataset.state !== before) this.changed();
  }

  changed() {
    if (this.isFinal) delete this.dataset.fraction;
    else this.dataset.fraction = 0;
    if (this.isFinal) announce(`${this.dataset.filename}: ${this.querySelector(".status").textContent}`);
    this.dispatchEvent(new Event("progress-changed", { bubbles: true }));
    if (this.dataset.state === "completed") this.dispatchEvent(new Event("job-completed", { bubbles: true }));
  }

  // The buttons are forms that work without this; here they act in place.
  async handleEvent(event) {
    event.preventDefault();
    const form = event.target;
    const button = event.submitter;
    if (button.dataset.confirm && !confirm(button.dataset.confirm)) return;
    if (form.ariaBusy) return; // not `disabled`, which would take the focus away
    form.ariaBusy = "true";
    const options = { method: "POST", body: new FormData(form), redirect: "manual", headers: { Accept: "application/json" } };
    const answer = await fetch(form.action, options).catch(() => null);
    if (answer?.type === "opaqueredirect") {
      await this.redraw();
      this.follow();
    } else {
      form.ariaBusy = null;
      this.complain(answer ? await Refusal.from(answer) : { title: "The server cannot be reached.", detail: "Try again in a while." });
    }
  }

  complain({ title, detail }) {
    this.child("complaint").textContent = `${title} ${detail}`;
    this.child("complaint").hidden = false;
  }
}

// A selector that finds the focused control again in the card's next drawing.
function focusIn(card) {
  const active = document.activeElement;
  if (!card.contains(active)) return null;
  return active.form ? `form[action="${active.form.getAttribute("action")}"] button` : "h3 a";
}

customElements.define("job-card", JobCard);
