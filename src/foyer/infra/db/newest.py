"""Pages of what grows for ever, the newest first, in an order that indexes know."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, select, tuple_

from foyer.infra.db.base import Base
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.paging import read_cursor, write_cursor

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
