// <job-estimate>: says of the chosen files what will come of them, before any of it is sent.

import { csrfToken } from "./http.js";
import { allWords, eachWords } from "./estimate_words.js";
import { fieldsOf } from "./submit_form.js";
import { factsOf, isTelling } from "./video_facts.js";

const MOST = 500; // videos that the server takes at once
const PAUSE = 250; // milliseconds after the last change

class JobEstimate extends HTMLElement {
  asking = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;

  connectedCallback() {
    const form = this.closest("form");
    if (!form) return;
    for (const name of ["files-chosen", "change", "input"]) form.addEventListener(name, () => this.refresh(form));
  }

  /** @param {HTMLFormElement} form */
  refresh(form) {
    clearTimeout(this.timer);
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.timer = setTimeout(() => this.ask(form, signal).catch(() => signal.aborted || this.say("")), PAUSE);
  }

  /** @param {HTMLFormElement} form @param {AbortSignal} signal */
  async ask(form, signal) {
    /** @type {File[]} */
    const chosen = /** @type {any} */ (form.querySelector("drop-zone")).files.slice(0, MOST);
    const facts = await factsOf(chosen);
    const telling = facts.filter(isTelling);
    if (signal.aborted) return;
    if (telling.length === 0) return this.say(chosen.length ? "What will come of it can’t be told beforehand." : "");
    const body = JSON.stringify({ ...fieldsOf(form), videos: telling });
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
    const answer = await fetch(this.dataset.ask ?? "", { method: "POST", headers, body, signal });
    if (!answer.ok) return this.say(""); // the form says what does not fit
    this.show(await answer.json(), facts);
  }

  /** @param {Estimates} estimates @param {import("./video_facts.js").Facts[]} facts */
  show(estimates, facts) {
    const told = [...estimates.videos];
    const each = facts.map((fact) => {
      const estimate = isTelling(fact) ? told.shift() : undefined;
      return estimate ? eachWords(estimate, fact.size) : "can’t be told beforehand";
    });
    const size = facts.filter(isTelling).reduce((sum, fact) => sum + fact.size, 0);
    this.say(allWords(estimates, size, estimates.videos.length, facts.length), facts.length > 1 ? each : []);
  }

  // Of all together, and at each of the chosen files.
  /** @param {string} words @param {string[]} each */
  say(words, each = []) {
    const all = /** @type {HTMLElement} */ (this.querySelector("[data-all]"));
    if (all.textContent !== words) all.textContent = words;
    this.toggleAttribute("data-said", words !== "");
    const places = this.closest("form")?.querySelectorAll(".chosen [data-told]") ?? [];
    places.forEach((place, index) => (place.textContent = each[index] ?? ""));
  }
}

customElements.define("job-estimate", JobEstimate);
