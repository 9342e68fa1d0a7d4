// The words that the page's modules share, for the type checker alone.

type Snapshot = import("./api").components["schemas"]["Snapshot"];
type Progress = import("./api").components["schemas"]["Progress"];
type Estimate = import("./api").components["schemas"]["EstimateInfo"];
type Estimates = import("./api").components["schemas"]["Estimates"];
type Fields = Record<string, FormDataEntryValue>;
type Complaint = { title?: string; message?: string; code?: string };
type Problem = Complaint & { job?: Snapshot };
type Found = { files: File[]; others: number; unreadable: string[] };
type FeedWatcher = { onSnapshot(snapshot: Snapshot): void; onTransport(name: string): void; onGone(): void };
type Trouble = (refusal: Complaint | null) => void;
type SendWatcher = { onSent(bytes: number): void; onTrouble: Trouble; signal: AbortSignal };
type UploadWatcher = SendWatcher & { onAnnounced(job: Snapshot): void };
