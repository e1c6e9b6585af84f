"""Documents: a template of ours, data of theirs, and a process that is stopped when it takes too long or too much."""

import asyncio
import struct
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from foyer.infra.press.coverage import covered, drawable
from foyer.kernel.errors import Busy

log = structlog.get_logger("foyer.press")

HERE: Final = Path(__file__).resolve().parent
FONTS: Final = HERE / "fonts"
SECONDS_MAX: Final = 10
MEMORY_MB_MAX: Final = 256
AT_ONCE: Final = 2
WAITING_MAX: Final = 50
# Nothing of ours is handed down: no secrets, no proxy. What would reach out ends at a port that nobody opens.
ENVIRONMENT: Final = {
    "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", "https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9",
}  # fmt: skip


class DocumentTooLarge(Exception):
    """A document could not be set within its limits of time and memory, or not at all."""


class Press:
    """Sets documents, a few at a time; each one in a process of its own, which knows nothing but the document."""

    def __init__(self, fonts: Path | None = None) -> None:
        """Fonts of the operator, for scripts that ours do not cover, stand in `fonts`."""
        self._fonts = [str(FONTS), *([str(fonts)] if fonts is not None and fonts.is_dir() else [])]
        self.house = (HERE / "house.typ").read_text(encoding="utf-8")
        self._known: frozenset[str] | None = None
        self._free = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def pdf(self, template: str, data: Mapping[str, Any], *, dated: datetime) -> bytes:
        """A document as PDF/A-2b; the same data always give the same bytes.

        Args:
            template: markup of ours, that reads `data` and nothing else.
            data: what it shows. It stays data: no text of anybody is ever read as markup.
            dated: the moment written into the document.

        Raises:
            DocumentTooLarge: it takes more time or memory than a document may.
            Busy: very many documents are asked for at once.
        """
        order = {"format": "pdf", "timestamp": int(dated.timestamp())}
        return (await self._set(template, data, order))[0]

    async def pictures(self, template: str, data: Mapping[str, Any], *, ppi: int = 110) -> list[bytes]:
        """The pages as PNG, for whoever wants to look at them."""
        return await self._set(template, data, {"format": "png", "ppi": ppi})

    async def _set(self, template: str, data: Mapping[str, Any], order: dict[str, Any]) -> list[bytes]:
        if self._waiting >= WAITING_MAX:
            raise Busy(retry_after_seconds=5)
        if self._known is None:
            self._known = await asyncio.to_thread(covered, self._fonts)
        data = drawable(data, self._known)
        limits = {"seconds": SECONDS_MAX, "memoryMb": MEMORY_MB_MAX}
        whole = {**order, **limits, "fonts": self._fonts, "template": self.house + template, "data": data}
        self._waiting += 1
        try:
            async with self._free:
                return await _run(msgspec.json.encode(whole))
        finally:
            self._waiting -= 1


async def _run(order: bytes) -> list[bytes]:
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(HERE / "child.py"), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=ENVIRONMENT, cwd="/"
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS_MAX):
            out, _ = await child.communicate(order)
    except TimeoutError:
        raise DocumentTooLarge(f"a document took longer than {SECONDS_MAX} seconds") from None
    finally:
        if child.returncode is None:
            child.kill()
            await asyncio.shield(child.wait())
    if child.returncode:
        # What the library says may quote what people typed, so it is not written down.
        log.error("a document could not be set", code=child.returncode)
        raise DocumentTooLarge("a document could not be set")
    return _pages(out)


def _pages(out: bytes) -> list[bytes]:
    pages, at = [], 0
    while at < len(out):
        (length,) = struct.unpack_from(">Q", out, at)
        pages.append(out[at + 8 : at + 8 + length])
        at += 8 + length
    return pages
