// <compare-slider>: two pictures side by side become one above the other, with a slider between them; a picture that is
// larger than its place can be seen at full size.

const WORTH_IT = 1.3; // times as wide as its place

class CompareSlider extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("input")) return;
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: 0, max: 100, value: 50, step: 0.5 });
    slider.setAttribute("aria-label", "How much of the picture before");
    slider.addEventListener("input", () => this.style.setProperty("--at", `${slider.value}%`));
    this.append(slider);
    this.dataset.ready = "";
    const picture = this.querySelector("img");
    picture?.addEventListener("load", () => this.offerFullSize(picture));
  }

  /** @param {HTMLImageElement} picture */
  offerFullSize(picture) {
    if (picture.naturalWidth < WORTH_IT * picture.clientWidth || this.nextElementSibling?.matches("button")) return;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Full size" });
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const isFull = this.toggleAttribute("data-full");
      this.tabIndex = isFull ? 0 : -1; // what scrolls can be scrolled with the keyboard
      button.setAttribute("aria-pressed", String(isFull));
    });
    this.after(button);
  }
}

customElements.define("compare-slider", CompareSlider);
