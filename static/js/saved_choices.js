// <saved-choices>: choices under names, to be taken again. A user's are on the server, a visitor's in this browser.

import { announce } from "./announcements.js";
import { fill, ofAnyFilm, store, stored } from "./choice.js";
import { Refusal, UNREACHABLE, csrfToken } from "./http.js";
import { fieldsOf } from "./submit_form.js";

const KEY = "choices"; // of a visitor, in this browser

/** @typedef {Record<string, Record<string, any>>} Choices by name */

class InBrowser {
  /** @returns {Choices} */
  list() {
    return stored(KEY) ?? {};
  }

  /** @param {string} name @param {Fields} options @returns {Promise<Record<string, any>>} */
  async save(name, options) {
    store(KEY, { ...this.list(), [name]: options });
    return options;
  }

  /** @param {string} name */
  async forget(name) {
    store(KEY, Object.fromEntries(Object.entries(this.list()).filter(([each]) => each !== name)));
  }
}

class OnServer {
  /** @param {string} url */
  constructor(url) {
    this.url = url;
  }

  /** @returns {Choices} */
  list() {
    return JSON.parse(document.getElementById("presets")?.textContent ?? "{}");
  }

  /** @param {string} name @param {Fields} options @returns {Promise<Record<string, any>>} As the server understood them. */
  async save(name, options) {
    const answer = await this.ask(name, { method: "PUT", body: JSON.stringify(options) });
    return (await answer.json()).options;
  }

  /** @param {string} name */
  async forget(name) {
    await this.ask(name, { method: "DELETE" });
  }

  /** @param {string} name @param {RequestInit} options */
  async ask(name, options) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), Accept: "application/json" };
    const answer = await fetch(`${this.url}/${encodeURIComponent(name)}`, { ...options, headers });
    if (!answer.ok) throw await Refusal.from(answer);
    return answer;
  }
}

class SavedChoices extends HTMLElement {
  /** @type {InBrowser | OnServer} */ shelf = new InBrowser();
  /** @type {Map<string, Record<string, any>>} */ choices = new Map();

  connectedCallback() {
    if (this.dataset.presets) this.shelf = new OnServer(this.dataset.presets);
    this.choices = new Map(Object.entries(this.shelf.list()));
    this.hidden = false;
    this.child("saved").addEventListener("change", (/** @type {Event} */ event) => this.take(event));
    this.child("save").addEventListener("click", () => this.askName());
    this.child("forget").addEventListener("click", () => this.forget(this.child("saved").value));
    this.child("keep").addEventListener("click", () => this.keep());
    this.child("leave").addEventListener("click", () => this.leave());
    this.child("name").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.typed(event));
    // What is chosen by hand is not what was saved any more.
    this.form?.addEventListener("change", ({ target }) => this.contains(/** @type {Node} */ (target)) || this.show(""));
    this.draw("");
  }

  get form() {
    return this.closest("form");
  }

  /** @param {string} name @returns {any} The part of that name, as the fragment has it. */
  child(name) {
    return this.querySelector(`[data-${name}]`);
  }

  /** @param {Event} event */
  take(event) {
    event.stopPropagation(); // nothing was chosen by hand
    const name = this.child("saved").value;
    const choice = this.choices.get(name);
    if (choice && this.form) {
      fill(this.form, choice);
      this.form.querySelector("[name=recipe]:checked")?.dispatchEvent(new Event("change", { bubbles: true }));
      announce(`${name}: chosen`);
    }
    this.show(name);
  }

  askName() {
    this.child("naming").hidden = false;
    this.child("name").value = this.child("saved").value;
    this.child("name").focus();
  }

  leave() {
    this.child("naming").hidden = true;
    this.child("refused").hidden = true;
    this.child("save").focus();
  }

  // Enter would send the whole form.
  /** @param {KeyboardEvent} event */
  typed(event) {
    if (event.key === "Enter") event.preventDefault(), this.keep();
    if (event.key === "Escape") this.leave();
  }

  async keep() {
    const name = this.child("name").value.trim();
    if (!name || !this.form) return this.child("name").focus();
    const fields = ofAnyFilm(fieldsOf(this.form));
    await this.attempt(async () => {
      this.choices.set(name, await this.shelf.save(name, fields));
      this.draw(name);
      this.leave();
      announce(`${name}: saved`);
    });
  }

  /** @param {string} name */
  async forget(name) {
    await this.attempt(async () => {
      await this.shelf.forget(name);
      this.choices.delete(name);
      this.draw("");
      this.child("saved").focus();
      announce(`${name}: forgotten`);
    });
  }

  /** @param {() => Promise<void>} work */
  async attempt(work) {
    this.child("refused").hidden = true;
    try {
      await work();
    } catch (error) {
      const { title, message } = error instanceof Refusal ? error : UNREACHABLE;
      this.child("refused").textContent = `${title}. ${message}`;
      this.child("refused").hidden = false;
    }
  }

  /** @param {string} name Of the choice that is shown as taken; "" for none. */
  draw(name) {
    const names = [...this.choices.keys()].sort((a, b) => a.localeCompare(b));
    const [none] = this.child("saved").options;
    this.child("saved").replaceChildren(none, ...names.map(option));
    this.show(name);
  }

  /** @param {string} name */
  show(name) {
    this.child("saved").value = name;
    this.child("saved").closest("label").hidden = this.choices.size === 0;
    this.child("forget").hidden = !name;
  }
}

/** @param {string} name */
function option(name) {
  return Object.assign(document.createElement("option"), { value: name, textContent: name });
}

customElements.define("saved-choices", SavedChoices);
