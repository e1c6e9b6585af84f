"""Where bytes are kept: under the hash of what they are, so that nothing is ever overwritten and nothing chooses a path."""

import asyncio
import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import structlog

log = structlog.get_logger("foyer.files")

HASH_BYTES: Final = hashlib.sha256().digest_size


class FileStore(Protocol):
    """Keeps bytes and gives them back by their SHA-256."""

    async def put(self, content: bytes) -> bytes:
        """Keep these bytes; returns their hash. They are safe on disk when this returns, and twice is as good as once."""

    async def get(self, content_hash: bytes) -> bytes | None:
        """The bytes with this hash; None where there are none, or no longer whole."""

    async def remove(self, content_hash: bytes) -> None:
        """Forget the bytes with this hash, if there are any."""


class LocalFiles:
    """Files in one directory of this machine: `ab/cd/<the whole hash>`, readable by this user alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, content: bytes) -> bytes:
        return await asyncio.to_thread(self._put, content)

    async def get(self, content_hash: bytes) -> bytes | None:
        return await asyncio.to_thread(self._get, content_hash)

    async def remove(self, content_hash: bytes) -> None:
        await asyncio.to_thread(self._path(content_hash).unlink, missing_ok=True)

    def _path(self, content_hash: bytes) -> Path:
        """Where a hash lives. Only a hash is taken, so no name from outside ever becomes a path."""
        if len(content_hash) != HASH_BYTES:
            raise ValueError(f"a hash has {HASH_BYTES} bytes")
        name = content_hash.hex()
        return self.folder / name[:2] / name[2:4] / name

    def _put(self, content: bytes) -> bytes:
        content_hash = hashlib.sha256(content).digest()
        path = self._path(content_hash)
        if self._get(content_hash) is not None:
            return content_hash
        folders = (self.folder, path.parent.parent, path.parent)
        for folder in folders:  # one by one: the mode is for the last folder of a path only
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=self.folder, prefix="new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # A reader sees the whole file or none, also where two write the same at once.
            Path(fresh).replace(path)
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
        for folder in reversed(folders):
            _sync(folder)
        return content_hash

    def _get(self, content_hash: bytes) -> bytes | None:
        path = self._path(content_hash)
        try:
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                content = file.read()
        except FileNotFoundError:
            return None
        if hashlib.sha256(content).digest() != content_hash:
            log.error("a file is damaged", path=str(path))
            return None
        return content


def _sync(folder: Path) -> None:
    """Make the names in a folder safe; where the system cannot, the file itself still is."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def files_in(data: Path) -> FileStore:
    """The file store of an installation with this data directory."""
    return LocalFiles(data / "files")
