// Following a job until it is final. Push is a hint, the poll is the truth; both carry the same snapshot.
//
// 1. Open the socket. The server sends the snapshot as it is now, then each newer one; when there is nothing new for a
//    while, the last one again.
// 2. Nothing came for longer than that, or the socket cannot be had or breaks: poll.
// 3. The poll finds nothing that the socket did not tell: the socket is well. Otherwise go on polling, and say so.
// 4. A broken socket is opened again, less and less often. What comes over it ends the polling.
// 5. The tab becomes visible again: poll once, since timers and sockets sleep in the background.
// 6. After a final snapshot it ends. What is older than what the card shows, the card drops.

import { NOT_NOW } from "./http.js";

const SILENCE = { running: 6, waiting: 30 }; // seconds; a running job reports every one or two, others every 20
const LONGEST_ANSWER = 8; // seconds; who takes longer is as good as unreachable
const [DONE, NOT_FOUND] = [1000, 4404];

export class JobFeed {
  /** @type {string | undefined} */ etag;
  /** @type {WebSocket | undefined} */ socket;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ silenceTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ pollTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ openTimer;
  pause = 0; // seconds until the next poll
  silence = SILENCE.running;
  revision = 0; // of the newest snapshot
  told = 0; // of the newest that the socket told
  polling = false;
  asking = false;
  stopped = false;

  /** @param {{ self: string, events: string }} links @param {FeedWatcher} watcher */
  constructor({ self, events }, { onSnapshot, onTransport, onGone }) {
    this.self = self;
    this.events = events;
    this.onSnapshot = onSnapshot;
    this.onTransport = onTransport;
    this.onGone = onGone;
    this.reopenAfter = 1;
    this.poll = this.poll.bind(this);
    this.whenVisible = () => document.visibilityState === "visible" && this.poll();
  }

  start() {
    document.addEventListener("visibilitychange", this.whenVisible);
    this.open();
  }

  stop() {
    this.stopped = true;
    document.removeEventListener("visibilitychange", this.whenVisible);
    for (const timer of [this.silenceTimer, this.pollTimer, this.openTimer]) clearTimeout(timer);
    this.socket?.close();
  }

  open() {
    this.expectNews();
    try {
      this.socket = new WebSocket(new URL(this.events, location.href.replace(/^http/, "ws")));
    } catch {
      this.reopenLater();
      return;
    }
    this.socket.onmessage = ({ data }) => this.heard(JSON.parse(data));
    this.socket.onclose = ({ code }) => {
      if (this.stopped) return; // what a socket says after that is not news
      if (code === NOT_FOUND) this.stop(), this.onGone();
      else if (code !== DONE) this.reopenLater();
      else this.poll();
    };
  }

  /** @param {Snapshot} snapshot */
  heard(snapshot) {
    if (this.stopped) return;
    clearTimeout(this.pollTimer);
    this.polling = false;
    this.reopenAfter = 1;
    this.told = snapshot.revision;
    this.silence = snapshot.state === "running" ? SILENCE.running : SILENCE.waiting;
    this.expectNews();
    this.onTransport("Live");
    this.take(snapshot);
  }

  expectNews() {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(this.poll, this.silence * 1000);
  }

  reopenLater() {
    if (this.stopped) return;
    this.poll();
    this.openTimer = setTimeout(() => this.open(), this.reopenAfter * 1000);
    this.reopenAfter = Math.min(this.reopenAfter * 2, 60);
  }

  async poll() {
    if (this.stopped || this.asking) return;
    clearTimeout(this.pollTimer);
    this.polling = this.asking = true;
    /** @type {HeadersInit} */
    const headers = { Accept: "application/json", ...(this.etag && { "If-None-Match": this.etag }) };
    const signal = AbortSignal.timeout(LONGEST_ANSWER * 1000);
    const answer = await fetch(this.self, { headers, signal }).catch(() => null);
    const body = answer && answer.status !== 304 ? await answer.json().catch(() => null) : null;
    this.asking = false;
    if (this.stopped) return;
    if (answer?.status === 404) return this.stop(), this.onGone();
    this.etag = answer?.headers.get("ETag") ?? this.etag;
    const snapshot = body?.job ?? body; // a job that ended otherwise is told as a problem that carries it
    if (this.polling) this.pollAgain(answer, snapshot);
    if (snapshot?.revision) this.take(snapshot);
  }

  /** @param {Response | null} answer @param {Snapshot | null} snapshot */
  pollAgain(answer, snapshot) {
    const found = answer?.status === 304 ? this.revision : (snapshot?.revision ?? Infinity);
    if (found <= this.told && this.socket?.readyState === WebSocket.OPEN) {
      this.polling = false;
      this.onTransport("Live");
      return this.expectNews();
    }
    this.onTransport(answer ? "Polling" : "Offline");
    if (answer?.status !== 304) this.pause = pause(answer, snapshot); // which says nothing of it: the advice stands
    this.pollTimer = setTimeout(this.poll, this.pause * 1000);
  }

  /** @param {Snapshot} snapshot */
  take(snapshot) {
    if (this.stopped) return;
    this.revision = Math.max(this.revision, snapshot.revision);
    if (snapshot.is_final) this.stop();
    this.onSnapshot(snapshot);
  }
}

// A running job is asked often, one that waits as the server advises; who is told to wait waits that long.
/** @param {Response | null} answer @param {Snapshot | null} body */
function pause(answer, body) {
  if (body?.state === "running") return 2;
  const advice = Math.max(Number(answer?.headers.get("Retry-After")) || 2, 2);
  return answer && NOT_NOW.has(answer.status) ? advice : Math.min(advice, 15);
}
