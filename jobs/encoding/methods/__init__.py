"""The ways to steer an encoder, named as `Method` names them: `single`, `quality` (with its `search`), `size`."""
