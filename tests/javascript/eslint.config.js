import js from "@eslint/js";

const names = (list) => Object.fromEntries(list.split(" ").map((name) => [name, "readonly"]));
const BROWSER = names(
  "AbortController AbortSignal CSS CustomEvent DOMException DataTransfer Event File FormData HTMLElement URL WebSocket XMLHttpRequest " +
    "addEventListener removeEventListener clearTimeout setInterval setTimeout confirm crypto customElements document fetch " +
    "localStorage location performance",
);
const NODE = names("Blob EventTarget Response queueMicrotask setImmediate globalThis"); // what the unit tests use besides

export default [
  { ignores: ["**/node_modules/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: { ...BROWSER, ...NODE } },
    rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error" },
  },
];
