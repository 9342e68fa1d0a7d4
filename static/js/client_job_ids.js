// The names that this browser gave its jobs, noted before the first byte leaves, so that choosing the same file
// with the same options after a crash finds the same job and sends only what is missing.

/** @param {File} file @param {Fields} fields */
export function keyOf(file, fields) {
  return `upload:${file.name}:${file.size}:${file.lastModified}:${JSON.stringify(fields)}`;
}

/** @param {File} file @param {Fields} fields */
export function clientJobId(file, fields) {
  const name = keyOf(file, fields);
  const id = localStorage.getItem(name) ?? newId();
  localStorage.setItem(name, id);
  return id;
}

/** @param {File} file @param {Fields} fields */
export function forgetClientJobId(file, fields) {
  localStorage.removeItem(keyOf(file, fields));
}

// crypto.randomUUID is not there over plain http, which is how a home network runs this.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40; // RFC 9562 section 5.4: version 4,
  bytes[8] = (bytes[8] & 0x3f) | 0x80; // variant 10
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
