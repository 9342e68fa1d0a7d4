// Compress a video from a browser, surviving crashes on either side.
//
//     for await (const job of compress(file)) console.log(job.state, job.progress?.fraction);
//
// Call it again with the same file after a crash: it finds its job by the id that it noted before the first byte left.

const BUSY = new Set([409, 429, 502, 503, 504]); // not now; the same request again is safe
/** @param {number} seconds */
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** @param {File} file @returns {string} */
function noteId(file) {
  const name = `job:${file.name}:${file.size}:${file.lastModified}`;
  if (!localStorage.getItem(name)) localStorage.setItem(name, crypto.randomUUID());
  return localStorage.getItem(name) ?? "";
}

/** @param {string} url @param {RequestInit} [options] */
async function persist(url, options) {
  for (let pause = 1; ; pause = Math.min(pause * 2, 60)) {
    const answer = await fetch(url, { credentials: "omit", ...options }).catch(() => null);
    if (answer && !BUSY.has(answer.status)) return answer;
    await sleep(Number(answer?.headers.get("Retry-After")) || pause);
  }
}

/** @param {Response} answer */
async function snapshotOf(answer) {
  const body = await answer.json();
  const job = answer.ok ? body : body.job; // failed, canceled or expired: the problem carries the job
  if (job) return { job, etag: answer.headers.get("ETag") };
  throw new Error(`${body.title}: ${body.detail}`);
}

/** @param {File} file @param {string} server */
async function submit(file, server) {
  const key = noteId(file);
  const found = await persist(`${server}/jobs?client_job_id=${key}`);
  if (found.status !== 404) return snapshotOf(found);
  const body = new FormData();
  body.append("client_job_id", key);
  body.append("last_modified", new Date(file.lastModified).toISOString());
  body.append("file", file);
  return snapshotOf(await persist(`${server}/jobs`, { method: "POST", body }));
}

/** @param {File} file */
export async function* compress(file, server = location.origin) {
  let { job, etag } = await submit(file, server);
  yield job;
  while (!job.is_final) {
    const headers = { Prefer: "wait=30", "If-None-Match": etag ?? "" }; // held until something else than this is true
    const answer = await persist(server + job.links.self, { headers });
    if (answer.status === 304) {
      await sleep(1); // the server could not hold it
      continue;
    }
    const newer = await snapshotOf(answer);
    if (newer.job.revision > job.revision) yield newer.job;
    ({ job, etag } = newer);
  }
}
