// <limit-choice>: the presets and the free number exclude each other.

class LimitChoice extends HTMLElement {
  connectedCallback() {
    /** @type {HTMLInputElement | null} */
    const number = this.querySelector("input[type=number]");
    if (!number) return;
    /** @type {NodeListOf<HTMLInputElement>} */
    const presets = this.querySelectorAll("input[type=radio]");
    for (const preset of presets) preset.addEventListener("change", () => (number.value = ""));
    number.addEventListener("input", () => presets.forEach((preset) => (preset.checked = false)));
  }
}

customElements.define("limit-choice", LimitChoice);
