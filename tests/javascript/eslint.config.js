import js from "@eslint/js";

const BROWSER = [
  "AbortController", "Blob", "DOMException", "DataTransfer", "Event", "EventTarget", "FormData", "HTMLElement", "Response", "URL", "WebSocket",
  "XMLHttpRequest", "addEventListener", "clearTimeout", "confirm", "crypto", "customElements", "document", "fetch",
  "globalThis", "localStorage", "location", "removeEventListener", "setTimeout",
];

export default [
  js.configs.recommended,
  {
    languageOptions: { globals: Object.fromEntries(BROWSER.map((name) => [name, "readonly"])) },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: { "prefer-const": "error", "no-var": "error", eqeqeq: "error" },
  },
];
