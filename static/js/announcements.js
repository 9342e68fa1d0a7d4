// What a screen reader is told when something happened elsewhere on the page.

/** @param {string} text */
export function announce(text) {
  const place = document.getElementById("announcements");
  if (place) place.textContent = text;
}
