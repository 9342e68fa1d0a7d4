// Only what goes together is offered: an option that the chosen recipe cannot use is hidden and not sent.

/** @type {Record<string, { recipes?: string[], only?: Record<string, string[]>, unless?: [string, string] }>} */
const FITS = JSON.parse(document.getElementById("fits")?.textContent ?? "{}");

/** @param {HTMLFormElement} form */
export function offerWhatFits(form) {
  for (const name of Object.keys(FITS)) {
    /** @type {HTMLElement | null} */
    const place = form.querySelector(`[data-option="${name}"]`);
    if (place) offer(place, name, form);
  }
}

/** @param {HTMLElement} place @param {string} name @param {HTMLFormElement} form */
function offer(place, name, form) {
  const { recipes, only = {}, unless } = FITS[name];
  const chosen = (/** @type {string} */ field) => /** @type {any} */ (form.elements.namedItem(field))?.value;
  const fits = (!recipes || recipes.includes(chosen("recipe"))) && !(unless && chosen(unless[0]) === unless[1]);
  place.hidden = !fits;
  const fields = place.matches("fieldset") ? [place] : place.querySelectorAll("input, select");
  for (const field of fields) field.toggleAttribute("disabled", !fits);
  for (const [value, takers] of Object.entries(only)) {
    const option = /** @type {HTMLOptionElement} */ (place.querySelector(`option[value="${value}"]`));
    option.hidden = option.disabled = !takers.includes(chosen("recipe"));
    const select = /** @type {HTMLSelectElement} */ (place.querySelector("select"));
    if (option.disabled && select.value === value) select.value = "";
  }
}
