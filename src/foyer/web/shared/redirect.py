"""Where to go on: only ever to a page of our own, whatever an address says."""

import re
from typing import Final
from urllib.parse import unquote

OFFICE: Final = "/office"
LENGTH_MAX: Final = 1_000
_PLAIN: Final = re.compile(r"/(?:office|door)(?:[/?][A-Za-z0-9\-._~%!$&'()*+,;=:@/?\[\]]*)?")
"""A path of the office or the door in the letters of RFC 3986: no host, no backslash, no space, nothing invisible."""


def own_path(text: str | None) -> str:
    """The page that was asked for before somebody had to sign in; the office's first one for anything doubtful."""
    if not text or len(text) > LENGTH_MAX or not _PLAIN.fullmatch(text):
        return OFFICE
    path = unquote(text.partition("?")[0])
    if "//" in path or "\\" in path or any(part in {".", ".."} for part in path.split("/")):
        return OFFICE
    return text
