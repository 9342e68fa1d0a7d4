// A job's card as the server renders it.

import { persist } from "./http.js";

/** @param {string} url */
export async function fetchCard(url) {
  const answer = await persist(url, { headers: { Accept: "text/html" } });
  const page = document.createElement("template");
  page.innerHTML = await answer.text();
  /** @type {HTMLElement | null} */
  const card = document.importNode(page.content, true).querySelector("job-card");
  return card;
}
