"""In which languages Foyer writes to people, which of them somebody reads, and sentences that are told in any of them."""

from collections.abc import Callable
from typing import Final

LANGUAGES: Final = ("en", "de")
"""The first one is for where nothing better is known."""
RANGES_MAX: Final = 20


class Said(str):
    """An English sentence that remembers what it was made of, so that it can be told in another language."""

    __slots__ = ("message", "values")
    message: str
    values: dict[str, object]

    def told(self, translated: Callable[[str], str], language: str) -> str:
        """The sentence in another language; `translated` looks up what it is made of."""
        return _filled(translated(self.message), self.values, language)


def said(message: str, **values: object) -> Said:
    """A sentence for people, marked to be translated; a value that is a function is asked with the language it is told in.

    `said("Only %(left)s are left.", left=3)`. A sentence without values is taken as it stands.
    """
    one = Said(_filled(message, values, LANGUAGES[0]))
    one.message, one.values = message, values
    return one


def restated(english: str, message: str) -> Said:
    """What stands in English already, a library's words or those of the API; other languages say `message` in its place."""
    one = Said(english)
    one.message, one.values = message, {}
    return one


def _filled(message: str, values: dict[str, object], language: str) -> str:
    if not values:
        return message
    return message % {name: value(language) if callable(value) else value for name, value in values.items()}


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
