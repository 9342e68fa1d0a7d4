// <drop-zone>: a file field that also takes what is dropped anywhere on the page, whole folders too, and lists what was
// chosen.

import { announce } from "./announcements.js";
import { chosenFolder, dropped, folderOf } from "./folders.js";
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
    this.takeFolders();
    for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, this);
  }

  /** @param {DragEvent} event */
  handleEvent(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // otherwise the browser leaves the page to play the video
    this.toggleAttribute("data-over", event.type === "dragover");
    if (event.type !== "drop") return;
    this.takeAll(dropped(event.dataTransfer));
    this.scrollIntoView({ block: "nearest" }); // it may have been dropped far below
  }

  // The button stands for a field of its own, since one field takes either files or a folder.
  takeFolders() {
    /** @type {HTMLInputElement | null} */
    const field = this.querySelector("[data-folder]");
    if (!field || !("webkitdirectory" in field)) return;
    this.querySelector("[data-choose-folder]")?.addEventListener("click", () => field.click());
    field.addEventListener("change", () => {
      this.takeAll(chosenFolder(field.files ?? []));
      field.value = "";
    });
  }

  // Going through a large folder takes its time.
  /** @param {Found | Promise<Found>} finding */
  async takeAll(finding) {
    const waiting = setTimeout(() => (this.hint.textContent = "Looking through the folder …"), 200);
    const found = await finding;
    clearTimeout(waiting);
    this.take(found.files);
    const left = leftOut(found);
    if (!left) return;
    this.hint.textContent = `${this.hint.textContent}. ${left}`;
    announce(left);
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
    this.tell();
  }

  tell() {
    this.dispatchEvent(new CustomEvent("files-chosen", { bubbles: true, detail: this.files }));
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
    name.textContent = [folderOf(file), file.name].filter(Boolean).join("/");
    ofButton.textContent = ` ${file.name}`;
    /** @type {HTMLElement} */ (line.querySelector("[data-size]")).textContent = size(file.size);
    line.querySelector("[data-remove]")?.addEventListener("click", () => this.unchoose(file));
    return line;
  }
}

// What a browser tells of a file; two that agree in it are one.
/** @param {File} file */
function identity(file) {
  return [folderOf(file), file.name, file.size, file.lastModified].join("/");
}

// What was dropped and is not taken, in words.
/** @param {Found} found */
function leftOut({ others, unreadable }) {
  const words = [];
  if (others) words.push(others === 1 ? "One other file in there is no video." : `${others} other files in there are no videos.`);
  if (unreadable.length) words.push(`Could not be read: ${unreadable.slice(0, 3).join(", ")}${unreadable.length > 3 ? " …" : ""}.`);
  return words.join(" ");
}

customElements.define("drop-zone", DropZone);
