// <drop-zone>: a file field that also takes what is dropped anywhere on the page, and lists what was chosen.

import { announce } from "./announcements.js";
import { size } from "./format.js";

class DropZone extends HTMLElement {
  /** @type {any} The file field: the page has it. */ input;
  /** @type {any} */ hint;
  /** @type {any} */ list;
  /** @type {File[]} */ files = [];
  unchosen = "";

  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.hint = this.querySelector("[data-chosen]");
    this.list = this.querySelector("[data-list]");
    this.unchosen = this.hint.textContent;
    this.input.multiple = true;
    this.input.addEventListener("change", () => this.take(this.input.files));
    for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, this);
  }

  /** @param {DragEvent} event */
  handleEvent(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // otherwise the browser leaves the page to play the video
    this.toggleAttribute("data-over", event.type === "dragover");
    if (event.type !== "drop") return;
    this.take(event.dataTransfer.files);
    this.scrollIntoView({ block: "nearest" }); // it may have been dropped far below
  }

  // What is chosen or dropped joins what was chosen before; the same file twice is one.
  /** @param {Iterable<File>} files */
  take(files) {
    const before = this.files.length;
    const known = new Set(this.files.map(identity));
    this.hold([...this.files, ...[...files].filter((file) => !known.has(identity(file)) && known.add(identity(file)))]);
    if (this.files.length !== before) announce(`Chosen: ${this.hint.textContent}`);
  }

  /** @param {File} file */
  unchoose(file) {
    const index = this.files.indexOf(file);
    this.hold(this.files.filter((other) => other !== file));
    announce(`${file.name} is not chosen any longer`);
    /** @type {HTMLElement} */ (this.list.querySelectorAll("button")[Math.min(index, this.files.length - 1)] ?? this.input).focus();
  }

  clear() {
    this.hold([]);
  }

  // The field has the same files, so that the browser knows whether the form is filled in.
  /** @param {File[]} files */
  hold(files) {
    this.files = files;
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    this.input.files = transfer.files;
    this.show();
    this.dispatchEvent(new CustomEvent("files-chosen", { bubbles: true, detail: files }));
  }

  show() {
    const { files } = this;
    const total = size(files.reduce((sum, file) => sum + file.size, 0));
    if (files.length === 0) this.hint.textContent = this.unchosen;
    else this.hint.textContent = files.length === 1 ? `1 video, ${total}` : `${files.length} videos, ${total}`;
    this.toggleAttribute("data-filled", files.length > 0);
    this.list.hidden = files.length === 0;
    this.list.replaceChildren(...files.map((file) => this.line(file)));
  }

  /** @param {File} file */
  line(file) {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById("chosen-file"));
    const line = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    const [name, ofButton] = line.querySelectorAll("[data-name]");
    name.textContent = file.name;
    ofButton.textContent = ` ${file.name}`;
    /** @type {HTMLElement} */ (line.querySelector("[data-size]")).textContent = size(file.size);
    line.querySelector("[data-remove]")?.addEventListener("click", () => this.unchoose(file));
    return line;
  }
}

// What a browser tells of a file; two that agree in it are one.
/** @param {File} file */
function identity(file) {
  return [file.webkitRelativePath || file.name, file.size, file.lastModified].join("/");
}

customElements.define("drop-zone", DropZone);
