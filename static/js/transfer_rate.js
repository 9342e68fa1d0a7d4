// How fast something is sent, over the last few seconds.

const WINDOW = 5; // seconds
const SHORTEST = 1; // before that it is not known

export class TransferRate {
  /** @type {[number, number][]} */ notes = []; // bytes, and when, in seconds

  /** @param {number} bytes @param {number} now */
  note(bytes, now) {
    if (bytes < (this.notes.at(-1)?.[0] ?? 0)) this.notes = []; // a part has to be sent again
    this.notes.push([bytes, now]);
    while (this.notes.length > 2 && now - this.notes[1][1] >= WINDOW) this.notes.shift();
  }

  // Bytes; 0 where it is not known yet.
  get perSecond() {
    const [first, last] = [this.notes[0], this.notes.at(-1)];
    if (!first || !last || last[1] - first[1] < SHORTEST) return 0;
    return (last[0] - first[0]) / (last[1] - first[1]);
  }
}
