"""Bundles what stands in `entries` into src/foyer/web/static, where git does not look, whenever it is not what lies there already.

Node and npm come from PATH, or from PyPI where there are none. What npm brings stands with its hash in package-lock.json; none of it
runs a script of its own while it is installed.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
STATIC: Final = ROOT / "src/foyer/web/static"
MODULES: Final = HERE / "node_modules"
STATE: Final = HERE / ".state"
BUILT: Final = STATE / "built"
"""The digest of what was bundled, and then the name of each file that came of it."""
SOURCES: Final = ("package-lock.json", "tsconfig.json", "build.mjs", "entries/**/*.ts", "modules/**/*.ts")
NODE_MAJOR_MIN: Final = 20
LOOK_SECONDS: Final = 0.5


class BuildError(Exception):
    """The scripts cannot be built; the text says why."""


def ensure() -> None:
    """Build what pages load, unless that is what lies there; several processes may ask at a time."""
    if _is_built():
        return
    install(is_all=False)
    with _one_at_a_time():
        if not _is_built():
            _bundle()


def install(*, is_all: bool) -> None:
    """Have npm bring what bundling needs, and with `is_all` also what checks."""
    lock = sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    mark = MODULES / ".installed"
    with _one_at_a_time():
        found = mark.read_text(encoding="utf-8").split() if mark.is_file() else []
        if found == [lock, "all"] or (found == [lock, "some"] and not is_all):
            return
        only = () if is_all else ("--omit=dev",)
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", *only)
        mark.write_text(f"{lock} {'all' if is_all else 'some'}", encoding="utf-8")


def check() -> None:
    """Types, lint and format of every script."""
    install(is_all=True)
    biome, tsc = MODULES / "@biomejs/biome/bin/biome", MODULES / "typescript/bin/tsc"
    _run("node", str(biome), "check", "--error-on-warnings", ".")
    _run("node", str(tsc), "--project", ".")


def watch() -> None:
    """Build whenever a file changes, for as long as the process that started this one is there."""
    parent, seen = os.getppid(), ""
    while os.getppid() == parent:
        if (now := _digest()) != seen:
            seen = now
            try:
                ensure()
            except BuildError as problem:
                print(problem, file=sys.stderr)
        time.sleep(LOOK_SECONDS)


def _digest() -> str:
    files = sorted(path for pattern in SOURCES for path in HERE.glob(pattern))
    names = [path.relative_to(HERE).as_posix().encode() for path in files]
    parts = [part for name, path in zip(names, files, strict=True) for part in (name, path.read_bytes())]
    return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()


def _built() -> tuple[str, list[str]]:
    digest, *names = BUILT.read_text(encoding="utf-8").split() if BUILT.is_file() else [""]
    return digest, names


def _is_built() -> bool:
    digest, names = _built()
    return digest == _digest() and all((STATIC / name).is_file() for name in names)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    STATE.mkdir(exist_ok=True)
    with (STATE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _bundle() -> None:
    """All of it is there before the first file takes its place."""
    digest, output = _digest(), STATE / "output"
    shutil.rmtree(output, ignore_errors=True)
    _run("node", "build.mjs", str(output))
    made = sorted(path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file())
    for name in made:
        (STATIC / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).replace(STATIC / name)
    for name in set(_built()[1]) - set(made):
        (STATIC / name).unlink(missing_ok=True)
    BUILT.write_text("\n".join([digest, *made, ""]), encoding="utf-8")


def _run(program: str, *arguments: str) -> None:
    folder = _node_folder()
    path = os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)])
    command = [str(folder / program), *arguments]
    done = subprocess.run(
        command, cwd=HERE, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildError(
            f"`{program} {' '.join(arguments)}` in {HERE.name} failed:\n{done.stdout}{done.stderr}".rstrip()
        )


def _node_folder() -> Path:
    """Where `node` and `npm` lie; from PyPI, into this environment, where the machine has none or an old one."""
    node = shutil.which("node")
    if node and shutil.which("npm") and _major(node) >= NODE_MAJOR_MIN:
        return Path(node).parent
    own = Path(sys.executable).parent
    if not (own / "node").is_file():
        uv = own / "uv"
        wanted = ("--require-hashes", "-r", str(ROOT / "requirements/node.txt"))
        command = [str(uv), "pip", "install", "--quiet", "--python", sys.executable, *wanted]
        if not uv.is_file() or subprocess.run(command, check=False).returncode:
            raise BuildError(
                f"Building the scripts needs Node {NODE_MAJOR_MIN} or newer, with npm, on PATH; from PyPI it could not be had."
            )
    return own


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.removeprefix("v").partition(".")[0] or 0)
