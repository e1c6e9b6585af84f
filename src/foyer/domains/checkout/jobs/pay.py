"""Asking providers: what was intended is performed with no transaction open, and what came of it is recorded in another one.

Every request carries the id of its row as its key, so that after a crash it is simply asked again.
"""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

import structlog

from foyer.domains.checkout.desk import record_payment, record_refund
from foyer.domains.orders import find_order
from foyer.domains.orders.types import Order
from foyer.domains.payments import Provider, attempts_of_order, refunds_of_order
from foyer.domains.payments.errors import ProviderRefused, ProviderUnavailable
from foyer.domains.payments.types import (
    Attempt,
    AttemptStatus,
    Outcome,
    PaymentIntent,
    PaymentState,
    Refund,
    RefundIntent,
    RefundState,
    RefundStatus,
)
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database

log = structlog.get_logger("foyer.payments")

Providers = Mapping[str, Provider]


class _Known(NamedTuple):
    """What is on record of an order and its money."""

    order: Order
    attempts: list[Attempt]
    refunds: list[Refund]


async def begin_payment(
    database: Database, providers: Providers, organization_id: UUID, order_id: UUID
) -> PaymentState | None:
    """Ask the provider of an order's open attempt to begin the payment; where the buyer has to go is in the answer.

    None where nothing has to be asked, or no answer came: the sweeper asks again.
    """
    known = await _known(database, organization_id, order_id)
    attempt = next((one for one in known.attempts if one.status is AttemptStatus.CREATED), None)
    if attempt is None:
        return None
    provider = providers[attempt.provider]
    try:
        state = await provider.create(_intent(known.order, attempt))
    except ProviderRefused as refused:
        state = PaymentState(Outcome.FAILED, attempt.reference or "", error=str(refused))
    except ProviderUnavailable:
        log.warning("no answer to a payment", order_id=order_id, provider=attempt.provider)
        return None
    await _record(database, provider, organization_id, known.order.event_id, attempt, state)
    return state


async def follow_up(
    database: Database, providers: Providers, organization_id: UUID, order_id: UUID, attempt_id: UUID
) -> PaymentState | None:
    """Ask what has become of a payment that was begun, and record it; what a call from outside makes us do.

    Where the answer to its beginning was lost, it is asked for by its key alone: the call says that it is there.
    """
    known = await _known(database, organization_id, order_id)
    attempt = next(one for one in known.attempts if one.id == attempt_id)
    provider, intent = providers[attempt.provider], _intent(known.order, attempt)
    try:
        if attempt.reference is None:
            state = await provider.create(intent)
        else:
            state = await provider.confirm(intent, attempt.reference)
    except (ProviderUnavailable, ProviderRefused):
        log.warning("no answer about a payment", order_id=order_id, provider=attempt.provider)
        return None
    await _record(database, provider, organization_id, known.order.event_id, attempt, state)
    return state


async def _record(
    database: Database,
    provider: Provider,
    organization_id: UUID,
    event_id: UUID,
    attempt: Attempt,
    state: PaymentState,
) -> None:
    is_direct = provider.capabilities.is_direct
    async with database.write(organization_id) as tx:
        counter = Counter(organization_id, event_id)
        now = await tx.now()
        await record_payment(await tx.desk(), counter, attempt, state, is_direct=is_direct, now=now)


async def perform_refund(
    database: Database, providers: Providers, organization_id: UUID, order_id: UUID
) -> RefundState | None:
    """Ask the provider to give back the money of an order's pending refund, and record what came of it.

    None where there is none, or no answer came: the sweeper asks again.
    """
    known = await _known(database, organization_id, order_id)
    refund = next((one for one in known.refunds if one.status is RefundStatus.PENDING), None)
    if refund is None:
        return None
    provider = providers[refund.provider]
    paid = next((one for one in known.attempts if one.status is AttemptStatus.SUCCEEDED), None)
    reference = paid.reference if paid and paid.reference else str(order_id)
    intent = RefundIntent(refund.id, reference, refund.amount, refund.currency, refund.reason)
    try:
        state = await provider.refund(intent)
    except ProviderRefused as refused:
        state = RefundState(Outcome.FAILED, "", error=str(refused))
    except ProviderUnavailable:
        log.warning("no answer to a refund", order_id=order_id, provider=refund.provider)
        return None
    is_direct = provider.capabilities.is_direct
    async with database.write(organization_id) as tx:
        counter = Counter(organization_id, known.order.event_id)
        now = await tx.now()
        await record_refund(await tx.desk(), counter, refund, state, is_direct=is_direct, now=now)
    return state


async def _known(database: Database, organization_id: UUID, order_id: UUID) -> _Known:
    async with database.read(organization_id) as tx:
        order = await find_order(tx, order_id)
        assert order is not None, "attempts and refunds belong to an order"
        return _Known(order, await attempts_of_order(tx, order_id), await refunds_of_order(tx, order_id))


def _intent(order: Order, attempt: Attempt) -> PaymentIntent:
    return PaymentIntent(
        attempt.id, order.id, order.order_number, attempt.amount, attempt.currency, order.customer.email
    )
