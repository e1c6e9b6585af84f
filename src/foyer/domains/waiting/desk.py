"""Offers: the next in line get a cart that holds their places, taken at the same desk as everybody's."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from asyncpg import Record

from foyer.domains.carts import ReserveAsk, Reserved, ReserveDesk, regular_lines
from foyer.domains.carts.types import WantedLine
from foyer.domains.customers.types import Customer
from foyer.domains.events import draw_together, read_sale, read_types
from foyer.domains.events.types import TypeTerms
from foyer.domains.waiting.facts import PlacesOffered
from foyer.domains.waiting.rules import offered_until
from foyer.domains.waiting.types import Told
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.infra.db.tenancy import SOLD_TO_ALL
from foyer.infra.outbox import publish_many
from foyer.kernel.actor import system
from foyer.kernel.ids import uuid7

OFFERS_MAX: Final = 50

_CLOSE = """
UPDATE waiting_list SET status = CASE c.status WHEN 'converted' THEN 'taken' ELSE 'lapsed' END, ended_at = c.updated_at
FROM carts c
WHERE waiting_list.organization_id = $1 AND waiting_list.event_id = $2 AND waiting_list.status = 'offered'
  AND c.organization_id = $1 AND c.id = waiting_list.cart_id AND c.status <> 'active'
"""

# Who is locked here is offered places by nobody else; whoever comes second waits, and finds them offered.
_NEXT = f"""
SELECT w.id, w.ticket_type_id, w.quantity, c.email FROM waiting_list w
JOIN customers c ON c.organization_id = w.organization_id AND c.id = w.customer_id
JOIN events e ON e.organization_id = w.organization_id AND e.id = w.event_id
JOIN ticket_types t ON t.organization_id = w.organization_id AND t.id = w.ticket_type_id
WHERE w.organization_id = $1 AND c.organization_id = $1 AND e.organization_id = $1 AND t.organization_id = $1
  AND w.event_id = $2 AND w.status = 'waiting' AND {SOLD_TO_ALL}
  AND w.quantity <= (
    SELECT min(p.capacity - p.held - p.sold) FROM ticket_type_pools d
    JOIN pools p ON p.organization_id = d.organization_id AND p.id = d.pool_id
    WHERE d.organization_id = $1 AND p.organization_id = $1 AND d.ticket_type_id = w.ticket_type_id)
ORDER BY w.id LIMIT $3 FOR NO KEY UPDATE OF w
"""  # noqa: S608 - a text of our own

# An offer that lapses is no cart that its buyer has left: nobody is reminded of it.
_HOLD = """
UPDATE carts SET expires_at = $3, reminded_at = created_at, customer = new.customer
FROM unnest($2::uuid[], $4::jsonb[]) AS new (id, customer)
WHERE carts.organization_id = $1 AND carts.id = new.id
"""

_OFFER = """
UPDATE waiting_list SET status = 'offered', cart_id = new.cart_id, offered_at = $4
FROM unnest($2::uuid[], $3::uuid[]) AS new (id, cart_id)
WHERE waiting_list.organization_id = $1 AND waiting_list.id = new.id
"""

_STANDS = """(l.status = 'waiting' OR (l.status = 'offered' AND NOT EXISTS (
  SELECT FROM carts k WHERE k.organization_id = $1 AND k.id = l.cart_id AND k.status = 'converted')))"""

# Whom a mail goes to is locked before what it is written for, as whoever erases them does.
_REMINDED = """
SELECT c.id FROM customers c WHERE c.organization_id = $1 AND c.id IN (
  SELECT r.customer_id FROM sale_reminders r WHERE r.organization_id = $1 AND r.event_id = $2 AND r.ticket_type_id = $3)
ORDER BY c.id LIMIT $4 FOR KEY SHARE
"""
_HOPEFUL = f"""
SELECT c.id FROM customers c WHERE c.organization_id = $1 AND c.id IN (
  SELECT l.customer_id FROM waiting_list l WHERE l.organization_id = $1 AND l.event_id = $2 AND {_STANDS}
  UNION ALL SELECT r.customer_id FROM sale_reminders r WHERE r.organization_id = $1 AND r.event_id = $2)
ORDER BY c.id LIMIT $3 FOR KEY SHARE
"""  # noqa: S608 - a text of our own

# Whoever comes second waits for the first, and finds nobody left to tell.
_TAKE_REMINDERS = """
DELETE FROM sale_reminders USING customers c
WHERE sale_reminders.organization_id = $1 AND c.organization_id = $1 AND c.id = sale_reminders.customer_id
  AND sale_reminders.id IN (
    SELECT r.id FROM sale_reminders r
    WHERE r.organization_id = $1 AND r.event_id = $2 AND r.customer_id = ANY($3::uuid[])
      AND ($4::uuid IS NULL OR r.ticket_type_id = $4)
    ORDER BY r.id FOR UPDATE)
RETURNING c.id, c.email, sale_reminders.language
"""
_END = f"""
UPDATE waiting_list SET status = CASE waiting_list.status WHEN 'waiting' THEN 'left' ELSE 'lapsed' END, ended_at = foyer_now()
FROM customers c
WHERE waiting_list.organization_id = $1 AND c.organization_id = $1 AND c.id = waiting_list.customer_id
  AND waiting_list.id IN (
    SELECT l.id FROM waiting_list l
    WHERE l.organization_id = $1 AND l.event_id = $2 AND l.customer_id = ANY($3::uuid[]) AND {_STANDS}
    ORDER BY l.id FOR UPDATE)
