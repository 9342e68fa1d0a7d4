// <trim-strip>: two fields for a part of a video. Where one video is chosen that this browser can play, its stills as
// well, with a handle for each field.

import { draw, open, show } from "./film_stills.js";
import { onTheClock, readMoment } from "./moments.js";

const STEP = 0.1; // seconds between two places of a handle; the fields take any number

class TrimStrip extends HTMLElement {
  url = "";
  given = new AbortController();
  /** @type {{ field: HTMLInputElement, handle: HTMLInputElement }[]} */ ends = [];
  /** @type {File[]} */ files = [];
  isSeeking = false;
  /** @type {number | null} */ wanted = null;

  connectedCallback() {
    this.closest("form")?.addEventListener("files-chosen", (event) => this.show(/** @type {CustomEvent} */ (event).detail));
    this.fold?.addEventListener("toggle", () => this.show(this.files)); // what nobody sees is not drawn
    this.addEventListener("input", (event) => {
      const field = /** @type {HTMLInputElement} */ (event.target);
      if (field.type === "range") this.moved(field);
      else this.follow();
      this.check();
    });
  }

  get fold() {
    return this.closest("details");
  }

  /** @param {string} name @returns {any} */
  child(name) {
    return this.querySelector(`[data-${name}]`);
  }

  /** @param {File[]} files */
  async show(files) {
    this.given.abort(new DOMException("Another one was chosen", "AbortError"));
    URL.revokeObjectURL(this.url);
    this.child("look").removeAttribute("src");
    this.child("strip").hidden = true;
    if (!files.length && this.files.length) this.clear(); // they were sent: the next ones are other films
    this.files = files;
    if (files.length !== 1 || this.fold?.open === false) return;
    this.given = new AbortController();
    this.url = URL.createObjectURL(files[0]);
    try {
      await this.draw(this.given.signal);
    } catch {
      // It cannot be played here, or another one was chosen: the fields do without the stills.
    }
  }

  /** @returns {HTMLInputElement[]} */
  get fields() {
    return [...this.querySelectorAll("input")].filter((input) => input.type === "text");
  }

  clear() {
    for (const field of this.fields) field.value = "";
    this.check();
  }

  // What the server would say of it, before anything is sent.
  check() {
    const [start, end] = this.fields;
    const [from, to] = [readMoment(start.value) ?? 0, readMoment(end.value)];
    end.setCustomValidity(to !== null && to <= from ? "The end must come after the beginning." : "");
  }

  /** @param {AbortSignal} signal */
  async draw(signal) {
    const [video, stills] = [this.child("look"), this.child("stills")];
    const seconds = await open(video, this.url, signal);
    const canvas = Object.assign(document.createElement("canvas"), { width: 960, height: 112 });
    canvas.setAttribute("aria-hidden", "true");
    stills.replaceChildren(canvas);
    this.ends = [this.end("start", 0, seconds), this.end("end", seconds, seconds)];
    stills.append(...this.ends.map(({ handle }) => handle));
    this.child("length").textContent = `It is ${onTheClock(seconds)} long.`;
    this.child("strip").hidden = false;
    this.follow();
    await draw(video, canvas, signal);
    this.look(Number(this.ends[0].handle.value));
  }

  /** @param {string} name @param {number} unset @param {number} seconds */
  end(name, unset, seconds) {
    const field = /** @type {HTMLInputElement} */ (this.fields.find((input) => input.name === name));
    const handle = document.createElement("input");
    Object.assign(handle, { type: "range", min: 0, max: seconds, step: "any" });
    handle.dataset.unset = String(unset);
    handle.setAttribute("aria-label", this.querySelector(`label[for=${field.id}]`)?.textContent ?? name);
    handle.addEventListener("keydown", (event) => stepped(event, handle));
    return { field, handle };
  }

  // A handle was moved: it stays on its side of the other one, and its field says where it is.
  /** @param {HTMLInputElement} handle */
  moved(handle) {
    const [start, end] = this.ends;
    const [from, to] = [Number(start.handle.value), Number(end.handle.value)];
    const isStart = handle === start.handle;
    const value = isStart ? Math.min(from, Math.max(0, to - STEP)) : Math.max(to, from + STEP);
    const isUnset = Math.abs(value - Number(handle.dataset.unset)) < STEP / 2;
    handle.value = isUnset ? String(handle.dataset.unset) : String(value);
    (isStart ? start : end).field.value = isUnset ? "" : onTheClock(value);
    this.paint();
    this.look(value);
  }

  // A field was filled in: its handle goes there.
  follow() {
    for (const { field, handle } of this.ends) {
      handle.value = String(readMoment(field.value) ?? handle.dataset.unset);
    }
    if (this.ends.length) this.paint();
  }

  paint() {
    const [start, end] = this.ends.map(({ handle }) => {
      handle.setAttribute("aria-valuetext", onTheClock(Number(handle.value)));
      return Number(handle.value) / Number(handle.max);
    });
    this.child("stills").style.setProperty("--start", String(start));
    this.child("stills").style.setProperty("--end", String(end));
  }

  // One picture at a time: while one is sought, the newest wish waits.
  /** @param {number} seconds */
  async look(seconds) {
    this.wanted = seconds;
    if (this.isSeeking) return;
    this.isSeeking = true;
    for (let next = /** @type {number | null} */ (seconds); next !== null; next = this.wanted) {
      this.wanted = null;
      await show(this.child("look"), next, this.given.signal).catch(() => {});
    }
    this.isSeeking = false;
  }
}

// Arrow keys go by a tenth of a second, with Shift or Page by ten.
/** @param {KeyboardEvent} event @param {HTMLInputElement} handle */
function stepped(event, handle) {
  const ways = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -100, PageUp: 100 };
  const way = ways[/** @type {keyof typeof ways} */ (event.key)];
  if (!way) return;
  event.preventDefault();
  handle.value = String(Math.round((Number(handle.value) + way * (event.shiftKey ? 100 : 1) * STEP) * 10) / 10);
  handle.dispatchEvent(new Event("input", { bubbles: true }));
}

customElements.define("trim-strip", TrimStrip);
