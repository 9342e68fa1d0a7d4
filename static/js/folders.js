// What was dropped, as files: a folder is gone through, never sent as if it were one, and each file knows where it lay.

const VIDEO = /\.(3gp|avi|dv|flv|m2ts|m4v|mkv|mov|mp4|mpe?g|mts|mxf|ogv|ts|vob|webm|wmv)$/i;
const DEEPEST = 32; // folders within folders

/** @type {WeakMap<File, string>} */
const folders = new WeakMap();

// The folder as a label, such as "2026/Summer"; "" for a file that was chosen by itself.
/** @param {File} file */
export function folderOf(file) {
  return folders.get(file) ?? (file.webkitRelativePath ?? "").split("/").slice(0, -1).join("/");
}

// The browser forgets what was dropped once its event is over, so all of it is asked for at once.
/** @param {DataTransfer} transfer @returns {Promise<Found>} */
export async function dropped({ items }) {
  const files = [...items].filter(({ kind }) => kind === "file");
  const all = files.map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  /** @type {Found} */
  const found = { files: [], others: 0, unreadable: [] };
  for (const { entry, file } of all) {
    if (entry?.isDirectory) await walk(/** @type {FileSystemDirectoryEntry} */ (entry), "", found, 0);
    else if (file) found.files.push(file);
  }
  return found;
}

// Of a folder that was chosen, which holds whatever lies in it.
/** @param {FileList | File[]} files @returns {Found} */
export function chosenFolder(files) {
  const videos = [...files].filter(isVideo);
  return { files: videos, others: files.length - videos.length, unreadable: [] };
}

/** @param {FileSystemDirectoryEntry} directory @param {string} above @param {Found} found @param {number} depth */
async function walk(directory, above, found, depth) {
  const path = above ? `${above}/${directory.name}` : directory.name;
  const entries = depth < DEEPEST ? await entriesOf(directory) : null;
  if (!entries) return void found.unreadable.push(path);
  for (const entry of entries) {
    if (entry.isDirectory) await walk(/** @type {FileSystemDirectoryEntry} */ (entry), path, found, depth + 1);
    else await take(/** @type {FileSystemFileEntry} */ (entry), path, found);
  }
}

/** @param {FileSystemFileEntry} entry @param {string} folder @param {Found} found */
async function take(entry, folder, found) {
  /** @type {File | null} */
  const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
  if (!file) found.unreadable.push(`${folder}/${entry.name}`);
  else if (!isVideo(file)) found.others += 1;
  else folders.set(file, folder), found.files.push(file);
}

// In the order of their names; null where it cannot be read. A reader hands out some at a time.
/** @param {FileSystemDirectoryEntry} directory @returns {Promise<FileSystemEntry[] | null>} */
async function entriesOf(directory) {
  const reader = directory.createReader();
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[] | null} */
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve(null)));
    if (!some) return null;
    if (!some.length) return all.sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
    all.push(...some);
  }
}

// What else lies in a folder, pictures above all, is not meant. What is chosen by itself is not judged by its name.
/** @param {File} file */
function isVideo(file) {
  return !file.name.startsWith(".") && (file.type.startsWith("video/") || VIDEO.test(file.name));
}
