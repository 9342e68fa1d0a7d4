// <submit-form>: sends the chosen files one by one in the background instead of leaving the page.

const NOT_OPTIONS = new Set(["file", "csrfmiddlewaretoken"]);

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

// What the person chose, as the API names it. A limit counts only with the recipe that has one; megabytes go as they
// were typed, since the server alone turns them into bytes.
function fieldsOf(form) {
  const entries = [...new FormData(form)].filter(([name, value]) => !NOT_OPTIONS.has(name) && value !== "");
  const fields = Object.fromEntries(entries);
  if (fields.recipe !== "limit") delete fields.limit_megabytes;
  if (fields.recipe !== "limit" || fields.limit_megabytes) delete fields.limit_bytes;
  return fields;
}

customElements.define("submit-form", SubmitForm);
