"""The till: orders are settled in batches, whoever says that they are paid, a provider or staff."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from uuid import UUID

import structlog

from foyer.domains.carts import Replay
from foyer.domains.checkout.desk.record import Receipt, receive
from foyer.domains.orders import NO_ORDER, ORDER, LockedOrder, lock_orders
from foyer.domains.orders.types import ApprovalStatus, Order, OrderStatus
from foyer.domains.payments import (
    Provider,
    answer_attempts,
    close_attempts,
    known_intents,
    known_transactions,
)
from foyer.domains.payments.types import AttemptStatus, Outcome, PaymentState
from foyer.infra.audit import Deed, record_many
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.infra.idempotency import Standing, Used, standing_keys, take_keys
from foyer.kernel.actor import Actor, system
from foyer.kernel.errors import Conflict, FoyerError, IdempotencyMismatch, NotFound
from foyer.kernel.ids import uuid7
from foyer.kernel.language import said

log = structlog.get_logger("foyer.checkout")

PAID_OTHERWISE = said("The order is paid already, under another reference.")


class Told(NamedTuple):
    """What a provider says of an attempt to pay an order. What was written down before changes nothing."""

    order_id: UUID
    attempt_id: UUID
    state: PaymentState
    is_direct: bool


class Handed(NamedTuple):
    """Money for an order that went to the organizer directly, as staff say. Ids are made here, so that a lost answer can be looked up."""

    order_id: UUID
    transaction_id: UUID
    actor: Actor
    replay: Replay | None = None


SettleAsk: TypeAlias = Told | Handed


class Settled(StrEnum):
    """What has become of it."""

    CONFIRMED = "confirmed"
    OWED = "owed"
    """It came too late: all of it goes back."""
    NOTED = "noted"
    """Nothing follows from it."""


class SettleDesk:
    """Settles orders of one event. Several asks of one order follow each other; the same one told twice answers the same."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._providers = providers

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[SettleAsk]
    ) -> list[Settled | FoyerError]:
        answers: dict[SettleAsk, Settled | FoyerError] = {}
        waiting = list(dict.fromkeys(asks))
        while waiting:
            locked = await lock_orders(connection, counter, {ask.order_id for ask in waiting})
            firsts, waiting = await self._sorted(connection, counter, waiting, locked, answers)
            if firsts:
                answers |= await self._settle(connection, counter, firsts, locked)
        return [answers[ask] for ask in asks]

    async def recall(
        self, connection: Connection, counter: Counter, asks: Sequence[SettleAsk]
    ) -> list[Settled | None]:
        """Staff's word is found by its transaction; a provider's can be told again."""
        ids = [ask.transaction_id for ask in asks if isinstance(ask, Handed)]
        written = await known_transactions(connection, counter.organization_id, ids)
        return [
            Settled.CONFIRMED if isinstance(ask, Handed) and ask.transaction_id in written else None
            for ask in asks
        ]

    async def _sorted(
        self,
        connection: Connection,
        counter: Counter,
        waiting: Sequence[SettleAsk],
        locked: Mapping[UUID, LockedOrder],
        answers: dict[SettleAsk, Settled | FoyerError],
    ) -> tuple[list[SettleAsk], list[SettleAsk]]:
        """What can be settled now, one ask of each order and key, and what comes after one of these; the others are answered."""
        replays = [ask.replay[:2] for ask in waiting if isinstance(ask, Handed) and ask.replay]
        standing = await standing_keys(connection, counter.organization_id, replays)
        firsts: list[SettleAsk] = []
        later: list[SettleAsk] = []
        taken: set[object] = set()
        for ask in waiting:
            replay = ask.replay if isinstance(ask, Handed) else None
            names = {ask.order_id, replay[:2]} if replay else {ask.order_id}
            if replay and replay[:2] in standing:
                answers[ask] = _replayed(replay, standing[replay[:2]])
            elif ask.order_id not in locked:
                answers[ask] = NotFound(NO_ORDER)
            elif names & taken:
                later.append(ask)
            elif isinstance(ask, Handed) and (no := self._unpayable(locked[ask.order_id].order)) is not None:
                answers[ask] = no
            else:
                firsts.append(ask)
                taken |= names
        return firsts, later

    def _unpayable(self, order: Order) -> Conflict | None:
        """Why staff cannot take money for an order."""
        if (no := ORDER.refusal(order.status, OrderStatus.CONFIRMED)) is not None:
            return no
        if order.status is not OrderStatus.PENDING:
            return Conflict(said("The order was cancelled; its places went back on sale."), field="status")
        if order.approval is not None and order.approval.status is ApprovalStatus.REQUESTED:
            return Conflict(said("The order waits for approval; decide on it first."), field="approval")
        if self._providers[order.payment_method].capabilities.is_remote:
            sentence = said(
                "This order is paid by %(method)s; it is confirmed when the money comes.",
                method=order.payment_method,
            )
            return Conflict(sentence, field="paymentMethod")
        return None

    async def _settle(
        self,
        connection: Connection,
        counter: Counter,
        asks: Sequence[SettleAsk],
        locked: Mapping[UUID, LockedOrder],
    ) -> dict[SettleAsk, Settled | FoyerError]:
        """Write down what is new; one ask of each order.

        Raises:
            Conflict: an order is paid already, under another reference. Alone in its batch, only the one who said so hears it.
        """
        now = await connection.fetchval("SELECT foyer_now()")
        answers: dict[SettleAsk, Settled | FoyerError] = {}
        receipts: dict[SettleAsk, Receipt] = {
            ask: self._handed(ask, locked[ask.order_id]) for ask in asks if isinstance(ask, Handed)
        }
        told = [ask for ask in asks if isinstance(ask, Told)]
        if told:
            heard = await _heard(connection, counter, told, locked, now=now)
            receipts |= heard
            answers |= {ask: Settled.NOTED for ask in told if ask not in heard}
        paid = [ask for ask in asks if ask in receipts]
        refused = await receive(connection, counter, [receipts[ask] for ask in paid], now=now)
        for ask, no in zip(paid, refused, strict=True):
            is_owed = no is not None and receipts[ask].goes_back
            answers[ask] = Settled.OWED if is_owed else no or Settled.CONFIRMED
        await _sign(
            connection,
            counter,
            [ask for ask in paid if isinstance(ask, Handed) and answers[ask] is Settled.CONFIRMED],
            now=now,
        )
        return answers

    def _handed(self, ask: Handed, locked: LockedOrder) -> Receipt:
        order = locked.order
        is_direct = self._providers[order.payment_method].capabilities.is_direct
        return Receipt(
            ask.transaction_id, locked, order.payment_method, str(order.id), 0, is_direct, ask.actor, goes_back=False
        )  # fmt: skip


