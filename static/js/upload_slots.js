// A few uploads at a time; the others wait in the order in which they came.

const AT_ONCE = 2;
/** @type {(() => void)[]} */
const waiting = [];
let running = 0;

// Resolves to the function that gives the turn back: to the next in line, if there is one.
/** @param {AbortSignal} signal */
export async function uploadSlot(signal) {
  if (running < AT_ONCE) running += 1;
  else await place(signal);
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
}

/** @param {AbortSignal} signal @returns {Promise<void>} */
function place(signal) {
  return new Promise((resolve, reject) => {
    waiting.push(resolve);
    signal.addEventListener("abort", () => {
      const index = waiting.indexOf(resolve);
      if (index >= 0) waiting.splice(index, 1);
      reject(signal.reason);
    });
  });
}
