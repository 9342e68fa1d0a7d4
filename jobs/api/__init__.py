"""The HTTP API of the contract (docs/clients.md): views, what they take and answer, and its description."""
