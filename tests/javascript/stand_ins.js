// Tiny stand-ins for what a browser has and node has not. Import this before the module under test.

export const elements = {};
globalThis.HTMLElement = class {};
globalThis.customElements = { define: (name, element) => (elements[name] = element) };
globalThis.document = Object.assign(new EventTarget(), {
  cookie: "",
  visibilityState: "visible",
  getElementById: () => null,
  querySelector: () => null,
});
const windowEvents = new EventTarget();
globalThis.addEventListener = windowEvents.addEventListener.bind(windowEvents);
globalThis.removeEventListener = windowEvents.removeEventListener.bind(windowEvents);
globalThis.location = new URL("http://home.example/");

const kept = new Map();
globalThis.localStorage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => kept.set(name, value),
  removeItem: (name) => kept.delete(name),
};

// The answers come in this order; returns the requests that were made.
export function answering(...answers) {
  const requests = [];
  globalThis.fetch = async (url, options) => {
    requests.push({ url, ...options });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    if (!answer) throw new Error(`no answer was prepared for ${url}`);
    return answer;
  };
  return requests;
}

export const json = (body, status = 200, headers = {}) => new Response(JSON.stringify(body), { status, headers });

// Lets everything that is ready to go on do so.
export const settle = () => new Promise((resolve) => setImmediate(resolve));
