"""Node and npm: from PATH, or from PyPI where there are none. What npm brings stands with its hash in the package-lock.json of a folder;
none of it runs a script of its own while it is installed.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

MAJOR_MIN: Final = 20
REQUIREMENTS: Final = Path(__file__).resolve().parents[1] / "requirements/node.txt"


class NodeError(Exception):
    """There is no Node, or what it was to do has failed; the text says why."""


def run(folder: Path, program: str, *arguments: str, more: Mapping[str, str] | None = None) -> str:
    """Run `node` or `npm` in a folder, with `more` in its environment; returns what it printed."""
    where = _node_folder()
    path = os.pathsep.join([str(where), os.environ.get("PATH", os.defpath)])
    command = [str(where / program), *arguments]
    environment = os.environ | {"PATH": path} | dict(more or {})
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NodeError(
            f"`{program} {' '.join(arguments)}` in {folder.name} failed:\n{done.stdout}{done.stderr}".rstrip()
        )
    return done.stdout


def install(folder: Path, *, is_all: bool) -> None:
    """Have npm bring what a folder's package needs, with `is_all` also what only its developers do."""
    lock = sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    mark = folder / "node_modules/.installed"
    with one_at_a_time(folder):
        found = mark.read_text(encoding="utf-8").split() if mark.is_file() else []
        if found == [lock, "all"] or (found == [lock, "some"] and not is_all):
            return
        only = () if is_all else ("--omit=dev",)
        run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", *only)
        mark.write_text(f"{lock} {'all' if is_all else 'some'}", encoding="utf-8")


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    state = folder / ".state"
    state.mkdir(exist_ok=True)
    with (state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _node_folder() -> Path:
    """Where `node` and `npm` lie; from PyPI, into this environment, where the machine has none or an old one."""
    node = shutil.which("node")
    if node and shutil.which("npm") and _major(node) >= MAJOR_MIN:
        return Path(node).parent
    own = Path(sys.executable).parent
    if not (own / "node").is_file():
        uv = own / "uv"
        wanted = ("--require-hashes", "-r", str(REQUIREMENTS))
        command = [str(uv), "pip", "install", "--quiet", "--python", sys.executable, *wanted]
        if not uv.is_file() or subprocess.run(command, check=False).returncode:
            raise NodeError(
                f"Building the scripts needs Node {MAJOR_MIN} or newer, with npm, on PATH; from PyPI it could not be had."
            )
    return own


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.removeprefix("v").partition(".")[0] or 0)
