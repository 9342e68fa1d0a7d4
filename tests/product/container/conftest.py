"""Images can be built and run only by root, where buildah and podman are; elsewhere nothing is collected, and said."""

import os
import shutil

TOOLS = ("buildah", "podman", "runc", "debootstrap")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
CANNOT = f"{', '.join(MISSING)} not found" if MISSING else "" if os.geteuid() == 0 else "not root"
collect_ignore = ["test_image.py"] if CANNOT else []


def pytest_terminal_summary(terminalreporter) -> None:
    if CANNOT:
        terminalreporter.line(f"The container image was not tried: {CANNOT}.")
