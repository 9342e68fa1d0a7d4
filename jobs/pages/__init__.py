"""The pages: HTML first, drawn by the server; what a browser without JavaScript sends."""
