// What the page's title says: how far all that moves here is, counting what has ended during this visit.

/** @typedef {{ state: string, isHeld: boolean, fraction: number | undefined }} Moving */

const WORKED_ON = new Set(["queued", "running"]); // of a job, by a worker; a file that is sent is `sending`

// "" where nothing moves. A video that waits or is still being sent is not compressed at all.
/** @param {Moving[]} cards `fraction` of a card that has ended is 1 if it did so during this visit, else unknown */
export function progressInTitle(cards) {
  const sending = cards.filter((card) => card.state === "sending" && card.fraction !== undefined);
  const working = cards.filter((card) => WORKED_ON.has(card.state) && !card.isHeld);
  const ended = cards.filter((card) => isEnded(card) && card.fraction !== undefined);
  if (working.length === 0 && sending.length > 0) return `Uploading ${percent(mean(sending))}`;
  if (working.length === 0) return "";
  return percent(mean([...working, ...ended, ...sending.map((card) => ({ ...card, fraction: 0 }))]));
}

/** @param {Moving} card */
function isEnded({ state }) {
  return state !== "sending" && state !== "uploading" && !WORKED_ON.has(state);
}

/** @param {Moving[]} cards */
function mean(cards) {
  return cards.reduce((sum, { fraction = 0 }) => sum + fraction, 0) / cards.length;
}

// Full only when it is.
/** @param {number} fraction */
function percent(fraction) {
  return `${Math.floor(fraction * 100)}%`;
}
