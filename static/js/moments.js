// Moments of a film, as people write them and as the server reads them (jobs/encoding/accepts.py).

/** @param {number} seconds */
export function onTheClock(seconds) {
  const tenths = Math.round(seconds * 10);
  const minutes = Math.floor(tenths / 600);
  const second = String((tenths % 600) / 10).padStart(tenths % 10 ? 4 : 2, "0");
  return minutes < 60 ? `${minutes}:${second}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${second}`;
}

/** @param {string} text @returns {number | null} Seconds; null for what is no moment. */
export function readMoment(text) {
  const read = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?)$/.exec(text.trim());
  if (!read) return null;
  const [hours, minutes, seconds] = read.slice(1).map((part) => Number((part ?? "0").replace(",", ".")));
  return hours * 3600 + minutes * 60 + seconds;
}
