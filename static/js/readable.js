// Whether a chosen file can still be read. A browser tells of one that cannot as it does of a broken connection, so who
// fails to send asks here before blaming the network.

// In words for a person. The file is the cause: trying again helps only once it is there again as it was.
export class Unreadable extends Error {
  title = "This file cannot be read";

  constructor() {
    super("It is a folder, was changed, moved or deleted after you chose it, or may not be opened. Choose it again.");
  }
}

// Throws Unreadable.
/** @param {Blob} file */
export async function checkReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new Unreadable();
  }
}
