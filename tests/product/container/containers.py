"""Building and running images where no registry, no systemd and no cgroup of one's own can be counted on."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.product.stack import ROOT

BASE = "localhost/compressor-base:trixie"
IMAGE = "localhost/compressor-tested"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
# What deploy/compose.yaml takes away.
WITHOUT_RIGHTS = ["--read-only", "--tmpfs=/tmp", "--cap-drop=all", "--security-opt=no-new-privileges"]


def run(*command: str | Path, check: bool = True) -> str:
    """Its standard output; errors go where pytest shows them."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as settings:
        settings.write("[containers]\ndefault_ulimits = []\n")
        settings.flush()
        environment = os.environ | {"CONTAINERS_CONF": settings.name}
        return subprocess.run(command, env=environment, check=check, stdout=subprocess.PIPE, text=True).stdout


def build() -> None:
    if not run("podman", "images", "--quiet", BASE):
        _make_base()
    arguments = ["--isolation=chroot", "--pull-never", "--network=host", "--format=docker", f"--build-arg=BASE={BASE}"]
    run("buildah", "bud", *arguments, "--file", ROOT / "deploy/Dockerfile", "--tag", IMAGE, ROOT)


def _make_base() -> None:
    """A bare Debian with Python, made once on a machine, which trusts whom this machine trusts."""
    with tempfile.TemporaryDirectory() as directory:
        root, archive = Path(directory) / "root", Path(directory) / "root.tar"
        run("debootstrap", "--variant=minbase", "--include=ca-certificates,python3,python3-venv", "trixie", root)
        shutil.copy(CERTIFICATES, root / CERTIFICATES.lstrip("/"))
        (root / "etc/pip.conf").write_text(f"[global]\ncert = {CERTIFICATES}\n")
        run("tar", "--directory", root, "--one-file-system", "--create", "--file", archive, ".")
        run("podman", "import", archive, BASE)


class Container:
    """The image, running on a free port of this machine over a volume or a directory."""

    def __init__(self, data: str, *arguments: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        address = ["--network=host", "--env=HOST=127.0.0.1", f"--env=PORT={port}"]
        options = [*address, *WITHOUT_RIGHTS, f"--volume={data}:/data", *arguments]
        self.id = run("podman", "--runtime=runc", "run", "--detach", *options, IMAGE).strip()

    def __enter__(self) -> "Container":
        return self

    def __exit__(self, *_: object) -> None:
        run("podman", "rm", "--force", "--time=0", self.id)

    def stop(self) -> int:
        """As `docker stop` does; its exit status."""
        run("podman", "stop", "--time=60", self.id)
        return int(run("podman", "inspect", "--format={{.State.ExitCode}}", self.id))

    def start(self) -> None:
        run("podman", "--runtime=runc", "start", self.id)

    def execute(self, *command: str) -> str:
        return run("podman", "--runtime=runc", "exec", self.id, *command)

    def is_healthy(self) -> bool:
        command = ["podman", "--runtime=runc", "healthcheck", "run", self.id]
        return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0

    def logs(self) -> str:
        return run("podman", "logs", self.id)
