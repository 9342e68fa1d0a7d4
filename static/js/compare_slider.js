// <compare-slider>: two pictures side by side become one above the other, with a slider between them.

class CompareSlider extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("input")) return;
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: 0, max: 100, value: 50, step: 0.5 });
    slider.setAttribute("aria-label", "How much of the picture before");
    slider.addEventListener("input", () => this.style.setProperty("--at", `${slider.value}%`));
    this.append(slider);
    this.dataset.ready = "";
  }
}

customElements.define("compare-slider", CompareSlider);
