// <job-list>: takes new uploads at its top, and says in the page's title how far all of it is.

import { UploadCard } from "./upload_card.js";

const TITLE = document.title;

class JobList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("progress-changed", () => this.showInTitle());
    document.addEventListener("visibilitychange", () => this.showInTitle());
  }

  /** @param {File[]} files @param {Fields} fields @param {string} announceUrl */
  add(files, fields, announceUrl) {
    const cards = files.map((file) => UploadCard.for(file, fields, announceUrl));
    this.querySelector(".empty")?.remove();
    this.prepend(...cards);
    cards[0].scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  showInTitle() {
    /** @type {NodeListOf<HTMLElement>} */
    const moving = this.querySelectorAll("[data-fraction]");
    const fractions = [...moving].map((card) => Number(card.dataset.fraction));
    const mean = fractions.reduce((sum, fraction) => sum + fraction, 0) / fractions.length;
    if (fractions.length) document.title = `${Math.round(mean * 100)}% · ${TITLE}`;
    else if (document.hidden && document.title !== TITLE) document.title = `Done · ${TITLE}`;
    else document.title = TITLE;
  }
}

customElements.define("job-list", JobList);
