// Sending a file by tus 1.0.0 (core protocol): PATCH from the offset on; after any trouble ask by HEAD where that is.

import { NOT_NOW, Refusal, csrfToken, persist, rest } from "./http.js";
import { checkReadable } from "./readable.js";

const BEGINNING = 64 * 1024; // bytes: the server knows by them what surely is no video, before all of it has travelled
const PIECE = 16 * 1024 * 1024; // bytes of one request: below what proxies commonly refuse to pass on
const VERSION = { "Tus-Resumable": "1.0.0" };

// `onSent(bytes)` is called as bytes leave, `onTrouble(refusal or null)` while waiting for the server to come back.
// Throws Refusal, and Unreadable where the file is the trouble.
/** @param {string} url @param {Blob} file @param {SendWatcher} watcher */
export async function send(url, file, { onSent, onTrouble, signal }) {
  let offset = await offsetOf(url, { onTrouble, signal });
  for (let pause = 0.5; offset < file.size; ) {
    try {
      onSent(offset);
      offset = await patch(url, offset, file.slice(offset, offset + (offset ? PIECE : BEGINNING)), onSent, signal);
      pause = 0.5;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      await checkReadable(file.slice(offset, offset + PIECE));
      onTrouble(error.refusal);
      await rest(error.retryAfter || pause, signal);
      pause = Math.min(pause * 2, 30);
      offset = await offsetOf(url, { onTrouble, signal });
    }
  }
  onSent(offset);
}

class Interrupted extends Error {
  // What the server said, and after how many seconds to come back; nothing, where there was no answer.
  /** @param {Refusal | null} [refusal] @param {number} [retryAfter] */
  constructor(refusal = null, retryAfter = 0) {
    super("interrupted");
    this.refusal = refusal;
    this.retryAfter = retryAfter;
  }
}

/** @param {string} url @param {Omit<SendWatcher, "onSent">} watcher */
async function offsetOf(url, { onTrouble, signal }) {
  const answer = await persist(url, { method: "HEAD", headers: VERSION, signal }, onTrouble);
  return Number(answer.headers.get("Upload-Offset"));
}

// XMLHttpRequest, since fetch does not say how much has been sent.
/** @param {string} url @param {number} offset @param {Blob} piece @param {(bytes: number) => void} onSent
 * @param {AbortSignal} signal @returns {Promise<number>} */
function patch(url, offset, piece, onSent, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PATCH", url);
    const headers = { ...VERSION, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    for (const [name, value] of Object.entries({ ...headers, "X-CSRFToken": csrfToken() })) {
      request.setRequestHeader(name, value);
    }
    const abort = () => (request.abort(), reject(signal.reason));
    request.upload.onprogress = (event) => onSent(offset + event.loaded);
    request.onload = () => {
      if (request.status === 204) resolve(Number(request.getResponseHeader("Upload-Offset")));
      else reject(failure(request));
    };
    request.onerror = () => reject(new Interrupted());
    request.onloadend = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort);
    request.send(piece);
  });
}

/** @param {XMLHttpRequest} request */
function failure(request) {
  const passing = request.status >= 500 || NOT_NOW.has(request.status);
  if (!passing) return new Refusal(problemOf(request) ?? {});
  const problem = problemOf(request);
  return new Interrupted(problem && new Refusal(problem), Number(request.getResponseHeader("Retry-After")));
}

/** @param {XMLHttpRequest} request @returns {Problem | null} What the server said; null for a proxy's page. */
function problemOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}
