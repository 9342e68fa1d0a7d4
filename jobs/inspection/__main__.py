import json
import os
import sys
from pathlib import Path

import av

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from jobs.inspection.look import look
from jobs.inspection.memory import OWN_SIZE
from jobs.sandbox.confinement import confine_self

CODE = (Path(av.__file__).parent, Path(json.__file__).parent.parent)  # both import more when they need it

wanted = (float(sys.argv[2]), float(sys.argv[3]) if sys.argv[3:] else None) if sys.argv[2:] else None

confine_self(Path(sys.argv[1]), OWN_SIZE, *CODE)
try:
    found = look(sys.argv[1], wanted)
except av.FFmpegError as error:  # anything else is a defect of ours, and ends in a traceback
    print(error, file=sys.stderr)
    found = {"refused": "nothing"}
except MemoryError:
    found = {"refused": "memory"}
print(json.dumps(found), flush=True)
os._exit(0)  # with nothing to tidy up, which would take a tenth of its time
