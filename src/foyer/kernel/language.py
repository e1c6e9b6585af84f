"""In which languages Foyer writes to people, and which of them somebody reads."""

from typing import Final

LANGUAGES: Final = ("en", "de")
"""The first one is for where nothing better is known."""
RANGES_MAX: Final = 20


def preferred(accept_language: str | None) -> str | None:
    """The language of ours that a browser likes best; None where it names none of them (RFC 9110 12.5.4)."""
    best, liking = None, 0.0
    for one in (accept_language or "")[:500].split(",")[:RANGES_MAX]:
        name, _, quality = one.partition(";")
        language = name.strip().lower().partition("-")[0]
        if language in LANGUAGES and (liked := _quality(quality)) > liking:
            best, liking = language, liked
    return best


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if name.strip() == "q" and 0 <= quality <= 1 else 0.0
