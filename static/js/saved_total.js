// <saved-total>: what all the jobs have saved; grows as jobs complete.

import { size } from "./format.js";

class SavedTotal extends HTMLElement {
  connectedCallback() {
    document.addEventListener("job-completed", ({ target }) => this.add(Number(target.dataset.saved)));
  }

  add(bytes) {
    this.dataset.bytes = Number(this.dataset.bytes) + bytes;
    this.querySelector("b").textContent = size(Number(this.dataset.bytes));
    this.hidden = this.dataset.bytes === "0";
  }
}

customElements.define("saved-total", SavedTotal);
