// <batch-bar>: what was sent together, as one: how far all of it is, and what can be done with all of it.
//
// The server draws it; it is asked again every few seconds while something of it lives and somebody looks, and when one
// of its cards ends. Its buttons are forms that work without this; here they act in place.

import { announce } from "./announcements.js";
import { Refusal, UNREACHABLE, post, rest } from "./http.js";

const PACE = 5, SOON = 1; // seconds
const MOST_ROUNDS = 200; // requests of one press of a button, each for some hundred videos

class BatchBar extends HTMLElement {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
  asked = 0; // when, in milliseconds
  busy = false;
  drawn = "";

  connectedCallback() {
    this.addEventListener("submit", this);
    for (const name of ["progress-changed", "job-completed", "visibilitychange"]) document.addEventListener(name, this);
    if (!this.isFinal && this.childElementCount) this.askLater(PACE);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    for (const name of ["progress-changed", "job-completed", "visibilitychange"]) document.removeEventListener(name, this);
  }

  get isFinal() {
    return this.dataset.final !== undefined;
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "submit") return void this.act(/** @type {SubmitEvent} */ (event));
    const from = event.target instanceof HTMLElement ? event.target.closest(`[data-batch="${this.dataset.batch}"]`) : document;
    const pace = event.type === "job-completed" ? SOON : PACE;
    if (from && (!this.timer || pace === SOON)) this.askLater(Math.max(0.2, pace - (Date.now() - this.asked) / 1000));
  }

  /** @param {number} seconds */
  askLater(seconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), seconds * 1000);
  }

  async ask() {
    this.timer = undefined;
    if (document.visibilityState !== "visible" || this.busy) return; // becoming visible asks
    this.asked = Date.now();
    const answer = await fetch(`${this.dataset.bar}?${this.unsent()}`, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.status === 404 && this.drawn) return this.remove(); // its last job was forgotten
    if (answer?.ok) this.draw(await answer.text());
    if (this.isConnected && !this.isFinal) this.askLater(PACE);
  }

  // Only where it has changed, so that neither focus nor a screen reader's place is lost for nothing.
  /** @param {string} html */
  draw(html) {
    const page = document.createElement("template");
    page.innerHTML = html;
    const fresh = /** @type {HTMLElement} */ (page.content.querySelector("batch-bar"));
    this.toggleAttribute("data-final", fresh.dataset.final !== undefined);
    if (withoutToken(fresh) === this.drawn) return;
    this.drawn = withoutToken(fresh);
    const focused = this.contains(document.activeElement) ? document.activeElement?.closest("form")?.dataset.verb : null;
    this.replaceChildren(...document.importNode(fresh, true).childNodes);
    if (focused) /** @type {HTMLElement | null} */ (this.querySelector(`[data-verb="${focused}"] button, a`))?.focus();
  }

  // What waits for its turn to be sent, of which the server knows nothing yet.
  unsent() {
    const waiting = this.uploads().filter((card) => !card.job && card.dataset.fraction !== undefined);
    return `unsent=${waiting.length}&bytes=${waiting.reduce((sum, card) => sum + card.file.size, 0)}`;
  }

  /** @returns {any[]} Cards of what is on its way from this page. */
  uploads() {
    return [...document.querySelectorAll(`upload-card[data-batch="${this.dataset.batch}"]`)];
  }

  /** @param {SubmitEvent} event */
  async act(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const button = /** @type {HTMLElement} */ (event.submitter);
    const verb = form.dataset.verb ?? "";
    if (this.busy || (button.dataset.confirm && !confirm(button.dataset.confirm))) return;
    this.busy = true;
    form.ariaBusy = "true";
    if (verb === "cancel" || verb === "delete") for (const card of this.uploads()) card.end();
    try {
      await this.repeat(verb, form.action, new FormData(form));
      this.afterwards(verb);
    } catch (error) {
      this.complain(/** @type {Complaint} */ (error));
    } finally {
      this.busy = false;
      form.ariaBusy = null;
      if (this.isConnected && !this.isFinal) this.askLater(PACE);
    }
  }

  // Each request does some hundred; while the button is still there, there is more to do. What was tried again may
  // have failed again already, so that is asked for once.
  /** @param {string} verb @param {string} url @param {FormData} body */
  async repeat(verb, url, body) {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      await insist(url, body);
      this.busy = false;
      await this.ask();
      this.busy = true;
      const again = /** @type {HTMLElement | null} */ (this.querySelector(`[data-verb="${verb}"]`));
      if (!again || verb === "retry") return;
      again.ariaBusy = "true";
    }
  }

  // Cards that live are told by their jobs; those that had ended are not.
  /** @param {string} verb */
  afterwards(verb) {
    /** @type {NodeListOf<any>} */
    const cards = document.querySelectorAll(`job-card[data-batch="${this.dataset.batch}"]`);
    for (const card of cards) {
      if (verb === "delete" || (verb === "clear" && card.isFinal)) card.remove();
      else if (verb === "retry" && card.dataset.state === "failed") card.redraw().then(() => card.follow());
    }
    if (verb === "delete") this.remove();
    announce({ cancel: "Canceled", retry: "Tried again", clear: "Cleared", delete: "Deleted" }[verb] ?? "");
  }

  /** @param {Complaint} complaint */
  complain({ title, message }) {
    const place = /** @type {HTMLElement | null} */ (this.querySelector("[data-complaint]"));
    if (!place) return;
    place.textContent = `${title ?? "This did not work"}. ${title ? message : "Reload the page and try again."}`;
    place.hidden = false;
  }
}

// Throws Refusal, in the server's words; an unreachable server is waited for.
/** @param {string} url @param {FormData} body */
async function insist(url, body) {
  for (let pause = 1; pause < 60; pause *= 2) {
    const answer = await post(url, body, { redirect: "manual" });
    if (answer?.type === "opaqueredirect") return;
    if (answer) throw await Refusal.from(answer);
    await rest(pause);
  }
  throw new Refusal(UNREACHABLE);
}

// Django masks its token anew each time.
/** @param {HTMLElement} bar */
function withoutToken(bar) {
  return bar.innerHTML.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1");
}

customElements.define("batch-bar", BatchBar);
