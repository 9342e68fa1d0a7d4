// The bar of a job that runs, as `templates/fragments/bar.html` has it: of a film in pieces, a cell for each stretch.

import { barText } from "./format.js";

/** @param {HTMLElement} bar @param {Progress} progress */
export function paintBar(bar, progress) {
  const { fraction, pieces } = progress;
  if (!pieces) return setValue(bar, fraction);
  bar.setAttribute("aria-valuenow", String(Math.round((fraction ?? 0) * 100)));
  bar.setAttribute("aria-valuetext", barText(progress));
  const cells = bar.querySelectorAll("progress");
  pieces.cells.forEach((made, number) => setValue(cells[number], made));
}

/** @param {HTMLElement} bar @param {number | null} value null: it is not known how far it is */
function setValue(bar, value) {
  if (value === null) bar.removeAttribute("value");
  else /** @type {HTMLProgressElement} */ (bar).value = value;
}
