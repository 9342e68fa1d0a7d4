// One file's way to the server: named, announced, sent. Doing it again after a crash goes on where it stopped.

import { Refusal, persist } from "./http.js";
import { forgetClientJobId, clientJobId } from "./client_job_ids.js";
import { send } from "./tus.js";

// The job's snapshot, once the last byte is in. `onAnnounced(snapshot)` tells what it is called before that.
export async function upload(announceUrl, file, fields, listener) {
  let job = await announce(announceUrl, file, fields, listener);
  if (job.is_final && job.state !== "completed") { // a job of that name ended: this is a new wish
    forgetClientJobId(file, fields);
    job = await announce(announceUrl, file, fields, listener);
  }
  listener.onAnnounced(job);
  if (job.state === "uploading") await send(job.links.upload, file, listener);
  forgetClientJobId(file, fields);
  return job;
}

async function announce(url, file, fields, { signal, onTrouble }) {
  const body = { filename: file.name, size: file.size, client_job_id: clientJobId(file, fields), ...fields };
  const headers = { "Content-Type": "application/json" };
  try {
    const answer = await persist(url, { method: "POST", headers, body: JSON.stringify(body), signal }, onTrouble);
    return await answer.json();
  } catch (error) {
    if (error instanceof Refusal && error.job) return error.job; // an ended job is told as a problem that carries it
    throw error;
  }
}
