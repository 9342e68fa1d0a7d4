// What is chosen in the form: read from it, put into it, remembered by this browser.

const LAST = "choice";
const MEGABYTE = 1_000_000; // bytes, as the server counts them

// Not of one's taste, but of one film.
const OF_ONE_FILM = new Set(["file", "csrfmiddlewaretoken", "start", "end", "client_job_id", "batch", "last_modified"]);

/** @param {HTMLFormElement} form @returns {Fields} All that is chosen, whether it counts with this recipe or not. */
export function choiceIn(form) {
  return ofAnyFilm(Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== "")));
}

/** @param {Fields} fields @returns {Fields} Those that may count for another film as well. */
export function ofAnyFilm(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !OF_ONE_FILM.has(name)));
}

// Fields that the choice does not name are as the page offers them. What the page does not offer any more is left alone.
/** @param {HTMLFormElement} form @param {Record<string, any>} choice */
export function fill(form, choice) {
  const wanted = inMegabytes(form, choice);
  for (const control of /** @type {Iterable<any>} */ (form.elements)) {
    if (!control.name || OF_ONE_FILM.has(control.name)) continue;
    const value = wanted[control.name] === undefined ? undefined : String(wanted[control.name]);
    if (control.type === "radio") control.checked = value === undefined ? control.defaultChecked : control.value === value;
    else if (control.options) select(control, value);
    else if (control.type !== "hidden") control.value = value ?? control.defaultValue;
  }
  if (wanted.limit_megabytes) uncheck(form, "limit_bytes");
  if (!form.querySelector("[name=recipe]:checked")) checkDefault(form, "recipe");
  const options = form.querySelector("details.options");
  if (options) /** @type {HTMLDetailsElement} */ (options).open ||= isTouched(options);
}

/** @param {HTMLFormElement} form */
export function remember(form) {
  store(LAST, choiceIn(form));
}

/** @returns {Record<string, any> | null} */
export function remembered() {
  return stored(LAST);
}

// A browser may keep nothing, or be told to; then nothing is remembered, and all else works.
/** @param {string} key @param {any} value */
export function store(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // as above
  }
}

/** @param {string} key @returns {any} null: nothing that can be read. */
export function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

// A size that is not among those offered is a number.
/** @param {HTMLFormElement} form @param {Record<string, any>} choice @returns {Record<string, any>} */
function inMegabytes(form, { limit_bytes: bytes, ...others }) {
  if (bytes === undefined) return others;
  const isOffered = form.querySelector(`[name=limit_bytes][value="${Number(bytes)}"]`);
  return isOffered ? { ...others, limit_bytes: bytes } : { ...others, limit_megabytes: Number(bytes) / MEGABYTE };
}

/** @param {HTMLSelectElement} control @param {string | undefined} value */
function select(control, value) {
  const wanted = [...control.options].findIndex((option) => option.value === value);
  control.selectedIndex = wanted < 0 ? usualIndex(control) : wanted;
}

/** @param {HTMLFormElement} form @param {string} name */
function uncheck(form, name) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const radios = form.querySelectorAll(`[name=${name}]`);
  for (const radio of radios) radio.checked = false;
}

/** @param {HTMLFormElement} form @param {string} name */
function checkDefault(form, name) {
  /** @type {HTMLInputElement[]} */
  const radios = [...form.querySelectorAll(/** @type {"input"} */ (`[name=${name}]`))];
  const usual = radios.find((radio) => radio.defaultChecked) ?? radios[0];
  if (usual) usual.checked = true;
}

/** @param {Element} options */
function isTouched(options) {
  /** @type {any[]} */
  const controls = [...options.querySelectorAll("select, input")];
  return controls.some((control) =>
    control.options ? control.selectedIndex !== usualIndex(control) : control.value !== control.defaultValue,
  );
}

/** @param {HTMLSelectElement} control */
function usualIndex(control) {
  return Math.max(0, [...control.options].findIndex((option) => option.defaultSelected));
}
