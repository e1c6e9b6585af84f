"""What becomes of orders, as arrays: settled, cancelled, decided on, refunded. Who calls holds their locks."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from foyer.domains.orders.types import ApprovalStatus, CancelReason, OrderStatus, PaymentStatus
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection

_CONFIRM = """
UPDATE orders SET status = 'confirmed', payment_status = 'paid', payment_method = new.method, payment_id = new.payment_id,
       attendees = NULL, cancel_reason = NULL, expires_at = NULL, version = version + 1, updated_at = $2
FROM unnest($3::uuid[], $4::text[], $5::text[]) AS new (id, method, payment_id)
WHERE orders.organization_id = $1 AND orders.id = new.id AND orders.status IN ('pending', 'cancelled')
"""

_CANCEL = """
UPDATE orders SET status = 'cancelled', cancel_reason = $3, payment_status = CASE payment_status WHEN 'pending' THEN 'failed'
       ELSE payment_status END, expires_at = NULL, version = version + 1, updated_at = $4
WHERE organization_id = $1 AND id = ANY($2::uuid[]) AND status IN ('pending', 'confirmed', 'partial_refund')
"""

_LAPSE_APPROVALS = """
UPDATE approvals SET status = 'lapsed', decided_at = $3, updated_at = $3
WHERE organization_id = $1 AND order_id = ANY($2::uuid[]) AND status = 'requested'
"""

_DECIDE = """
UPDATE approvals SET status = $3, decided_by = $4, decided_at = $5, reason = $6, updated_at = $5
WHERE organization_id = $1 AND order_id = $2 AND status = 'requested'
"""

_AWAIT = """
UPDATE orders SET expires_at = $3, version = version + 1, updated_at = $4
WHERE organization_id = $1 AND id = $2 AND status = 'pending'
"""

_REFUND = """
UPDATE orders SET status = new.status, payment_status = new.payment_status, refunded_amount = refunded_amount + new.amount,
       version = version + 1, updated_at = $2
FROM unnest($3::uuid[], $4::bigint[], $5::text[], $6::text[]) AS new (id, amount, status, payment_status)
WHERE orders.organization_id = $1 AND orders.id = new.id
"""


_READDRESS = """
UPDATE orders SET customer_id = $3, customer = customer || jsonb_build_object('email', $4::text), generation = generation + 1,
       version = version + 1, updated_at = $5
WHERE organization_id = $1 AND id = $2
"""


class Confirmed(NamedTuple):
    """An order that stands from now on, and how it was paid."""

    order_id: UUID
    method: str
    payment_id: str | None


class Refunded(NamedTuple):
    """What went back, and what the order is after it."""

    order_id: UUID
    amount: int
    status: OrderStatus
    payment_status: PaymentStatus


class Decision(NamedTuple):
    """The organizer's word."""

    status: ApprovalStatus
    user_id: UUID
    reason: str | None


async def confirm_orders(
    connection: Connection, organization_id: UUID, confirmed: Sequence[Confirmed], *, now: datetime
) -> None:
    await connection.execute(
        _CONFIRM,
        organization_id,
        now,
        [one.order_id for one in confirmed],
        [one.method for one in confirmed],
        [one.payment_id for one in confirmed],
    )


async def cancel_orders(
    connection: Connection, counter: Counter, ids: Iterable[UUID], reason: CancelReason, *, now: datetime
) -> None:
    """Cancel orders; approvals that were still asked for lapse with them."""
    gone = list(ids)
    await connection.execute(_CANCEL, counter.organization_id, gone, reason.value, now)
    await connection.execute(_LAPSE_APPROVALS, counter.organization_id, gone, now)


async def decide(
    connection: Connection, organization_id: UUID, order_id: UUID, decision: Decision, *, now: datetime
) -> None:
    await connection.execute(
        _DECIDE, organization_id, order_id, decision.status.value, decision.user_id, now, decision.reason
    )


async def await_payment(
    connection: Connection, organization_id: UUID, order_id: UUID, *, until: datetime, now: datetime
) -> None:
    """Give a pending order a new moment until which it can be paid."""
    await connection.execute(_AWAIT, organization_id, order_id, until, now)


async def refund_orders(
    connection: Connection, organization_id: UUID, refunded: Sequence[Refunded], *, now: datetime
) -> None:
    await connection.execute(
        _REFUND,
        organization_id,
        now,
        [one.order_id for one in refunded],
        [one.amount for one in refunded],
        [one.status.value for one in refunded],
        [one.payment_status.value for one in refunded],
    )


async def readdress(
    connection: Connection,
    organization_id: UUID,
    order_id: UUID,
    customer_id: UUID,
    email: str,
    *,
    now: datetime,
) -> None:
    """Give a locked order to another buyer; its links so far open nothing any more."""
    await connection.execute(_READDRESS, organization_id, order_id, customer_id, email, now)
