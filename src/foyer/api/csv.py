"""Exports of the API: CSV that is written while it is read."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from litestar.response import Stream

from foyer.api.access import acting
from foyer.api.requests import AnyRequest, desks
from foyer.infra.db.tx import ReadTx
from foyer.infra.sheet import CHUNK, CSV, Cell, Column, Sheet, harmless, money, written
from foyer.kernel.paging import Page

Row = TypeVar("Row")


async def exported(
    request: AnyRequest,
    noun: str,
    columns: Sequence[Column[Row]],
    page: Callable[[ReadTx, str | None], Awaitable[Page[Row]]],
) -> Stream:
    """The answer with a file of rows; see `infra.sheet` for how it is written.

    Args:
        request: whose organization is asked.
        noun: what the file is called after, in the plural.
        columns: in their order.
        page: reads the rows that follow a cursor; None asks for the first ones. It is asked until there are none left.
    """
    sheet = Sheet(noun, columns, page)
    request_id = request.scope["state"]["request_id"]
    begun = await written(
        desks(request).database, acting(request).organization_id, sheet, request_id=request_id
    )
    return Stream(begun.pieces, media_type=CSV, headers=sheet.headers(begun.day))


__all__ = ["CHUNK", "CSV", "Cell", "Column", "exported", "harmless", "money"]
