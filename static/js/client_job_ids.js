// The names that this browser gave its jobs, noted before the first byte leaves, so that choosing the same file
// with the same options after a crash finds the same job and sends only what is missing.
//
// What is sent together is a batch, whose id is noted with each of its files and kept until all of it has arrived: the
// same drop after a crash is the same batch, and what had arrived by then is found again, not sent twice.

import { folderOf } from "./folders.js";

/** @type {Map<string, { all: Set<string>, toArrive: Set<string> }>} The keys of what this page sends, by batch. */
const batches = new Map();

/** @param {File} file @param {Fields} fields */
export function keyOf(file, fields) {
  const asked = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== "batch"));
  return `upload:${file.name}:${file.size}:${file.lastModified}:${JSON.stringify(asked)}`;
}

// What was noted of it: the job's id, and its batch if it has one.
/** @param {string} name @returns {string[]} */
function noted(name) {
  return localStorage.getItem(name)?.split(" ") ?? [];
}

/** @param {File} file @param {Fields} fields */
export function clientJobId(file, fields) {
  const name = keyOf(file, fields);
  const id = noted(name)[0] ?? newId();
  localStorage.setItem(name, fields.batch ? `${id} ${fields.batch}` : id);
  return id;
}

/** @param {File} file @param {Fields} fields */
export function forgetClientJobId(file, fields) {
  localStorage.removeItem(keyOf(file, fields));
  settle(keyOf(file, fields), String(fields.batch));
}

/** @param {File} file @param {Fields} fields @returns {Fields} */
export function withFolder(file, fields) {
  const folder = folderOf(file);
  return folder ? { ...fields, folder } : fields;
}

// The fields of each of these files, which are sent together: with its folder, and the batch that it is in.
/** @param {File[]} files @param {Fields} fields @returns {Fields[]} */
export function asBatch(files, fields) {
  const each = files.map((file) => withFolder(file, fields));
  const before = each.map((asked, number) => noted(keyOf(files[number], asked))[1]);
  const batch = before.find(Boolean) ?? (files.length > 1 ? newId() : undefined);
  const all = each.map((asked, number) => {
    const its = before[number] ?? batch;
    return its ? { ...asked, batch: its } : asked;
  });
  all.forEach((asked, number) => note(files[number], asked));
  return all;
}

/** @param {File} file @param {Fields} fields */
function note(file, fields) {
  clientJobId(file, fields);
  if (!fields.batch) return;
  const batch = String(fields.batch);
  const known = batches.get(batch) ?? { all: new Set(), toArrive: new Set() };
  known.all.add(keyOf(file, fields));
  known.toArrive.add(keyOf(file, fields));
  batches.set(batch, known);
}

// It is on the server: its name is not needed any more, unless others of its batch are still on their way.
/** @param {File} file @param {Fields} fields */
export function noteArrival(file, fields) {
  if (batches.has(String(fields.batch))) settle(keyOf(file, fields), String(fields.batch));
  else forgetClientJobId(file, fields);
}

/** @param {string} name @param {string} batch */
function settle(name, batch) {
  const known = batches.get(batch);
  known?.toArrive.delete(name);
  if (!known || known.toArrive.size) return;
  for (const other of known.all) localStorage.removeItem(other);
  batches.delete(batch);
}

// crypto.randomUUID is not there over plain http, which is how a home network runs this.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40; // RFC 9562 section 5.4: version 4,
  bytes[8] = (bytes[8] & 0x3f) | 0x80; // variant 10
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
