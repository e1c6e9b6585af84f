"""The refund desk: writes down what providers say of refunds. When money is back, its tickets end and their places are free."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from foyer.domains.carts import Taken, lower_uses, shift
from foyer.domains.checkout.desk.settle import uses_of
from foyer.domains.checkout.facts import OrderRefunded, RefundFailed
from foyer.domains.checkout.rules import RefundPart, after_refund
from foyer.domains.orders import Refunded, lock_orders, refund_orders
from foyer.domains.orders.types import Order, OrderStatus
from foyer.domains.payments import (
    complete_refunds,
    fail_refunds,
    lock_pending,
    named_tickets,
    refunded_quantities,
)
from foyer.domains.payments.types import Outcome, Refund, RefundDone, RefundState
from foyer.domains.tickets import refund_tickets
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.infra.outbox import publish_many
from foyer.kernel.actor import system
from foyer.kernel.ids import uuid7

NO_WORD = "The provider did not give the money back."


class RefundAsk(NamedTuple):
    """What a provider says of a pending refund."""

    refund: Refund
    state: RefundState
    is_direct: bool


class _Back(NamedTuple):
    """A refund whose money is back: what it takes from its order, and what is left of that."""

    ask: RefundAsk
    order: Order
    parts: list[RefundPart]
    refunded: Refunded

    @property
    def ends_tickets(self) -> bool:
        return self.order.status is not OrderStatus.CANCELLED


class RefundDesk:
    """Records refunds of one event. What was recorded before, or is told again, changes nothing."""

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[RefundAsk]
    ) -> list[RefundState]:
        # Of two answers to one refund the first counts, as it would have if the second had come later.
        by_id = {ask.refund.id: ask for ask in reversed(asks) if ask.state.status is not Outcome.PENDING}
        orders = await lock_orders(connection, counter, {ask.refund.order_id for ask in by_id.values()})
        pending = await lock_pending(connection, counter.organization_id, by_id)
        told = [ask for refund_id, ask in by_id.items() if refund_id in pending]
        await _fail(connection, counter, [ask for ask in told if ask.state.status is Outcome.FAILED])
        done = [ask for ask in told if ask.state.status is Outcome.SUCCEEDED]
        if done:
            gone = await refunded_quantities(
                connection, counter.organization_id, [ask.refund.order_id for ask in done]
            )
            await _complete(
                connection, counter, [_back(ask, orders[ask.refund.order_id].order, gone) for ask in done]
            )
        return [ask.state for ask in asks]

    async def recall(
        self, connection: Connection, counter: Counter, asks: Sequence[RefundAsk]
    ) -> list[RefundState | None]:
        """A refund that is pending still was not recorded."""
        ids = [ask.refund.id for ask in asks]
        pending = await lock_pending(connection, counter.organization_id, ids)
        return [None if ask.refund.id in pending else ask.state for ask in asks]


def _back(ask: RefundAsk, order: Order, gone: Mapping[tuple[UUID, UUID], int]) -> _Back:
    """What is counted as gone includes this refund, which is pending."""
    lines = {line.id: line for line in order.items}
    parts = [RefundPart(lines[line.order_item_id], line.quantity) for line in ask.refund.lines]
    mine: dict[UUID, int] = {}
    for part in parts:
        mine[part.line.id] = mine.get(part.line.id, 0) + part.quantity
    before = {line.id: gone.get((order.id, line.id), 0) - mine.get(line.id, 0) for line in order.items}
    status, payment_status = after_refund(order, ask.refund.amount, parts, before)
    return _Back(ask, order, parts, Refunded(order.id, ask.refund.amount, status, payment_status))


async def _complete(connection: Connection, counter: Counter, backs: Sequence[_Back]) -> None:
    """Tickets, uses of codes, pools, in the order in which every transaction locks; then what follows from them."""
    organization_id = counter.organization_id
    now = await connection.fetchval("SELECT foyer_now()")
    if ending := [back for back in backs if back.ends_tickets]:
        named = await named_tickets(connection, counter, [back.ask.refund.id for back in ending])
        lines = [(part.line.id, part.quantity) for back in ending for part in back.parts]
        types = await refund_tickets(
            connection, organization_id, [back.order.id for back in ending], lines, named=named, now=now
        )
        whole = [back.order for back in ending if back.refunded.status is OrderStatus.REFUNDED]
        await lower_uses(connection, organization_id, uses_of(whole))
        codes = [order.discount_id for order in whole if order.discount_id]
        await shift(connection, counter, Taken([(kind, 1) for kind in types], codes), sold=-1)
    done = [
        RefundDone(
            ask.refund.id, uuid7(), ask.refund.user_id, ask.state.gateway_fee, ask.is_direct, ask.state.reference
        )
        for ask in (back.ask for back in backs)
    ]  # fmt: skip
    written = await complete_refunds(connection, organization_id, done, now=now)
    assert len(written) == len(backs), "pending refunds are locked"
    await refund_orders(connection, organization_id, [back.refunded for back in backs], now=now)
    actor = system(organization_id)
    stated = [
        (actor, OrderRefunded(order_id=one.order_id, event_id=counter.event_id, refund_id=one.id, amount=one.amount))
        for one in (back.ask.refund for back in backs)
    ]  # fmt: skip
    await publish_many(connection, organization_id, stated)


async def _fail(connection: Connection, counter: Counter, asks: Sequence[RefundAsk]) -> None:
    if not asks:
        return
    now = await connection.fetchval("SELECT foyer_now()")
    errors = {ask.refund.id: ask.state.error or NO_WORD for ask in asks}
    await fail_refunds(connection, counter.organization_id, errors, now=now)
    actor = system(counter.organization_id)
    stated = [
        (actor, RefundFailed(order_id=one.order_id, event_id=counter.event_id, refund_id=one.id, amount=one.amount))
        for one in (ask.refund for ask in asks)
    ]  # fmt: skip
    await publish_many(connection, counter.organization_id, stated)
