// <submit-form>: sends the chosen files in the background instead of leaving the page, and offers only what goes together.

import { offerWhatFits } from "./fitting_options.js";

const NOT_OPTIONS = new Set(["file", "csrfmiddlewaretoken"]);

class SubmitForm extends HTMLElement {
  connectedCallback() {
    const form = /** @type {HTMLFormElement} */ (this.querySelector("form"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (isFilledIn(form)) this.submit(form);
    });
    form.addEventListener("change", () => offerWhatFits(form));
    offerWhatFits(form);
  }

  /** @param {HTMLFormElement} form */
  submit(form) {
    /** @type {any} */
    const list = document.querySelector("job-list");
    /** @type {any} */
    const zone = form.querySelector("drop-zone");
    form.querySelector("[role=alert]")?.remove();
    list.add(zone.files, fieldsOf(form), this.dataset.announce);
    zone.clear();
  }
}

// A fault is shown where it is: the browser says it at the first field that is wrong, which must be seen for that.
/** @param {HTMLFormElement} form */
function isFilledIn(form) {
  /** @type {HTMLInputElement | null} */
  const wrong = form.querySelector(":is(input, select):invalid");
  if (!wrong) return true;
  wrong.closest("details")?.setAttribute("open", "");
  return wrong.reportValidity();
}

// What the person chose, as the API names it. A number of megabytes goes before the presets; the server makes bytes of it.
/** @param {HTMLFormElement} form @returns {Fields} */
export function fieldsOf(form) {
  const entries = [...new FormData(form)].filter(([name, value]) => !NOT_OPTIONS.has(name) && value !== "");
  const fields = Object.fromEntries(entries);
  if (fields.limit_megabytes) delete fields.limit_bytes;
  return fields;
}

customElements.define("submit-form", SubmitForm);
