// What is said of an estimate: a range, rounded so that it promises no more than is known.

import { span } from "./format.js";

const WORTH_SAYING = 10; // seconds of waiting
const WIDE = 8; // times the lower end: then that end says nothing

/** @param {Estimate} estimate @param {number} size of the source or sources, in bytes */
export function savingWords({ bytes, is_probably_small: isSmall, detail }, size) {
  if (!bytes) return detail ?? "";
  if (isSmall) return "probably already small";
  const [least, most] = [bytes[1], bytes[0]].map((made) => Math.round((20 * (size - made)) / size) * 5);
  if (most <= 0) return "hardly smaller";
  if (least <= 0) return `up to ${most}% smaller`;
  return least === most ? `about ${most}% smaller` : `about ${least} to ${most}% smaller`;
}

/** @param {Estimate} estimate */
export function timeWords({ seconds }) {
  if (!seconds) return "";
  const [low, high] = seconds.map(round);
  return high > WIDE * low ? `up to about ${span(high)}` : `about ${range(low, high)}`;
}

/** @param {Estimates} estimates */
export function waitWords({ wait_seconds: wait, wait_detail: detail }) {
  if (wait === null) return detail ?? "";
  return wait >= WORTH_SAYING ? `after about ${span(round(wait))} of waiting` : "";
}

// 3 videos: about 40 to 60% smaller, about 3 to 6 min, after about 2 min of waiting
/** @param {Estimates} estimates @param {number} size @param {number} told @param {number} chosen how many videos */
export function allWords(estimates, size, told, chosen) {
  const words = [savingWords(estimates, size), timeWords(estimates), waitWords(estimates)].filter(Boolean).join(", ");
  const which = told < chosen ? `${told} of ${chosen} videos: ` : chosen > 1 ? `${chosen} videos: ` : "";
  return capital(which + words);
}

/** @param {Estimate} estimate @param {number} size */
export function eachWords(estimate, size) {
  return [savingWords(estimate, size), timeWords(estimate)].filter(Boolean).join(", ");
}

/** @param {number} low @param {number} high "3 to 6 min", "40 s to 2 min", "5 s" */
export function range(low, high) {
  const [from, to] = [span(low), span(high)];
  if (from === to) return to;
  const [unit] = to.split(" ").slice(-1);
  const isSame = from.split(" ").length === 2 && to.split(" ").length === 2 && from.endsWith(` ${unit}`);
  return `${isSame ? from.slice(0, -unit.length - 1) : from} to ${to}`;
}

// Five seconds, whole minutes, five minutes: as finely as it can be meant.
/** @param {number} seconds */
function round(seconds) {
  const step = seconds < 60 ? 5 : seconds < 1800 ? 60 : 300;
  return Math.max(5, Math.round(seconds / step) * step);
}

/** @param {string} words */
function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
