// How values are shown to a person: the same words as `jobs/templatetags/presentation.py`.

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];
/** @type {Record<string, string>} */
const PHASES = JSON.parse(document.getElementById("phases")?.textContent ?? "{}");

/** @param {string} name */
export function phase(name) {
  return PHASES[name] ?? "Starting";
}

/** @param {number | null} fraction */
export function percent(fraction) {
  return fraction === null ? "" : `${Math.round(fraction * 100)}%`;
}

/** @param {number} count */
export function size(count) {
  let unit = 0;
  for (; count >= 999.5 && unit < UNITS.length - 1; unit++) count /= 1000;
  const digits = unit === 0 || count >= 99.95 ? 0 : 1;
  return `${count.toFixed(digits).replace(/\.0$/, "")}\u00a0${UNITS[unit]}`;
}

/** @param {number} seconds */
export function span(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {Progress} progress */
export function facts({ speed, eta_seconds: left }) {
  const words = [speed ? `${speed.toFixed(1)}× as fast as it plays` : "", left ? `about ${span(left)} left` : ""];
  return words.filter(Boolean).join(" · ");
}
