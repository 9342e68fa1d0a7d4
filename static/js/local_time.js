// <local-time>: a moment in the viewer's own zone and language, where the server said it in UTC.

const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

class LocalTime extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    if (time) time.textContent = FORMAT.format(new Date(time.dateTime));
  }
}

customElements.define("local-time", LocalTime);
