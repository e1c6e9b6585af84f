"""Cursors: a page ends with an opaque mark from which the next one goes on, stable while rows are added."""

import base64
import binascii
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from foyer.kernel.errors import Invalid

PAGE_MAX = 100
PAGE_DEFAULT = 25

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    items: list[Row]
    next_cursor: str | None


class Spot(NamedTuple):
    """Where a list that can be walked both ways is looked at: after a row, before one, or from its beginning."""

    after: str | None = None
    before: str | None = None
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Row]):
    """Some rows of a list, with the marks from which it goes on either way."""

    items: list[Row]
    before: str | None
    after: str | None


def write_cursor(row_id: UUID) -> str:
    return base64.urlsafe_b64encode(row_id.bytes).decode().rstrip("=")


def read_cursor(text: str | None) -> UUID | None:
    """The id after which a page goes on.

    Raises:
        Invalid: the text is not a cursor that was handed out.
    """
    if text is None:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        raise Invalid(
            "This is no cursor of ours; use nextCursor of the page before.", field="cursor"
        ) from None
