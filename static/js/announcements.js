// What a screen reader is told when something happened elsewhere on the page.

export function announce(text) {
  document.getElementById("announcements").textContent = text;
}
