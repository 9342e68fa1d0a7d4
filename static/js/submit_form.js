// <submit-form>: sends the chosen files one by one in the background instead of leaving the page.

const NOT_OPTIONS = new Set(["file", "csrfmiddlewaretoken", "limit_megabytes"]);
const BYTES_PER_MEGABYTE = 1_000_000;

class SubmitForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(event.target);
    });
  }

  submit(form) {
    const files = [...form.elements.file.files];
    form.querySelector("[role=alert]")?.remove();
    document.querySelector("job-list").add(files, fieldsOf(form), this.dataset.announce);
    form.elements.file.value = "";
    form.elements.file.dispatchEvent(new Event("change"));
  }
}

// What the person chose, as the API names it. A limit counts only with the recipe that has one.
function fieldsOf(form) {
  const entries = [...new FormData(form)].filter(([name, value]) => !NOT_OPTIONS.has(name) && value !== "");
  const fields = Object.fromEntries(entries);
  const megabytes = Number(form.elements.limit_megabytes?.value);
  if (fields.recipe !== "limit") delete fields.limit_bytes;
  else if (megabytes) fields.limit_bytes = Math.floor(megabytes * BYTES_PER_MEGABYTE);
  return fields;
}

customElements.define("submit-form", SubmitForm);
