"""What an organizer may write with: the marks of a text, links out, pictures; nothing that runs, and no furniture of a page."""

import re
from typing import Final

import nh3

_MARKS: Final = {
    "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dl", "dt", "em", "figcaption", "figure",
    "h2", "h3", "h4", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "strong", "sub", "sup", "table",
    "tbody", "td", "th", "thead", "time", "tr", "u", "ul",
}  # fmt: skip
_SAID: Final = {
    "a": {"href"}, "bdo": {"dir"}, "img": {"src", "alt", "width", "height"}, "ol": {"start"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"}, "time": {"datetime"},
}  # fmt: skip
_SCHEMES: Final = {"http", "https", "mailto"}
_WHOLE: Final = {
    "a": re.compile(r"(?:https?://|mailto:)", re.IGNORECASE),
    "img": re.compile(r"https?://|/media/", re.IGNORECASE),
}
"""Addresses are written out: one that begins at our own server would act in the reader's name. Uploaded pictures only show."""


def _whole(tag: str, attribute: str, value: str) -> str | None:
    wanted = _WHOLE.get(tag) if attribute in {"href", "src"} else None
    return value if wanted is None or wanted.match(value.strip()) else None


_CLEANER: Final = nh3.Cleaner(
    tags=_MARKS,
    attributes=_SAID,
    url_schemes=_SCHEMES,
    attribute_filter=_whole,
    link_rel="noopener noreferrer nofollow",
)


def safe_prose(text: str) -> str:
    """HTML that may stand in a page of ours as it is."""
    return _CLEANER.clean(text)
