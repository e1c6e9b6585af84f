"""Attempts: begun, answered by their provider, closed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from asyncpg import Record

from foyer.domains.payments.rules import ATTEMPT, OPEN_ATTEMPTS, after_answer
from foyer.domains.payments.types import Attempt, AttemptStatus, NewAttempt, PaymentState
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection

RESUMED_MAX: Final = 100
"""So many attempts, or refunds, are taken up again at once."""

_OPEN = """
INSERT INTO payment_attempts (organization_id, event_id, id, order_id, provider, amount, currency, status, reference,
                              created_at, updated_at)
SELECT $1, $2, id, order_id, provider, amount, currency, status, reference, $3, $3
FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[])
  AS new (id, order_id, provider, amount, currency, status, reference)
ORDER BY order_id
"""

_NAMES: Final = Attempt.__struct_fields__
_FIELDS: Final = ", ".join(_NAMES)

_CLOSE = f"""
WITH picked AS (
  SELECT id AS picked_id FROM payment_attempts
  WHERE organization_id = $1 AND order_id = ANY($2::uuid[]) AND status = ANY($3::text[])
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE payment_attempts SET status = $4, updated_at = $5 FROM picked
WHERE organization_id = $1 AND id = picked_id RETURNING {_FIELDS}
"""  # noqa: S608 - names of our own columns

_LOCK = f"""
SELECT {_FIELDS} FROM payment_attempts
WHERE organization_id = $1 AND order_id IN (
  SELECT order_id FROM payment_attempts WHERE organization_id = $1 AND id = ANY($2::uuid[])
)
ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 - names of our own columns

_GIVE_UP = """
UPDATE payment_attempts SET status = 'cancelled', updated_at = $3 WHERE organization_id = $1 AND id = ANY($2::uuid[])
"""

_ANSWER = f"""
UPDATE payment_attempts SET status = new.status, reference = coalesce(payment_attempts.reference, nullif(new.reference, '')),
       error_message = new.error, updated_at = $2
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) AS new (id, status, reference, error)
WHERE organization_id = $1 AND payment_attempts.id = new.id
RETURNING {", ".join(f"payment_attempts.{name}" for name in _NAMES)}
"""  # noqa: S608 - names of our own columns

_UNANSWERED = f"""
WITH due AS (
  SELECT id AS due_id FROM payment_attempts
  WHERE organization_id = $1 AND event_id = $2 AND status = 'created' AND updated_at < $3
  ORDER BY updated_at LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE payment_attempts SET updated_at = foyer_now() FROM due
WHERE organization_id = $1 AND id = due_id RETURNING {_FIELDS}
"""  # noqa: S608 - names of our own columns


async def open_attempts(
    connection: Connection, counter: Counter, new: Sequence[NewAttempt], *, now: datetime
) -> None:
    """Begin attempts of one event. An order has at most one that is open or has succeeded: close the one before first."""
    assert {one.status for one in new} <= ATTEMPT.start, "attempts begin at a beginning"
    await connection.execute(
        _OPEN,
        *counter,
        now,
        [one.id for one in new],
        [one.order_id for one in new],
        [one.provider for one in new],
        [one.amount for one in new],
        [one.currency for one in new],
        [one.status.value for one in new],
        [one.reference for one in new],
    )


async def close_attempts(
    connection: Connection,
    organization_id: UUID,
    order_ids: Iterable[UUID],
    *,
    to: AttemptStatus,
    only_from: Iterable[AttemptStatus] = OPEN_ATTEMPTS,
    now: datetime,
) -> list[Attempt]:
    """Let the open attempts of these orders be cancelled, or succeed where staff say so; returns those it closed.

    Args:
        connection: in a transaction that holds the locks of the orders.
        organization_id: whose.
        order_ids: the orders; one without an open attempt is passed over.
        to: `cancelled` or `succeeded`.
        only_from: attempts in another state stay as they are.
        now: the moment of it.
    """
    closing = set(only_from)
    assert all(ATTEMPT.allows(status, to) for status in closing), "attempts move as the table says"
    rows = await connection.fetch(
        _CLOSE,
        organization_id,
        list(order_ids),
        [one.value for one in closing],
        to.value,
        now,
    )
    return sorted((_attempt(row) for row in rows), key=lambda one: one.id)


class Answered(NamedTuple):
    """An attempt after what its provider has said, and whether that moved it."""

    attempt: Attempt
    has_moved: bool


async def answer_attempts(
    connection: Connection, organization_id: UUID, said: Mapping[UUID, PaymentState], *, now: datetime
) -> dict[UUID, Answered]:
    """Record what providers say of attempts; what is known already, and what comes too late, changes nothing.

    Money counts whenever it comes: an attempt that had failed or was cancelled succeeds, and another one that still waited is
    cancelled. Only where another has paid the order does it stay as it was: a caller who hears `succeeded` and gets an attempt
    that has not has money to give back.

    Args:
        connection: in a transaction that holds the locks of the orders.
        organization_id: whose.
        said: by attempt, at most one of each order.
        now: the moment of it.

    Returns:
        By id; an attempt that is not there is left out.
    """
    known = [_attempt(row) for row in await connection.fetch(_LOCK, organization_id, list(said))]
    answers: dict[UUID, Answered] = {}
    changed: list[tuple[UUID, str, str | None, str | None]] = []
    given_up: list[UUID] = []
    paid = {one.order_id: one.id for one in known if one.status is AttemptStatus.SUCCEEDED}
    waiting = {one.order_id: one.id for one in known if one.status in OPEN_ATTEMPTS}
    for one in known:
        if (state := said.get(one.id)) is None:
            continue
        then = after_answer(one.status, state.status, is_paid=paid.get(one.order_id, one.id) != one.id)
        answers[one.id] = Answered(one, has_moved=then is not None)
        if then is None and (one.reference or not state.reference):
            continue
        became = then or one.status
        error = one.error_message or state.error if became is AttemptStatus.FAILED else None
        changed.append((one.id, became.value, state.reference, error))
        if then is AttemptStatus.SUCCEEDED and waiting.get(one.order_id, one.id) != one.id:
            given_up.append(waiting[one.order_id])
    if given_up:  # before another one succeeds, for an order has one at a time
        await connection.execute(_GIVE_UP, organization_id, given_up, now)
    if changed:
        columns = ([one[place] for one in changed] for place in range(4))
        for row in await connection.fetch(_ANSWER, organization_id, now, *columns):
            answers[row["id"]] = answers[row["id"]]._replace(attempt=_attempt(row))
    return answers


async def unanswered_attempts(connection: Connection, counter: Counter, *, before: datetime) -> list[Attempt]:
    """Take attempts of an event that nobody has heard of since this moment, to ask their provider again.

    Each is dated anew, so that it is taken by one worker and not again at once; at most `RESUMED_MAX` come.
    """
    rows = await connection.fetch(_UNANSWERED, *counter, before, RESUMED_MAX)
    return sorted((_attempt(row) for row in rows), key=lambda one: one.id)


def _attempt(row: Record) -> Attempt:
    return Attempt(**{**row, "status": AttemptStatus(row["status"])})
