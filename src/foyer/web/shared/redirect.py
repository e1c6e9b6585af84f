"""Where to go on: only ever to a page of our own, whatever an address says."""

import re
from contextvars import ContextVar
from typing import Final
from urllib.parse import unquote

ADDRESS: Final[ContextVar[tuple[bytes, bytes]]] = ContextVar("address", default=(b"/", b""))
"""Path and query of what is asked for; `NOWHERE` for the answer to a form, which no address opens again."""
NOWHERE: Final = (b"", b"")
OFFICE: Final = "/office"
LENGTH_MAX: Final = 1_000
START: Final = "/"
_PLAIN: Final = re.compile(r"/[A-Za-z0-9\-._~%!$&'()*+,;=:@/?\[\]]*")
"""A path in the letters of RFC 3986: no host, no backslash, no space, nothing invisible."""
_STAFF: Final = re.compile(r"/(?:office|door)(?:[/?].*)?")


def own_path(text: str | None) -> str:
    """The page that was asked for before somebody had to sign in; the office's first one for anything doubtful."""
    return text if text and _is_ours(text) and _STAFF.fullmatch(text) else OFFICE


def own_page(text: str | None) -> str:
    """The page of ours that a form was sent from; the start for anything doubtful."""
    return text if text and _is_ours(text) else START


def _is_ours(text: str) -> bool:
    if len(text) > LENGTH_MAX or not _PLAIN.fullmatch(text):
        return False
    path = unquote(text.partition("?")[0])
    return not ("//" in path or "\\" in path or any(part in {".", ".."} for part in path.split("/")))


def here() -> str:
    """The address of the page that is asked for, for a form on it that comes back; nothing where what was typed would be lost."""
    path, query = (part.decode("ascii", "replace") for part in ADDRESS.get())
    return f"{path}?{query}" if query else path
