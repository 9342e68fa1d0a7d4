// <drop-zone>: a file field that also takes what is dropped anywhere on the page, and says what was chosen.

import { size } from "./format.js";

class DropZone extends HTMLElement {
  /** @type {any} The file field: the page has it. */ input;
  /** @type {any} */ hint;
  unchosen = "";

  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.hint = this.querySelector("[data-chosen]");
    this.unchosen = this.hint.textContent;
    this.input.multiple = true;
    this.input.addEventListener("change", () => this.showChosen());
    this.input.form.addEventListener("reset", () => setTimeout(() => this.showChosen()));
    for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, this);
  }

  /** @param {DragEvent} event */
  handleEvent(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // otherwise the browser leaves the page to play the video
    this.toggleAttribute("data-over", event.type === "dragover");
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }

  // What is dropped later joins what was chosen before.
  /** @param {FileList} files */
  take(files) {
    const all = new DataTransfer();
    for (const file of [...this.input.files, ...files]) all.items.add(file);
    this.input.files = all.files;
    this.showChosen();
  }

  showChosen() {
    /** @type {File[]} */
    const files = [...this.input.files];
    const total = size(files.reduce((sum, file) => sum + file.size, 0));
    if (files.length === 0) this.hint.textContent = this.unchosen;
    else this.hint.textContent = files.length === 1 ? `${files[0].name}, ${total}` : `${files.length} videos, ${total}`;
    this.toggleAttribute("data-filled", files.length > 0);
  }
}

customElements.define("drop-zone", DropZone);
