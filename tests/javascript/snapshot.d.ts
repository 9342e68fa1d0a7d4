// The name by which the scripts call the contract's snapshot.
type Snapshot = import("./openapi.js").components["schemas"]["Snapshot"];
