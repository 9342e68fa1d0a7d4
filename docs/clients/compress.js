// Compress a video from a browser, surviving crashes on either side.
//
//     for await (const job of compress(file)) console.log(job.state, job.progress?.fraction);
//
// Call it again with the same file after a crash: it finds its job by the id that it noted before the first byte left.

const BUSY = new Set([409, 429, 502, 503, 504]); // not now; the same request again is safe
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function noteId(file) {
  const name = `job:${file.name}:${file.size}:${file.lastModified}`;
  if (!localStorage.getItem(name)) localStorage.setItem(name, crypto.randomUUID());
  return localStorage.getItem(name);
}

async function persist(url, options) {
  for (let pause = 1; ; pause = Math.min(pause * 2, 60)) {
    const answer = await fetch(url, { credentials: "omit", ...options }).catch(() => null);
    if (answer && !BUSY.has(answer.status)) return answer;
    await sleep(Number(answer?.headers.get("Retry-After")) || pause);
  }
}

async function snapshotOf(answer) {
  const body = await answer.json();
  if (answer.ok) return body;
  if (body.job) return body.job; // failed, canceled or expired: the problem carries the job
  throw new Error(`${body.title}: ${body.detail}`);
}

async function submit(file, server) {
  const key = noteId(file);
  const found = await persist(`${server}/jobs?client_job_id=${key}`);
  if (found.status !== 404) return found;
  const body = new FormData();
  body.append("client_job_id", key);
  body.append("file", file);
  return persist(`${server}/jobs`, { method: "POST", body });
}

export async function* compress(file, server = location.origin) {
  let answer = await submit(file, server);
  let job = await snapshotOf(answer);
  yield job;
  while (!job.is_final) {
    // The ETag goes back as it came: the place in line is part of it.
    const headers = { Prefer: "wait=30", "If-None-Match": answer.headers.get("ETag") ?? "" };
    const next = await persist(server + job.links.self, { headers });
    if (next.status === 304) {
      await sleep(1); // the server could not hold the question
      continue;
    }
    answer = next;
    const newer = await snapshotOf(answer);
    if (newer.revision > job.revision) yield (job = newer);
  }
}
