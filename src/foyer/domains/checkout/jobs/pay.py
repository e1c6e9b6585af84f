"""Asking providers: what was intended is performed with no transaction open, and what came of it is recorded in another one.

Every request carries the id of its row as its key, so that after a crash it is simply asked again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

import structlog

from foyer.domains.checkout.desk import RefundAsk, Till, Told
from foyer.domains.orders import find_order, find_orders
from foyer.domains.orders.types import Order
from foyer.domains.payments import attempts_of_order, references_paid, refunds_of_order
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
from foyer.kernel.errors import Busy

log = structlog.get_logger("foyer.payments")

ASKED_AT_ONCE: Final = 10
"""So many questions the sweeper has open at a provider."""


Intended = TypeVar("Intended", Attempt, Refund)
State = TypeVar("State")


class _Tried(NamedTuple):
    """An order and the tries to have it paid."""

    order: Order
    attempts: list[Attempt]


async def begin_payment(till: Till, organization_id: UUID, order_id: UUID) -> PaymentState | None:
    """Ask the provider of an order's open attempt to begin the payment; where the buyer has to go is in the answer.

    None where nothing has to be asked, or no answer came: the sweeper asks again.
    """
    known = await _tried(till, organization_id, order_id)
    attempt = next((one for one in known.attempts if one.status is AttemptStatus.CREATED), None)
    if attempt is None:
        return None
    state = await _begun(till, known.order, attempt)
    await _record(till, Counter(organization_id, known.order.event_id), attempt, state)
    return state


async def begin_payments(till: Till, counter: Counter, attempts: Sequence[Attempt]) -> None:
    """As `begin_payment`, for attempts that nobody has heard of; one that cannot be begun does not stop the others.

    Raises:
        Busy: the database is away.
    """
    async with till.database.read(counter.organization_id) as tx:
        orders = await find_orders(tx, [one.order_id for one in attempts])
    await _each(
        attempts,
        lambda one: _begun(till, orders[one.order_id], one),
        lambda one, state: _record(till, counter, one, state),
    )


async def follow_up(
    till: Till, organization_id: UUID, order_id: UUID, attempt_id: UUID
) -> PaymentState | None:
    """Ask what has become of a payment that was begun, and record it; what a call from outside makes us do.

    Where the answer to its beginning was lost, it is asked for by its key alone: the call says that it is there.
    """
    known = await _tried(till, organization_id, order_id)
    attempt = next(one for one in known.attempts if one.id == attempt_id)
    provider, intent = till.providers[attempt.provider], _intent(known.order, attempt)
    try:
        if attempt.reference is None:
            state = await provider.create(intent)
        else:
            state = await provider.confirm(intent, attempt.reference)
    except (ProviderUnavailable, ProviderRefused):
        log.warning("no answer about a payment", order_id=order_id, provider=attempt.provider)
        return None
    await _record(till, Counter(organization_id, known.order.event_id), attempt, state)
    return state


async def _begun(till: Till, order: Order, attempt: Attempt) -> PaymentState | None:
    try:
        return await till.providers[attempt.provider].create(_intent(order, attempt))
    except ProviderRefused as refused:
        return PaymentState(Outcome.FAILED, attempt.reference or "", error=str(refused))
    except ProviderUnavailable:
        log.warning("no answer to a payment", order_id=order.id, provider=attempt.provider)
        return None


async def _record(till: Till, counter: Counter, attempt: Attempt, state: PaymentState | None) -> None:
    if state is not None:
        is_direct = till.providers[attempt.provider].capabilities.is_direct
        await till.settle.ask(counter, Told(attempt.order_id, attempt.id, state, is_direct))


async def perform_refund(till: Till, organization_id: UUID, order_id: UUID) -> RefundState | None:
    """Ask the provider to give back the money of an order's pending refund, and record what came of it.

    None where there is none, or no answer came: the sweeper asks again.
    """
    async with till.database.read(organization_id) as tx:
        pending = [one for one in await refunds_of_order(tx, order_id) if one.status is RefundStatus.PENDING]
        if not pending:
            return None
        order = await find_order(tx, order_id)
        assert order is not None, "refunds belong to an order"
        paid = await references_paid(tx, [order_id])
    state = await _given_back(till, pending[0], paid.get(order_id))
    await _take_down(till, Counter(organization_id, order.event_id), pending[0], state)
    return state


async def perform_refunds(till: Till, counter: Counter, refunds: Sequence[Refund]) -> None:
    """As `perform_refund`, for pending refunds that nobody has heard of; one that fails does not stop the others.

    Raises:
        Busy: the database is away.
    """
    async with till.database.read(counter.organization_id) as tx:
        paid = await references_paid(tx, [one.order_id for one in refunds])
    await _each(
        refunds,
        lambda one: _given_back(till, one, paid.get(one.order_id)),
        lambda one, state: _take_down(till, counter, one, state),
    )


async def _given_back(till: Till, refund: Refund, reference: str | None) -> RefundState | None:
    intent = RefundIntent(
        refund.id, reference or str(refund.order_id), refund.amount, refund.currency, refund.reason
    )
    try:
        return await till.providers[refund.provider].refund(intent)
    except ProviderRefused as refused:
        return RefundState(Outcome.FAILED, "", error=str(refused))
    except ProviderUnavailable:
        log.warning("no answer to a refund", order_id=refund.order_id, provider=refund.provider)
        return None


async def _take_down(till: Till, counter: Counter, refund: Refund, state: RefundState | None) -> None:
    if state is not None:
        is_direct = till.providers[refund.provider].capabilities.is_direct
        await till.refund.ask(counter, RefundAsk(refund, state, is_direct))


async def _each(
    intended: Sequence[Intended],
    ask: Callable[[Intended], Awaitable[State]],
    tell: Callable[[Intended, State], Awaitable[None]],
) -> None:
    """Ask about each, a few at a time, and write down all that is answered; what fails is looked at once all are through."""
    turns = asyncio.Semaphore(ASKED_AT_ONCE)

    async def perform(one: Intended) -> None:
        async with turns:
            state = await ask(one)
        await tell(one, state)

    outcomes = await asyncio.gather(*map(perform, intended), return_exceptions=True)
    for one, outcome in zip(intended, outcomes, strict=True):
        if isinstance(outcome, Busy) or (
            isinstance(outcome, BaseException) and not isinstance(outcome, Exception)
        ):
            raise outcome
        if isinstance(outcome, Exception):
            log.error("provider could not be asked again", order_id=one.order_id, exc_info=outcome)


async def _tried(till: Till, organization_id: UUID, order_id: UUID) -> _Tried:
    async with till.database.read(organization_id) as tx:
        order = await find_order(tx, order_id)
        assert order is not None, "attempts belong to an order"
        return _Tried(order, await attempts_of_order(tx, order_id))


def _intent(order: Order, attempt: Attempt) -> PaymentIntent:
    return PaymentIntent(
        attempt.id, order.id, order.order_number, attempt.amount, attempt.currency, order.customer.email
    )
