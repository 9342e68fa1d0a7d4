// Some pictures of a film that lies on this computer, as this browser can play it.

const WAIT = 5000; // milliseconds for one picture

/** Ready to be looked at, with its length. Rejects where the browser cannot play it.
 * @param {HTMLVideoElement} video @param {string} url @param {AbortSignal} signal @returns {Promise<number>} */
export async function open(video, url, signal) {
  const ready = happens(video, "loadeddata", signal);
  video.src = url;
  await ready;
  if (!Number.isFinite(video.duration) || !video.videoWidth) throw new Error("Its length is not known.");
  return video.duration;
}

/** Draws pictures that are spread over the film, from left to right.
 * @param {HTMLVideoElement} video @param {HTMLCanvasElement} canvas @param {AbortSignal} signal */
export async function draw(video, canvas, signal) {
  const { width, height } = canvas;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const count = Math.max(3, Math.round(width / ((height * video.videoWidth) / video.videoHeight)));
  const cell = width / count;
  for (let number = 0; number < count; number++) {
    await show(video, ((number + 0.5) * video.duration) / count, signal);
    const scale = Math.max(cell / video.videoWidth, height / video.videoHeight);
    const [w, h] = [cell / scale, height / scale]; // of the picture's middle, so that it is not distorted
    const from = [(video.videoWidth - w) / 2, (video.videoHeight - h) / 2];
    context.drawImage(video, from[0], from[1], w, h, number * cell, 0, cell, height);
  }
}

/** @param {HTMLVideoElement} video @param {number} seconds @param {AbortSignal} signal */
export async function show(video, seconds, signal) {
  const shown = happens(video, "seeked", signal);
  video.currentTime = seconds;
  await shown;
}

/** @param {HTMLVideoElement} video @param {string} name @param {AbortSignal} signal @returns {Promise<void>} */
function happens(video, name, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return void reject(signal.reason);
    const timer = setTimeout(() => reject(new Error("It takes too long.")), WAIT);
    const over = new AbortController();
    /** @param {() => void} then */
    const end = (then) => () => (clearTimeout(timer), over.abort(), then());
    video.addEventListener(name, end(resolve), { signal: over.signal });
    video.addEventListener("error", end(() => reject(video.error)), { signal: over.signal });
    signal.addEventListener("abort", end(() => reject(signal.reason)), { signal: over.signal });
  });
}
