// Uploads a file with Uppy's tus plugin and says in JSON lines what happens: node uppy.mjs '{"endpoint": …, …}'
import { readFileSync } from "node:fs";
import Uppy from "@uppy/core";
import Tus from "@uppy/tus";

const { endpoint, path, name, metadata, ...options } = JSON.parse(process.argv[2]);
const say = (message) => console.log(JSON.stringify(message));

const retryDelays = [0, 500, ...Array(60).fill(1000)];
const uppy = new Uppy().use(Tus, { endpoint, retryDelays, ...options });
uppy.on("upload-progress", (file, progress) => say({ sent: progress.bytesUploaded }));
uppy.on("upload-error", (file, error) => say({ error: String(error.message) }));
// In Node tus-js-client takes a Buffer where a browser has a File, of which Uppy only asks the size.
const data = readFileSync(path);
uppy.addFile({ name, type: "video/mp4", data: Object.assign(data, { size: data.length }), meta: metadata });
const result = await uppy.upload();
for (const file of result.successful) say({ done: file.uploadURL });
process.exitCode = result.failed.length;
