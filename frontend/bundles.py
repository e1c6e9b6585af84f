"""Bundles what stands in `entries` into src/foyer/web/static, where git does not look, whenever it is not what lies there already."""

import os
import shutil
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Final

from frontend import node

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
STATIC: Final = ROOT / "src/foyer/web/static"
MODULES: Final = HERE / "node_modules"
STATE: Final = HERE / ".state"
BUILT: Final = STATE / "built"
"""The digest of what was bundled, and then the name of each file that came of it."""
SOURCES: Final = ("package-lock.json", "tsconfig.json", "build.mjs", "entries/**/*.ts", "modules/**/*.ts")
LOOK_SECONDS: Final = 0.5


def ensure() -> None:
    """Build what pages load, unless that is what lies there; several processes may ask at a time."""
    if _is_built():
        return
    node.install(HERE, is_all=False)
    with node.one_at_a_time(HERE):
        if not _is_built():
            _bundle()


def check() -> None:
    """Types, lint and format of every script."""
    node.install(HERE, is_all=True)
    biome, tsc = MODULES / "@biomejs/biome/bin/biome", MODULES / "typescript/bin/tsc"
    node.run(HERE, "node", str(biome), "check", "--error-on-warnings", ".")
    node.run(HERE, "node", str(tsc), "--project", ".")


def watch() -> None:
    """Build whenever a file changes, for as long as the process that started this one is there."""
    parent, seen = os.getppid(), ""
    while os.getppid() == parent:
        if (now := _digest()) != seen:
            seen = now
            try:
                ensure()
            except node.NodeError as problem:
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


def _bundle() -> None:
    """All of it is there before the first file takes its place."""
    digest, output = _digest(), STATE / "output"
    shutil.rmtree(output, ignore_errors=True)
    node.run(HERE, "node", "build.mjs", str(output))
    made = sorted(path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file())
    for name in made:
        (STATIC / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).replace(STATIC / name)
    for name in set(_built()[1]) - set(made):
        (STATIC / name).unlink(missing_ok=True)
    BUILT.write_text("\n".join([digest, *made, ""]), encoding="utf-8")
