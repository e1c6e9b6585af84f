"""Reads of discount codes."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from foyer.domains.events.models import DiscountRow, DiscountTicketTypeRow, TicketTypeRow
from foyer.domains.events.queries.event import percentage
from foyer.domains.events.rules import discount_state
from foyer.domains.events.types import Discount
from foyer.domains.inventory import pools_by_id
from foyer.domains.inventory.types import UNLIMITED, Pool
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import NotFound
from foyer.kernel.paging import Page, read_cursor, write_cursor
from foyer.kernel.text import tidy_line
from foyer.kernel.time import Window

NO_DISCOUNT = "There is no such discount code."


def one_discount(tx: ReadTx, discount_id: UUID) -> Select[DiscountRow]:
    return select(DiscountRow).where(
        own(DiscountRow, tx), DiscountRow.id == discount_id, DiscountRow.deleted_at.is_(None)
    )


async def discount(tx: ReadTx, discount_id: UUID) -> Discount:
    """One code with how often it was used.

    Raises:
        NotFound: it does not exist, is deleted, or belongs to another organization.
    """
    row = await tx.first(one_discount(tx, discount_id))
    if row is None:
        raise NotFound(NO_DISCOUNT)
    return (await _views(tx, [row]))[0]


async def discounts(
    tx: ReadTx, *, search: str | None, active: bool | None, cursor: str | None, limit: int
) -> Page[Discount]:
    """Codes, the newest first.

    Args:
        tx: a transaction.
        search: how the code begins, in small or large letters.
        active: true for those whose time it is now, false for the others, None for all.
        cursor: where the page before ended.
        limit: codes on a page.
    """
    query = select(DiscountRow).where(own(DiscountRow, tx), DiscountRow.deleted_at.is_(None))
    if begin := tidy_line(search or ""):
        query = query.where(func.lower(DiscountRow.code).startswith(begin.lower(), autoescape=True))
    if active is not None:
        is_open = await _is_open(tx)
        query = query.where(is_open if active else not_(is_open))
    if (after := read_cursor(cursor)) is not None:
        query = query.where(DiscountRow.id < after)
    rows = await tx.all(query.order_by(DiscountRow.id.desc()).limit(limit + 1))
    more = write_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(await _views(tx, rows[:limit]), more)


async def discounts_of_event(tx: ReadTx, event_id: UUID, *, most: int) -> list[Discount]:
    """The codes that are good for ticket types of an event, the newest first: those that name one, and those that name none."""
    named = DiscountTicketTypeRow
    mine = select(named.discount_id).join(
        TicketTypeRow,
        and_(
            TicketTypeRow.organization_id == named.organization_id, TicketTypeRow.id == named.ticket_type_id
        ),
    )
    mine = mine.where(own(named, tx), own(TicketTypeRow, tx), TicketTypeRow.event_id == event_id)
    any_named = select(named.discount_id).where(own(named, tx), named.discount_id == DiscountRow.id)
    query = select(DiscountRow).where(own(DiscountRow, tx), DiscountRow.deleted_at.is_(None))
    query = query.where(or_(DiscountRow.id.in_(mine), not_(any_named.exists())))
    return await _views(tx, await tx.all(query.order_by(DiscountRow.id.desc()).limit(most)))


async def _is_open(tx: ReadTx) -> ColumnElement[bool]:
    now = await tx.now()
    return and_(
        or_(DiscountRow.starts_at.is_(None), DiscountRow.starts_at <= now),
        or_(DiscountRow.ends_at.is_(None), DiscountRow.ends_at > now),
    )


async def types_named(tx: ReadTx, discount_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The ticket types each code is for, deleted ones too: a code for one type never becomes one for all."""
    ids = list(discount_ids)
    query = select(DiscountTicketTypeRow.discount_id, DiscountTicketTypeRow.ticket_type_id).where(
        own(DiscountTicketTypeRow, tx), DiscountTicketTypeRow.discount_id.in_(ids)
    )
    named: dict[UUID, list[UUID]] = {discount_id: [] for discount_id in ids}
    for discount_id, type_id in await tx.rows(query.order_by(DiscountTicketTypeRow.ticket_type_id)):
        named[discount_id].append(type_id)
    return named


async def live_among(tx: ReadTx, type_ids: Iterable[UUID]) -> set[UUID]:
    """The ticket types among these ids that the organization has, of whatever event."""
    query = select(TicketTypeRow.id).where(
        own(TicketTypeRow, tx), TicketTypeRow.id.in_(list(type_ids)), TicketTypeRow.deleted_at.is_(None)
    )
    return set(await tx.all(query))


async def _views(tx: ReadTx, rows: Sequence[DiscountRow]) -> list[Discount]:
    named = await types_named(tx, [row.id for row in rows])
    pools = await pools_by_id(tx, [row.pool_id for row in rows])
    now = await tx.now()
    views = []
    for row in rows:
        pool = pools[row.pool_id]
        state = discount_state(Window(row.starts_at, row.ends_at), free=pool.free, now=now)
        same = {name: getattr(row, name) for name in Discount.__struct_fields__ if hasattr(row, name)}
        derived = {
            "percentage": percentage(row.percent_bps),
            "ticket_type_ids": named[row.id],
            "max_uses": uses_limit(pool),
            "uses": pool.sold,
            "held": pool.held,
            "state": state,
        }
        views.append(Discount(**{**same, **derived}))
    return views


def uses_limit(pool: Pool) -> int | None:
    """How often a code can be used at all; None is no limit."""
    return None if pool.capacity == UNLIMITED else pool.capacity
