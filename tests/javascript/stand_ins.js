// The little of a browser that the page's scripts touch when they are loaded and tested outside of one.

class StandInElement extends EventTarget {
  dataset = {};
}

export const defined = new Map();

Object.assign(globalThis, {
  HTMLElement: StandInElement,
  customElements: { define: (name, element) => defined.set(name, element) },
  document: Object.assign(new EventTarget(), { getElementById: () => null, querySelector: () => null }),
  location: { href: "http://localhost/" },
  addEventListener() {},
  removeEventListener() {},
  localStorage: storage(),
});

function storage() {
  const items = new Map();
  return {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => items.set(name, value),
    removeItem: (name) => items.delete(name),
  };
}
