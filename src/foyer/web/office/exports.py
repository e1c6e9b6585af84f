"""Files that the office gives away."""

from typing import TypeVar

from litestar.response import Stream

from foyer.infra.sheet import CSV, Sheet, written
from foyer.web.shared.render import AnyRequest
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

Row = TypeVar("Row")


async def answered(request: AnyRequest, sheet: Sheet[Row]) -> Stream:
    """The answer with a file of rows, of the organization whose office this is."""
    request_id = request.scope["state"]["request_id"]
    begun = await written(desks(request).database, staff(request).shop.id, sheet, request_id=request_id)
    return Stream(begun.pieces, media_type=CSV, headers=sheet.headers(begun.day))
