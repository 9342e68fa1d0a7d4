// <another-recipe>: the form with which a video that is here is compressed once more. Its card joins the list.

import { announce } from "./announcements.js";
import { newId } from "./client_job_ids.js";
import { fetchCard } from "./fetch_card.js";
import { Refusal, UNREACHABLE, post } from "./http.js";

class AnotherRecipe extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this);
    this.addEventListener("change", () => this.showFitting());
    this.showFitting();
  }

  /** @returns {any} The form: the page has it. */
  get form() {
    return this.querySelector("form");
  }

  // Only what goes with the recipe; the server leaves out the rest by itself.
  showFitting() {
    const method = this.form.elements.recipe.selectedOptions[0]?.dataset.method;
    /** @type {NodeListOf<HTMLElement>} */
    const fields = this.querySelectorAll("[data-with]");
    for (const field of fields) {
      field.hidden = field.dataset.with !== method;
      const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
      input.disabled = field.hidden;
      input.required = !field.hidden && method === "size";
    }
  }

  /** @param {Event} event */
  async handleEvent(event) {
    if (event.target !== this.form) return; // the card's own
    event.preventDefault();
    event.stopPropagation();
    if (this.form.ariaBusy) return;
    this.form.ariaBusy = "true";
    const answer = await post(this.form.action, new FormData(this.form));
    this.form.ariaBusy = null;
    if (answer?.redirected) await this.show(answer.url);
    else this.complain(answer ? await Refusal.from(answer) : UNREACHABLE);
  }

  /** @param {string} url Of the new job's page. */
  async show(url) {
    const card = await fetchCard(`${url}/card`).catch(() => null);
    if (!card) return location.assign(url);
    this.form.elements.client_job_id.value = newId(); // what is asked for next is another wish
    /** @type {HTMLElement | null} */
    const list = document.querySelector("job-list");
    if (!document.getElementById(card.id)) list?.prepend(card);
    document.getElementById(card.id)?.querySelector("a")?.focus();
    announce(`${card.dataset.filename}: ${card.querySelector(".status")?.textContent}`);
  }

  /** @param {Complaint} complaint */
  complain(complaint) {
    /** @type {any} */ (this.closest("job-card")).complain(complaint);
  }
}

customElements.define("another-recipe", AnotherRecipe);
