// <play-here>: offers to play a result in the page, in a browser that can.

class PlayHere extends HTMLElement {
  connectedCallback() {
    this.hidden = document.createElement("video").canPlayType(this.dataset.type ?? "") === "";
  }
}

customElements.define("play-here", PlayHere);
