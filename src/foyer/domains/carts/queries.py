"""Reads of carts: what is offered, what is held."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, func, select

from foyer.domains.carts.errors import no_cart, no_event
from foyer.domains.carts.models import CartItemRow, CartRow
from foyer.domains.carts.rules import price_line, tax_lines, unit_total
from foyer.domains.carts.types import Cart, CartLine, CartStatus, Listed, Listing, Offer, OfferedType
from foyer.domains.customers.types import Customer
from foyer.domains.events import coming_up, is_cancelled, on_sale, shop_categories
from foyer.domains.events.types import EventOnSale, EventStatus, Grant, SaleTerms, TypeOnSale
from foyer.infra.db.tx import ReadTx, own


async def offer(
    tx: ReadTx, *, event_id: UUID | None = None, slug: str | None = None, grant: Grant | None = None
) -> Offer:
    """An event as the shop shows it, with what can be bought of it at this moment; hidden types only where the grant names them.

    Raises:
        NotFound: no such event, or one that a shop does not show: a draft, or a private one without a grant for it.
    """
    found = await on_sale(tx, event_id=event_id, slug=slug)
    if found is None:
        raise no_event()
    known = grant if grant is not None and grant.event_id == found.event.id else None
    if not found.terms.is_shown(has_grant=known is not None):
        raise no_event()
    return _offer(found, await tx.now(), known)


async def offer_to_staff(tx: ReadTx, event_id: UUID) -> Offer:
    """An event as the shop would show it if it were published, hidden types among the others.

    Raises:
        NotFound: no such event.
    """
    found = await on_sale(tx, event_id=event_id)
    if found is None:
        raise no_event()
    terms = found.terms
    if terms.status is EventStatus.DRAFT:
        terms = terms._replace(status=EventStatus.PUBLISHED)
    now = await tx.now()
    types = [_offered(one, terms, now) for one in found.types]
    return Offer(
        event=found.event,
        is_listed=found.terms.is_listed,
        ticket_types=types,
        dates=list(found.dates),
        as_of=now,
    )


async def listed(tx: ReadTx, listing: Listing) -> Listed:
    """Offers of the public events to come, the next one first.

    Raises:
        Invalid: the cursor is none of ours.
    """
    page = await coming_up(tx, **listing._asdict())
    now = await tx.now()
    return Listed(
        [_offer(one, now) for one in page.items], page.next_cursor, await shop_categories(tx), as_of=now
    )


def _offer(found: EventOnSale, now: datetime, grant: Grant | None = None) -> Offer:
    named = grant and grant.ticket_type_id
    shown = [one for one in found.types if not one.terms.is_hidden or one.terms.id == named]
    types = [_offered(one, found.terms, now) for one in shown]
    return Offer(
        event=found.event,
        is_listed=found.terms.is_listed,
        ticket_types=types,
        dates=list(found.dates),
        as_of=now,
    )


def _offered(one: TypeOnSale, terms: SaleTerms, now: datetime) -> OfferedType:
    kind = one.terms
    unit = price_line(kind, 1, terms)
    window = terms.sales.narrowed(kind.sales)
    return OfferedType(
        id=kind.id,
        name=kind.name,
        description=one.description,
        price=kind.price,
        fee=unit.unit_fee,
        tax=unit.unit_tax,
        tax_name=unit.tax_name,
        tax_rate_bps=unit.tax_rate_bps,
        tax_included=unit.tax_included,
        total=unit_total(unit),
        is_free=kind.price == 0,
        requires_approval=kind.requires_approval,
        min_per_order=kind.min_per_order,
        max_per_order=kind.max_per_order,
        available_quantity=one.free,
        state=terms.state_of(kind, free=one.free, now=now),
        sales_start_date=window.start,
        sales_end_date=window.end,
        sort_order=one.sort_order,
    )


def one_cart(tx: ReadTx, cart_id: UUID) -> Select[CartRow]:
    return select(CartRow).where(own(CartRow, tx), CartRow.id == cart_id)


async def cart(tx: ReadTx, cart_id: UUID) -> Cart:
    """A cart as it stands. One whose time has passed, or whose event is cancelled, reads `expired` before its places went back.

    Raises:
        NotFound: no such cart.
    """
    row = await tx.first(one_cart(tx, cart_id))
    if row is None:
        raise no_cart()
    found = cart_view(row, await items_of(tx, cart_id))
    if found.status is CartStatus.ACTIVE and (
        found.expires_at <= await tx.now() or await is_cancelled(tx, found.event_id)
    ):
        return cart_view(row, found.items, status=CartStatus.EXPIRED)
    return found


async def held_by(tx: ReadTx, event_id: UUID, session_id: str | None) -> dict[UUID, int]:
    """How many tickets of each type a visitor's session holds of an event at this moment."""
    if session_id is None:
        return {}
    query = (
        select(CartItemRow.ticket_type_id, CartItemRow.quantity)
        .join(CartRow, CartRow.id == CartItemRow.cart_id)
        .where(
            own(CartItemRow, tx),
            *_live_of(tx, event_id, session_id),
            CartRow.expires_at > func.foyer_now(),
        )
    )
    return {row.ticket_type_id: row.quantity for row in await tx.rows(query)}


async def live_cart(tx: ReadTx, event_id: UUID, session_id: str) -> UUID | None:
    """The cart that a visitor's session holds of an event, or has held until a moment ago."""
    return await tx.first(select(CartRow.id).where(*_live_of(tx, event_id, session_id)))


def _live_of(tx: ReadTx, event_id: UUID, session_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        own(CartRow, tx),
        CartRow.event_id == event_id,
        CartRow.session_id == session_id,
        CartRow.status == CartStatus.ACTIVE.value,
    )


async def items_of(tx: ReadTx, cart_id: UUID) -> list[CartLine]:
    query = (
        select(CartItemRow)
        .where(own(CartItemRow, tx), CartItemRow.cart_id == cart_id)
        .order_by(CartItemRow.id)
    )
    fields = CartLine.__struct_fields__
    return [CartLine(**{name: getattr(row, name) for name in fields}) for row in await tx.all(query)]


COLUMNS: Final = tuple(
    name for name in Cart.__struct_fields__ if name not in {"status", "items", "tax_lines", "customer"}
)
"""What a cart and its row call the same, and hold alike."""


def cart_view(row: CartRow, items: list[CartLine], *, status: CartStatus | None = None) -> Cart:
    return Cart(
        **{name: getattr(row, name) for name in COLUMNS},
        status=status or CartStatus(row.status),
        items=items,
        tax_lines=tax_lines(items),
        customer=msgspec.convert(row.customer, Customer) if row.customer else None,
    )