RETURNING c.id, c.email, waiting_list.language
"""  # noqa: S608 - a text of our own

_FORGET = "DELETE FROM waiting_list WHERE organization_id = $1 AND customer_id = $2"
_FORGET_REMINDERS = "DELETE FROM sale_reminders WHERE organization_id = $1 AND customer_id = $2"

# A cancelled one keeps them until it would have ended: until then they are to be told.
_HAS_BEEN = "(e.status = 'completed' OR e.ends_at <= foyer_now() OR e.deleted_at IS NOT NULL)"

# What nobody will be told of any more, and what nobody will be offered.
_OLD_REMINDERS = f"""
DELETE FROM sale_reminders USING events e
WHERE sale_reminders.organization_id = $1 AND e.organization_id = $1 AND e.id = sale_reminders.event_id AND {_HAS_BEEN}
"""  # noqa: S608 - a text of our own
_OLD_LINES = f"""
DELETE FROM waiting_list USING events e
WHERE waiting_list.organization_id = $1 AND e.organization_id = $1 AND e.id = waiting_list.event_id
  AND waiting_list.status = 'waiting' AND {_HAS_BEEN}
"""  # noqa: S608 - a text of our own


async def close_offers(connection: Connection, counter: Counter) -> None:
    """Write down what has become of offers whose carts are no more: bought, or lapsed."""
    await connection.execute(_CLOSE, *counter)


async def offer_next(connection: Connection, counter: Counter, new_session: Callable[[], str]) -> int:
    """Hold free places for those who wait, the first in line first, and tell them; returns how many are held for.

    A group gets its places together or not at all. Where they do not suffice for it, a smaller one behind it is served, and the
    group keeps its place in line.

    Raises:
        ChangedMeanwhileError: the event was edited in between; nothing is offered.
    """
    await draw_together(connection, counter)
    await close_offers(connection, counter)
    rows = await connection.fetch(_NEXT, *counter, OFFERS_MAX)
    sale = await read_sale(connection, counter)
    if not rows or sale is None:
        return 0
    types = await read_types(connection, counter, {row["ticket_type_id"] for row in rows})
    rows = [row for row in rows if row["ticket_type_id"] in types]
    asks = [_ask(row, types, new_session()) for row in rows]
    answers = await ReserveDesk().serve(connection, counter, asks)
    carts = {answer.cart.id for answer in answers if isinstance(answer, Reserved)}
    by_cart = {ask.cart_id: row for ask, row in zip(asks, rows, strict=True) if ask.cart_id in carts}
    until = offered_until(sale.now, sale.terms.starts_at)
    await _hold(connection, counter, by_cart, until=until, now=sale.now)
    return len(by_cart)


def _ask(row: Record, types: Mapping[UUID, TypeTerms], session_id: str) -> ReserveAsk:
    """What this group takes, within what one order may hold today."""
    kind = types[row["ticket_type_id"]]
    count = max(kind.min_per_order, min(row["quantity"], kind.max_per_order))
    lines = regular_lines([WantedLine(ticket_type_id=kind.id, quantity=count)])
    return ReserveAsk(uuid7(), None, session_id, lines, None)


async def _hold(
    connection: Connection, counter: Counter, offers: Mapping[UUID, Record], *, until: datetime, now: datetime
) -> None:
    """Give these carts the time and the address of an offer, and tell of each."""
    if not offers:
        return
    carts, rows = list(offers), list(offers.values())
    people = [msgspec.json.encode(Customer(email=row["email"])).decode() for row in rows]
    await connection.execute(_HOLD, counter.organization_id, carts, until, people)
    await connection.execute(_OFFER, counter.organization_id, [row["id"] for row in rows], carts, now)
    house = system(counter.organization_id)
    told = [(house, PlacesOffered(waiting_id=row["id"], event_id=counter.event_id)) for row in rows]
    await publish_many(connection, counter.organization_id, told)


async def forget_waiting(connection: Connection, organization_id: UUID, customer_id: UUID) -> None:
    """Take a buyer out of every line, and remind them of no sale."""
    await connection.execute(_FORGET, organization_id, customer_id)
    await connection.execute(_FORGET_REMINDERS, organization_id, customer_id)


async def take_reminded(connection: Connection, counter: Counter, type_id: UUID, most: int) -> list[Told]:
    """Whom to tell that a sale has opened, at most so many, each given out once."""
    people = await _locked(connection, _REMINDED, *counter, type_id, most)
    return _told(await connection.fetch(_TAKE_REMINDERS, *counter, people, type_id))


async def end_hopes(connection: Connection, counter: Counter, most: int) -> list[Told]:
    """End places in line for which nothing was taken, and reminders of sales, of at most so many people; each of them once."""
    # Whoever is being erased is waited for, and then in no line: those behind them are still to be told.
    while people := await _locked(connection, _HOPEFUL, *counter, most):
        ended = await connection.fetch(_END, *counter, people)
        if told := _told([*ended, *await connection.fetch(_TAKE_REMINDERS, *counter, people, None)]):
            return told
    return []


async def _locked(connection: Connection, query: str, *values: object) -> list[UUID]:
    return [row[0] for row in await connection.fetch(query, *values)]


def _told(rows: Iterable[Record]) -> list[Told]:
    return list({row["id"]: Told(row["id"], row["email"], row["language"]) for row in rows}.values())


async def forget_old(connection: Connection, organization_id: UUID) -> None:
    """Let go of the reminders of sales that will not open any more, and of who waits for places, once the event is over."""
    await connection.execute(_OLD_REMINDERS, organization_id)
    await connection.execute(_OLD_LINES, organization_id)
