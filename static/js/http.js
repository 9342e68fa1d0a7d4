// Requests to our own server: with the CSRF token, repeated while the answer is "not now", refusals as Refusal.

export const NOT_NOW = new Set([408, 409, 423, 429, 502, 503, 504]); // the same request again is safe, and may succeed
const LONGEST_PAUSE = 30; // seconds

// The server said no, in words (RFC 9457): a title, what to do about it, and which fields.
export class Refusal extends Error {
  /** @param {{title?: string, detail?: string, fields?: Record<string, string>, code?: string, job?: Snapshot}} problem */
  constructor({ title = "The server did not take it", detail = "Reload the page and try again.", fields, code, job }) {
    super(title);
    this.title = title;
    this.code = code;
    this.job = job;
    this.detail = fields ? Object.values(fields).join(" ") : detail;
  }

  static async from(answer) {
    return new Refusal(await answer.json().catch(() => ({})));
  }
}

export function csrfToken() {
  return /** @type {HTMLInputElement} */ (document.querySelector("[name=csrfmiddlewaretoken]"))?.value ?? "";
}

/**
 * A request that may be sent again. Throws Refusal when the server will not do it, AbortError when given up.
 * @param {string} url
 * @param {RequestInit} options
 * @param {(refusal: Refusal | null) => void} onTrouble
 */
export async function persist(url, options, onTrouble = () => {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(), ...options.headers };
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const answer = await fetch(url, { ...options, headers }).catch(unlessAborted);
    if (answer?.ok) return answer;
    if (answer && !NOT_NOW.has(answer.status)) throw await Refusal.from(answer);
    onTrouble(answer ? await Refusal.from(answer) : null);
    await rest(Number(answer?.headers.get("Retry-After")) || pause, options.signal);
  }
}

// Ends early when the network comes back. Throws AbortError when given up.
export function rest(seconds, signal) {
  return /** @type {Promise<void>} */ (new Promise((resolve, reject) => {
    const done = () => (clearTimeout(timer), removeEventListener("online", done), resolve());
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", done);
    signal?.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)));
  }));
}

function unlessAborted(error) {
  if (error.name === "AbortError") throw error;
  return null; // no answer: the server or the network is away
}
