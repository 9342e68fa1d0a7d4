import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from jobs.inspection.look import look

print(json.dumps(look(*sys.argv[1:])))
