"""Refunds: due, begun, done. What they are for stands beside them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Record

from foyer.domains.payments.desk.attempts import RESUMED_MAX
from foyer.domains.payments.ledger import post
from foyer.domains.payments.rules import REFUND
from foyer.domains.payments.types import (
    NewRefund,
    Posted,
    Refund,
    RefundDone,
    RefundLine,
    RefundStatus,
    TransactionType,
)
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection

_OPEN = """
WITH new_refunds AS (
  INSERT INTO refunds (organization_id, event_id, id, order_id, user_id, provider, amount, currency, reason, status,
                       created_at, updated_at)
  SELECT $1, $2, id, order_id, user_id, provider, amount, currency, reason, status, $3, $3
  FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::text[])
    AS new (id, order_id, user_id, provider, amount, currency, reason, status)
  ORDER BY order_id
)
INSERT INTO refund_lines (organization_id, event_id, refund_id, order_item_id, quantity, amount)
SELECT $1, $2, refund_id, order_item_id, quantity, amount
FROM unnest($12::uuid[], $13::uuid[], $14::int[], $15::bigint[]) AS new (refund_id, order_item_id, quantity, amount)
"""

_NAME = """
INSERT INTO refund_tickets (organization_id, event_id, refund_id, ticket_id)
SELECT $1, $2, refund_id, ticket_id FROM unnest($3::uuid[], $4::uuid[]) AS new (refund_id, ticket_id)
"""

_NAMED = """
SELECT ticket_id FROM refund_tickets WHERE organization_id = $1 AND event_id = $2 AND refund_id = ANY($3::uuid[])
"""

_FIELDS: Final = (
    "id, order_id, user_id, provider, amount, currency, reason, status, transaction_id, error_message, created_at,"
    " updated_at"
)

_OPEN_OF = f"""
SELECT {_FIELDS} FROM refunds
WHERE organization_id = $1 AND order_id = ANY($2::uuid[]) AND status IN ('due', 'pending') ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 - names of our own columns

_LINES = """
SELECT refund_id, order_item_id, quantity, amount FROM refund_lines
WHERE organization_id = $1 AND refund_id = ANY($2::uuid[]) ORDER BY refund_id, order_item_id
"""

_START = """
WITH due AS (
  SELECT id AS due_id FROM refunds WHERE organization_id = $1 AND id = ANY($2::uuid[]) AND status = 'due'
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE refunds SET status = 'pending', updated_at = $3, user_id = coalesce($4, user_id), reason = coalesce($5, reason)
FROM due WHERE organization_id = $1 AND id = due_id RETURNING id
"""

_UNANSWERED = f"""
WITH due AS (
  SELECT id AS due_id FROM refunds
  WHERE organization_id = $1 AND event_id = $2 AND status = 'pending' AND updated_at < $3
  ORDER BY updated_at LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE refunds SET updated_at = foyer_now() FROM due WHERE organization_id = $1 AND id = due_id RETURNING {_FIELDS}
"""  # noqa: S608 - names of our own columns

_COMPLETE = """
WITH done AS (
  SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[])
    AS new (refund_id, written_id, by_user_id, fee, reference)
), locked AS (
  SELECT id, order_id, user_id, provider, amount, currency FROM refunds
  WHERE organization_id = $1 AND id = ANY($3::uuid[]) AND status = 'pending' ORDER BY id FOR NO KEY UPDATE
), written AS (
  INSERT INTO transactions (organization_id, id, order_id, user_id, type, amount, currency, payment_method, payment_method_id,
                            payment_intent_id, status, gateway_fee, completed_at, created_at, updated_at)
  SELECT $1, done.written_id, locked.order_id, coalesce(done.by_user_id, locked.user_id), 'refund', locked.amount,
         locked.currency, locked.provider, done.reference, locked.id::text, 'completed', done.fee, $2, $2, $2
  FROM locked JOIN done ON done.refund_id = locked.id
  ORDER BY locked.provider, locked.id::text
)
UPDATE refunds SET status = 'completed', transaction_id = done.written_id, updated_at = $2
FROM locked JOIN done ON done.refund_id = locked.id
WHERE refunds.organization_id = $1 AND refunds.id = locked.id
RETURNING refunds.id, refunds.amount, refunds.currency
"""

_FAIL = """
UPDATE refunds SET status = 'failed', error_message = new.error, updated_at = $2
FROM unnest($3::uuid[], $4::text[]) AS new (id, error)
WHERE organization_id = $1 AND refunds.id = new.id AND status = 'pending' RETURNING refunds.id
"""

_LOCK_PENDING = """
SELECT id FROM refunds WHERE organization_id = $1 AND id = ANY($2::uuid[]) AND status = 'pending' ORDER BY id FOR NO KEY UPDATE
"""

_QUANTITIES = """
SELECT r.order_id, l.order_item_id, sum(l.quantity)::bigint AS quantity FROM refunds r
JOIN refund_lines l ON l.organization_id = r.organization_id AND l.refund_id = r.id
WHERE r.organization_id = $1 AND r.order_id = ANY($2::uuid[]) AND r.status <> 'failed'
GROUP BY r.order_id, l.order_item_id
"""


