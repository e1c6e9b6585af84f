"""Pages of what grows for ever, the newest first, in an order that indexes know."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, select, tuple_

from foyer.infra.db.base import Base
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.paging import Spot, read_cursor, write_cursor

M = TypeVar("M", bound=Base)


async def newest(
    tx: ReadTx, model: type[M], conditions: Iterable[ColumnElement[bool]], *, cursor: str | None, limit: int
) -> tuple[Sequence[M], str | None]:
    """The organization's rows that meet the conditions, and the cursor of the next page if there is one.

    In the order in which they were made, not in that of their ids, although both are nearly the same: a page of one day
    begins in an index at that day, where by id it would read everything that is newer first.

    Raises:
        Invalid: the cursor is none of ours.
    """
    table = cast("type[Any]", model)
    query = select(model).where(own(model, tx), *conditions)
    if (after := read_cursor(cursor)) is not None:
        mark = select(table.created_at, table.id).where(own(model, tx), table.id == after)
        query = query.where(tuple_(table.created_at, table.id) < mark.scalar_subquery())
    rows = await tx.all(query.order_by(table.created_at.desc(), table.id.desc()).limit(limit + 1))
    more = write_cursor(cast("Any", rows[limit - 1]).id) if len(rows) > limit else None
    return rows[:limit], more


async def around(
    tx: ReadTx, model: type[M], conditions: Iterable[ColumnElement[bool]], *, spot: Spot, limit: int
) -> tuple[Sequence[M], str | None, str | None]:
    """As `newest`, walked either way and in either direction: rows, and the cursors before the first and after the last.

    Raises:
        Invalid: a cursor is none of ours.
    """
    table = cast("type[Any]", model)
    key = tuple_(table.created_at, table.id)
    query = select(model).where(own(model, tx), *conditions)
    is_back = spot.before is not None
    mark_id = read_cursor(spot.before if is_back else spot.after)
    rises = spot.oldest_first is not is_back
    if mark_id is not None:
        mark = select(table.created_at, table.id).where(own(model, tx), table.id == mark_id).scalar_subquery()
        query = query.where(key > mark if rises else key < mark)
    columns = (table.created_at, table.id)
    query = query.order_by(*(column.asc() if rises else column.desc() for column in columns))
    found = list(await tx.all(query.limit(limit + 1)))
    goes_on = len(found) > limit
    rows = found[:limit][::-1] if is_back else found[:limit]
    if not rows:
        return rows, None, None
    first, last = (write_cursor(cast("Any", row).id) for row in (rows[0], rows[-1]))
    has_before, has_after = (goes_on, True) if is_back else (mark_id is not None, goes_on)
    return rows, first if has_before else None, last if has_after else None
