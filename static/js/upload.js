// One file's way to the server: looked at, named, announced, sent. Doing it again after a crash goes on where it stopped.

import { Refusal, persist } from "./http.js";
import { clientJobId, forgetClientJobId, noteArrival } from "./client_job_ids.js";
import { lastModified } from "./last_modified.js";
import { checkReadable } from "./readable.js";
import { send } from "./tus.js";

// The job's snapshot, once the last byte is in. `onAnnounced(snapshot)` tells what it is called before that.
/** @param {string} announceUrl @param {File} file @param {Fields} fields @param {UploadWatcher} watcher */
export async function upload(announceUrl, file, fields, watcher) {
  await checkReadable(file);
  let job = await inTurn(() => announce(announceUrl, file, fields, watcher));
  if (job.is_final && !job.links.result) {
    // A job of that name ended without a result: this is a new wish.
    forgetClientJobId(file, fields);
    job = await announce(announceUrl, file, fields, watcher);
  }
  watcher.onAnnounced(job);
  if (job.state === "uploading" && job.links.upload) await send(job.links.upload, file, watcher);
  noteArrival(file, fields);
  return job;
}

/** @type {Promise<unknown>} */
let before = Promise.resolve();

// One after the other, so that the server lists them in the order in which the page does.
/** @param {() => Promise<Snapshot>} call @returns {Promise<Snapshot>} */
function inTurn(call) {
  const mine = before.then(call);
  before = mine.catch(() => {});
  return mine;
}

/** @param {string} url @param {File} file @param {Fields} fields @param {UploadWatcher} watcher @returns {Promise<Snapshot>} */
async function announce(url, file, fields, { signal, onTrouble }) {
  const known = { filename: file.name, size: file.size, last_modified: lastModified(file) };
  const body = { ...known, client_job_id: clientJobId(file, fields), ...fields };
  const headers = { "Content-Type": "application/json" };
  try {
    const answer = await persist(url, { method: "POST", headers, body: JSON.stringify(body), signal }, onTrouble);
    return await answer.json();
  } catch (error) {
    if (error instanceof Refusal && error.job) return error.job; // an ended job is told as a problem that carries it
    throw error;
  }
}
