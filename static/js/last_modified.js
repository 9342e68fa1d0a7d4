// A file's own time as the API takes it: RFC 3339 with the offset that this browser's zone had on that day.

/** @param {File} file @returns {string} */
export function lastModified(file) {
  const moment = new Date(file.lastModified);
  const east = -moment.getTimezoneOffset(); // minutes
  const there = new Date(moment.getTime() + east * 60_000).toISOString().replace(/\.\d+Z$/, "");
  const [hours, minutes] = [Math.floor(Math.abs(east) / 60), Math.abs(east) % 60].map((part) => String(part).padStart(2, "0"));
  return `${there}${east < 0 ? "-" : "+"}${hours}:${minutes}`;
}
