"""Beginnings of texts, in a form that reaches an index from behind the tenant wall."""

from typing import Any, Final

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

_LAST: Final = "\U0010ffff"


def begins(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    """Whether a key text (compared byte by byte) begins so.

    Not `LIKE`: it may tell of rows it sees, so PostgreSQL applies it only after row-level security, to every row there is.
    Comparisons are known to keep quiet, and go first.
    """
    return and_(column >= text, column < text + _LAST)
