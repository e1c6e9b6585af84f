"""The words of pages in the visitor's language: marked where they are written, looked up where they are drawn."""

import gettext as catalogues
from contextvars import ContextVar
from typing import Final

LANGUAGE: Final[ContextVar[str]] = ContextVar("language", default="en")
"""In which language this request is answered."""

_PLAIN: Final = catalogues.NullTranslations()


def _(message: str) -> str:
    """A sentence in the visitor's language; English, which is what it is marked by, where there is no other."""
    return _PLAIN.gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """As `_`, in the form that goes with a number."""
    return _PLAIN.ngettext(one, many, number)