async def open_refunds(
    connection: Connection, counter: Counter, new: Sequence[NewRefund], *, now: datetime
) -> None:
    """Begin refunds of one event with their lines. An order has at most one that is not done."""
    assert {one.status for one in new} <= REFUND.start, "refunds begin at a beginning"
    lines = [(one.id, *line) for one in new for line in one.lines]
    await connection.execute(
        _OPEN,
        *counter,
        now,
        [one.id for one in new],
        [one.order_id for one in new],
        [one.user_id for one in new],
        [one.provider for one in new],
        [one.amount for one in new],
        [one.currency for one in new],
        [one.reason for one in new],
        [one.status.value for one in new],
        [line[0] for line in lines],
        [line[1] for line in lines],
        [line[2] for line in lines],
        [line[3] for line in lines],
    )
    if named := [(one.id, ticket_id) for one in new for ticket_id in one.tickets]:
        await connection.execute(_NAME, *counter, [pair[0] for pair in named], [pair[1] for pair in named])


async def named_tickets(connection: Connection, counter: Counter, refund_ids: Iterable[UUID]) -> list[UUID]:
    """The tickets that were named for refunds; none for one where only their number was."""
    return [row[0] for row in await connection.fetch(_NAMED, *counter, list(refund_ids))]


async def open_refund_of(
    connection: Connection, organization_id: UUID, order_ids: Iterable[UUID]
) -> dict[UUID, Refund]:
    """The refund of each of these orders that is not done yet, locked, by order."""
    rows = await connection.fetch(_OPEN_OF, organization_id, list(order_ids))
    return {one.order_id: one for one in await _whole(connection, organization_id, rows)}


async def start_refunds(
    connection: Connection,
    organization_id: UUID,
    refund_ids: Iterable[UUID],
    *,
    user_id: UUID | None = None,
    reason: str | None = None,
    now: datetime,
) -> set[UUID]:
    """Let refunds that are due be pending; returns those that were: each is begun once.

    Who begins them, and why, is written down where it is said.
    """
    rows = await connection.fetch(_START, organization_id, list(refund_ids), now, user_id, reason)
    return {row[0] for row in rows}


async def unanswered_refunds(connection: Connection, counter: Counter, *, before: datetime) -> list[Refund]:
    """Take pending refunds of an event that nobody has heard of since this moment, to ask their provider again.

    Each is dated anew, so that it is taken by one worker and not again at once; at most `RESUMED_MAX` come.
    """
    rows = await connection.fetch(_UNANSWERED, *counter, before, RESUMED_MAX)
    return await _whole(connection, counter.organization_id, sorted(rows, key=lambda row: row["id"]))


async def complete_refunds(
    connection: Connection, organization_id: UUID, done: Sequence[RefundDone], *, now: datetime
) -> set[UUID]:
    """Record refunds that have reached their buyers, and post them; returns the ids of those that were pending until now.

    What is completed already is passed over: nothing is written or posted for it a second time.
    """
    by_refund = {one.refund_id: one for one in done}
    rows = await connection.fetch(
        _COMPLETE,
        organization_id,
        now,
        list(by_refund),
        [one.transaction_id for one in by_refund.values()],
        [one.user_id for one in by_refund.values()],
        [one.gateway_fee for one in by_refund.values()],
        [one.reference for one in by_refund.values()],
    )
    posted = [_posted(by_refund[row["id"]], row["amount"], row["currency"]) for row in rows]
    await post(connection, organization_id, posted)
    return {row["id"] for row in rows}


def _posted(done: RefundDone, amount: int, currency: str) -> Posted:
    return Posted(
        done.transaction_id, TransactionType.REFUND, amount, currency, done.gateway_fee, 0, done.is_direct
    )


async def fail_refunds(
    connection: Connection, organization_id: UUID, errors: Mapping[UUID, str | None], *, now: datetime
) -> set[UUID]:
    """Record that providers will not give this money back, each with why; returns the ids of those that were pending until now."""
    rows = await connection.fetch(_FAIL, organization_id, now, list(errors), list(errors.values()))
    return {row[0] for row in rows}


async def lock_pending(
    connection: Connection, organization_id: UUID, refund_ids: Iterable[UUID]
) -> set[UUID]:
    """Lock those of these refunds that are pending; returns their ids."""
    return {row[0] for row in await connection.fetch(_LOCK_PENDING, organization_id, list(refund_ids))}


async def refunded_quantities(
    connection: Connection, organization_id: UUID, order_ids: Iterable[UUID]
) -> dict[tuple[UUID, UUID], int]:
    """How many tickets are refunded, or about to be, by order and order item; items without any are left out."""
    rows = await connection.fetch(_QUANTITIES, organization_id, list(order_ids))
    return {(row[0], row[1]): row[2] for row in rows}


async def _whole(connection: Connection, organization_id: UUID, rows: Sequence[Record]) -> list[Refund]:
    lines: dict[UUID, list[RefundLine]] = {row["id"]: [] for row in rows}
    if lines:
        for refund_id, item_id, quantity, amount in await connection.fetch(
            _LINES, organization_id, list(lines)
        ):
            lines[refund_id].append(RefundLine(order_item_id=item_id, quantity=quantity, amount=amount))
    return [
        Refund(**{**row, "status": RefundStatus(row["status"]), "lines": lines[row["id"]]}) for row in rows
    ]
