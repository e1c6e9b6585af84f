"""Rows as CSV for spreadsheets: read a few hundred at a time, and harmless to open."""

import csv
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, Generic, NamedTuple, TypeVar
from uuid import UUID

import structlog

from foyer.infra.db.engine import Database
from foyer.infra.db.tx import ReadTx
from foyer.kernel.money import minor_to_decimal
from foyer.kernel.paging import Page

log = structlog.get_logger("foyer.export")

CSV: Final = "text/csv"
CHUNK: Final = 500
"""Rows that are read in one transaction and sent in one piece."""

Row = TypeVar("Row")
Cell = str | int | bool | Decimal | datetime | UUID | None
"""What people typed is `str`; everything else is ours and stays plain."""

# Spreadsheets run what begins so, blanks before it left aside. One that splits at semicolons, or does not know that a line break
# can stand inside quotes, begins a cell there as well.
_FORMULA: Final = re.compile(
    r"(^|\r\n|[;\t\r\n])(?=[\s\x00-\x20\u200b\ufeff]*[=+\-@＝＋－＠])|^(?=[\t\r\x00])"
)


class Column(NamedTuple, Generic[Row]):
    """One column: what it is called, and what stands in it."""

    name: str
    cell: Callable[[Row], Cell]


class Sheet(NamedTuple, Generic[Row]):
    """A file of rows: what it is called after, in the plural, its columns, and how its rows are read.

    `page` reads the rows that follow a cursor; None asks for the first ones. It is asked until there are none left.
    """

    noun: str
    columns: Sequence[Column[Row]]
    page: Callable[[ReadTx, str | None], Awaitable[Page[Row]]]

    def headers(self, day: date) -> dict[str, str]:
        """What the answer says of the file."""
        return {
            "Content-Disposition": f'attachment; filename="{self.noun}-{day}.csv"',
            "Cache-Control": "private, no-store",
        }


class Written(NamedTuple):
    """A file that has begun: the day it is of, and its pieces."""

    day: date
    pieces: AsyncIterator[str]


async def written(
    database: Database, organization_id: UUID, sheet: Sheet[Row], *, request_id: str
) -> Written:
    """A file that is written while it is read: no transaction is open while the client takes its time.

    Each piece is a transaction of its own, so a row that changes meanwhile is told as it is when its turn comes. Where reading
    breaks off, so does the connection: what is not whole never ends as if it were.
    """

    async def piece(cursor: str | None) -> tuple[str, str | None]:
        async with database.read(organization_id) as tx:
            rows = await sheet.page(tx, cursor)
        return _text([column.cell(row) for column in sheet.columns] for row in rows.items), rows.next_cursor

    async def pieces(text: str, cursor: str | None) -> AsyncIterator[str]:
        yield _text([[column.name for column in sheet.columns]]) + text
        while cursor is not None:
            try:
                text, cursor = await piece(cursor)
            except Exception:
                log.exception("export broke off", noun=sheet.noun, request_id=request_id)
                raise
            yield text

    async with database.read(organization_id) as tx:
        day = (await tx.now()).date()
    # Read before the answer begins, so that what cannot be read at all is refused like anything else.
    return Written(day, pieces(*await piece(None)))


def _text(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as RFC 4180 has them."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([_shown(cell) for cell in row] for row in rows)
    return written.getvalue()


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return harmless(cell)
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case Decimal():
            return f"{cell:f}"
    return str(cell)


def harmless(text: str) -> str:
    """What people typed, with an apostrophe before everything that a spreadsheet would run."""
    return _FORMULA.sub(lambda hit: f"{hit[1] or ''}'", text)


def money(amount: int, currency: str) -> Decimal:
    """An amount as it is written beside its currency: 1050 EUR is 10.50, 1050 JPY is 1050."""
    return minor_to_decimal(amount, currency)
