"""The words of pages in the visitor's language: marked where they are written, looked up where they are drawn.

English is written in the templates and the code. `locale/<language>.po` says it in the others; `make words` keeps those in step.
"""

from contextvars import ContextVar
from pathlib import Path
from typing import Final

from babel import Locale

from foyer.infra.catalogues import catalogue
from foyer.kernel.language import Said

CATALOGUES: Final = Path(__file__).parent / "locale"
LANGUAGE: Final[ContextVar[str]] = ContextVar("language", default="en")
"""In which language this request is answered."""
NAMES: Final = {"en": "English", "de": "Deutsch"}
"""What each language calls itself."""


def _(message: str) -> str:
    """A sentence in the visitor's language; English, which is what it is marked by, where there is no other."""
    return catalogue(CATALOGUES, LANGUAGE.get()).gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """As `_`, in the form that goes with a number."""
    return catalogue(CATALOGUES, LANGUAGE.get()).ngettext(one, many, number)


def told(sentence: str) -> str:
    """What another room has said, in the visitor's language: a refusal, with what stands in it."""
    return sentence.told(_, LANGUAGE.get()) if isinstance(sentence, Said) else _(sentence)


def language() -> str:
    """In which language this page is drawn, for the page to say."""
    return LANGUAGE.get()


def direction() -> str:
    """Which way this page is read: `ltr` or `rtl`."""
    return Locale.parse(LANGUAGE.get()).text_direction