async def _heard(
    connection: Connection,
    counter: Counter,
    told: Sequence[Told],
    locked: Mapping[UUID, LockedOrder],
    *,
    now: datetime,
) -> dict[SettleAsk, Receipt]:
    """The money among what providers say that was not known yet; all else is written down here."""
    said = {ask.attempt_id: ask.state for ask in told}
    answered = await answer_attempts(connection, counter.organization_id, said, now=now)
    receipts: dict[SettleAsk, Receipt] = {}
    again: list[tuple[str, str]] = []
    for ask in told:
        attempt, has_moved = answered[ask.attempt_id]
        if ask.state.status is not Outcome.SUCCEEDED:
            continue
        reference = ask.state.reference or str(attempt.id)
        if attempt.status is not AttemptStatus.SUCCEEDED:
            log.error("an order was paid twice", order_id=ask.order_id, attempt_id=ask.attempt_id)
        elif not has_moved:
            again.append((attempt.provider, reference))
        elif locked[ask.order_id].order.status not in {OrderStatus.PENDING, OrderStatus.CANCELLED}:
            raise Conflict(PAID_OTHERWISE, field="status")
        else:
            receipts[ask] = Receipt(
                uuid7(), locked[ask.order_id], attempt.provider, reference, ask.state.gateway_fee, ask.is_direct,
                system(counter.organization_id), goes_back=True,
            )  # fmt: skip
    if again and await known_intents(connection, counter.organization_id, again) < set(again):
        raise Conflict(PAID_OTHERWISE, field="status")
    return receipts


async def _sign(
    connection: Connection, counter: Counter, confirmed: Sequence[Handed], *, now: datetime
) -> None:
    """What belongs to the word of staff: nobody else is asked to pay, the key is used, and it is known who said so."""
    if not confirmed:
        return
    organization_id = counter.organization_id
    ids = [ask.order_id for ask in confirmed]
    await close_attempts(connection, organization_id, ids, to=AttemptStatus.SUCCEEDED, now=now)
    used = [Used(*ask.replay, ask.order_id) for ask in confirmed if ask.replay]
    await take_keys(connection, organization_id, used)
    deeds = [Deed(ask.actor, "order.paid", "order", ask.order_id) for ask in confirmed]
    await record_many(connection, organization_id, deeds)


def _replayed(replay: Replay, standing: Standing) -> Settled | IdempotencyMismatch:
    return Settled.CONFIRMED if standing.body_hash == replay.body_hash else IdempotencyMismatch()
