// Requests to our own server: with the CSRF token, repeated while the answer is "not now", refusals as Refusal.

export const NOT_NOW = new Set([408, 409, 423, 429, 502, 503, 504]); // the same request again is safe, and may succeed
const LONGEST_PAUSE = 30; // seconds

// The server said no, in words (RFC 9457): a title, what to do about it, and which fields.
export class Refusal extends Error {
  /** @type {string | undefined} */ code;
  /** @type {Snapshot | undefined} */ job;
  title = "";

  /** @param {Problem} problem */
  constructor({ title = "The server did not take it", message = "Reload the page and try again.", code, job }) {
    super(title);
    Object.assign(this, { title, message, code, job });
  }

  /** @param {Response} answer */
  static async from(answer) {
    return new Refusal(await answer.json().catch(() => ({})));
  }
}

export const UNREACHABLE = { title: "The server cannot be reached", message: "Try again in a while." };

// A form of the page, sent as the browser would send it. null: no answer.
/** @param {string} url @param {FormData} body @param {RequestInit} [options] @returns {Promise<Response | null>} */
export function post(url, body, options = {}) {
  body.set("csrfmiddlewaretoken", csrfToken());
  return fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, ...options }).catch(() => null);
}

// As the cookie has it now: signing in, in another tab too, makes the one in the page's forms stale.
export function csrfToken() {
  const [, token] = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) ?? [];
  /** @type {HTMLInputElement | null} */
  const field = document.querySelector("[name=csrfmiddlewaretoken]");
  return token ?? field?.value ?? "";
}

// A request that may be sent again. Throws Refusal when the server will not do it, AbortError when given up.
/** @param {string} url @param {RequestInit} options @param {Trouble} onTrouble */
export async function persist(url, options, onTrouble = () => {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(), ...options.headers };
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const answer = await fetch(url, { ...options, headers }).catch(unlessAborted);
    if (answer?.ok) return answer;
    if (answer && !NOT_NOW.has(answer.status)) throw await Refusal.from(answer);
    onTrouble(answer && options.method !== "HEAD" ? await Refusal.from(answer) : null); // an answer to HEAD has no words
    await rest(Number(answer?.headers.get("Retry-After")) || pause, options.signal ?? undefined);
  }
}

// Ends early when the network comes back. Throws AbortError when given up.
/** @param {number} seconds @param {AbortSignal} [signal] @returns {Promise<void>} */
export function rest(seconds, signal) {
  return new Promise((resolve, reject) => {
    const done = () => (clearTimeout(timer), removeEventListener("online", done), resolve());
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", done);
    signal?.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)));
  });
}

/** @param {Error} error */
function unlessAborted(error) {
  if (error.name === "AbortError") throw error;
  return null; // no answer: the server is unreachable
}
