// <saved-total>: what all the jobs have saved; grows as jobs complete.

import { size } from "./format.js";

class SavedTotal extends HTMLElement {
  connectedCallback() {
    document.addEventListener("job-completed", ({ target }) => this.add(Number(/** @type {HTMLElement} */ (target).dataset.saved)));
  }

  /** @param {number} bytes */
  add(bytes) {
    this.dataset.bytes = String(Number(this.dataset.bytes) + bytes);
    const total = this.querySelector("b");
    if (total) total.textContent = size(Number(this.dataset.bytes));
    this.hidden = this.dataset.bytes === "0";
  }
}

customElements.define("saved-total", SavedTotal);
