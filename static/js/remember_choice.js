// Puts back what was chosen last, before the page is seen. A form that the server filled in stays as it is.

import { fill, remember, remembered } from "./choice.js";

/** @type {HTMLFormElement | null} */
const form = document.querySelector("form.submit");
const last = remembered();
if (form && last && form.dataset.given === undefined) fill(form, last);
form?.addEventListener("change", () => remember(form));
