// What this browser can read of a video that was chosen, before any of it is sent.

const PATIENCE = 8000; // milliseconds for one file
const AT_A_TIME = 4;

/** @typedef {{ size: number, duration?: number, width?: number, height?: number }} Facts */

/** @type {WeakMap<File, Promise<Facts>>} */
const known = new WeakMap();

// In the order of the files; of what the browser cannot play there is the size alone.
/** @param {File[]} files @param {(file: File) => Promise<Facts>} look @returns {Promise<Facts[]>} */
export async function factsOf(files, look = lookInto) {
  const waiting = files.entries();
  /** @type {Facts[]} */
  const found = [];
  const worker = async () => {
    for (const [index, file] of waiting) {
      const facts = known.get(file) ?? look(file);
      known.set(file, facts);
      found[index] = await facts;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return found;
}

/** @param {File} file @returns {Promise<Facts>} */
function lookInto(file) {
  const video = document.createElement("video");
  const url = URL.createObjectURL(file);
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve(factsFrom(file, video));
      URL.revokeObjectURL(url);
      video.removeAttribute("src");
      video.load(); // lets go of the file
    };
    const timer = setTimeout(done, PATIENCE);
    video.addEventListener("loadedmetadata", done, { once: true });
    video.addEventListener("error", done, { once: true });
    video.preload = "metadata";
    video.muted = true;
    video.src = url;
  });
}

/** @param {{ size: number }} file @param {{ duration: number, videoWidth: number, videoHeight: number }} video @returns {Facts} */
export function factsFrom({ size }, { duration, videoWidth: width, videoHeight: height }) {
  const lasts = Number.isFinite(duration) && duration > 0; // a live recording says Infinity
  return { size, ...(lasts && { duration }), ...(width > 0 && height > 0 && { width, height }) };
}

/** @param {Facts} facts */
export function isTelling({ size, duration, width }) {
  return size > 0 && duration !== undefined && width !== undefined;
}
