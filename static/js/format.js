// How values are shown to a person: the same words as `jobs/templatetags/units.py`.

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];
/** @type {Record<string, string>} */
const PHASES = JSON.parse(document.getElementById("phases")?.textContent ?? "{}");

// Of a job that waits or runs.
/** @param {Snapshot} snapshot */
export function standing({ is_held: isHeld, state, position, progress, choices }) {
  if (choices) return "Choose how good it should be";
  if (isHeld) return "On hold";
  if (state === "queued") return position === 1 ? "Next in line" : `Number ${position} in line`;
  return PHASES[progress?.phase ?? ""] ?? "Starting";
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

// How fast, in as many digits as it takes to say something.
/** @param {number | null | undefined} speed */
export function pace(speed) {
  if (!speed || speed < 0.01) return "";
  return `${speed.toFixed(speed < 0.1 ? 2 : 1)}× as fast as it plays`;
}

/** @param {Snapshot} snapshot */
export function facts({ is_held: isHeld, progress }) {
  const { speed, eta_seconds: left, expected_bytes: expected, pieces } = progress ?? {};
  const isIdle = pieces && !speed; // nobody is at it, so nobody knows for how long
  const words = [piecesDone(progress), pieces?.kept ? `${percent(pieces.kept)} were done before` : ""];
  if (isHeld) words.push("It waits until you release it");
  else if (!isIdle) words.push(pace(speed), left ? `about ${span(left)} left` : "");
  if (expected) words.push(`heading for about ${size(expected)}`);
  return words.filter(Boolean).join(" · ");
}

/** @param {Progress} progress */
export function barText(progress) {
  return [percent(progress.fraction), piecesDone(progress)].filter(Boolean).join(", ");
}

/** @param {Progress | null} progress */
function piecesDone(progress) {
  const { pieces } = progress ?? {};
  return pieces ? `${pieces.done} of ${pieces.total} pieces done` : "";
}
