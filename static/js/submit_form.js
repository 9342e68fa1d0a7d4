// <submit-form>: sends the chosen files one by one in the background instead of leaving the page.

const NOT_OPTIONS = new Set(["file", "csrfmiddlewaretoken"]);

class SubmitForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(/** @type {HTMLFormElement} */ (event.target));
    });
  }

  /** @param {HTMLFormElement} form */
  submit(form) {
    const { file } = /** @type {any} */ (form.elements);
    /** @type {any} */
    const list = document.querySelector("job-list");
    const files = [...file.files];
    form.querySelector("[role=alert]")?.remove();
    list.add(files, fieldsOf(form), this.dataset.announce);
    file.value = "";
    file.dispatchEvent(new Event("change"));
  }
}

// What the person chose, as the API names it. A limit counts only with the recipe that has one, and a number of
// megabytes goes before the presets; the server makes bytes of it.
/** @param {HTMLFormElement} form @returns {Fields} */
export function fieldsOf(form) {
  const entries = [...new FormData(form)].filter(([name, value]) => !NOT_OPTIONS.has(name) && value !== "");
  const fields = Object.fromEntries(entries);
  if (fields.recipe !== "limit") delete fields.limit_megabytes;
  if (fields.recipe !== "limit" || fields.limit_megabytes) delete fields.limit_bytes;
  return fields;
}

customElements.define("submit-form", SubmitForm);
