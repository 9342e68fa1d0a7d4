// A few uploads at a time; the others wait in the order in which they came.

const AT_ONCE = 2;
const waiting = [];
let running = 0;

// Resolves to the function that gives the turn back.
export async function turn(signal) {
  if (running >= AT_ONCE) await place(signal);
  running += 1;
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    running -= 1;
    waiting.shift()?.();
  };
}

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
