// Uploads a file with tus-js-client and says in JSON lines what happens: node tus_js.mjs '{"endpoint": …, …}'
// `urls` names a file in which the client keeps where its uploads are, so that another run can resume them.
import { createReadStream, statSync } from "node:fs";
import tus from "tus-js-client";

const { FileUrlStorage, Upload } = tus; // a CommonJS module, whose names not every Node finds by itself
const { endpoint, path, metadata, urls, ...options } = JSON.parse(process.argv[2]);
const say = (message) => console.log(JSON.stringify(message));

const upload = new Upload(createReadStream(path), {
  endpoint,
  metadata,
  uploadSize: statSync(path).size,
  retryDelays: [0, 500, ...Array(60).fill(1000)],
  ...options,
  ...(urls ? { urlStorage: new FileUrlStorage(urls) } : {}),
  onProgress: (sent) => say({ sent }),
  onChunkComplete: (size, offset) => say({ offset }),
  onShouldRetry: (error) => {
    say({ retry: String(error.message) });
    return true;
  },
  onError: (error) => {
    say({ error: String(error.message) });
    process.exitCode = 1;
  },
  onSuccess: () => say({ done: upload.url }),
});
const [previous] = urls ? await upload.findPreviousUploads() : [];
if (previous) {
  say({ resumes: previous.uploadUrl });
  upload.resumeFromPreviousUpload(previous);
}
upload.start();
