"""Decisions at checkout and after it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

from foyer.domains.carts.errors import lapsed, too_dear
from foyer.domains.carts.types import Cart, CartStatus
from foyer.domains.checkout.types import Placing, WantedRefund
from foyer.domains.events.types import (
    EventStatus,
    SaleTerms,
    TypeTerms,
)
from foyer.domains.orders.types import Order, OrderLine, OrderStatus, PaymentStatus
from foyer.domains.tickets.types import TicketStaff
from foyer.kernel.errors import Conflict, Finding, Forbidden, FoyerError, Invalid, NotOnSale
from foyer.kernel.language import restated, said
from foyer.kernel.money import ORDER_TOTAL_MAX, show
from foyer.kernel.text import tidy_line

FREE: Final = "free"
MANUAL: Final = "manual"
WAYS: Final = {
    FREE: "“free” where nothing is to be paid",
    MANUAL: "“manual” to pay the organizer directly",
}
"""Ways to pay in words, where their names alone say too little."""
ATTENDEES_MAX: Final = 1_000
REASON_MAX: Final = 500


def odd_method(payment_method: str, known: Collection[str]) -> list[Finding]:
    if payment_method in known:
        return []
    ways = " or ".join(WAYS.get(name, f"“{name}”") for name in sorted(known))
    return [Finding("paymentMethod", restated(f"Choose how to pay: {ways}.", "Choose how to pay."))]


def refusal(
    cart: Cart, placing: Placing, terms: SaleTerms, types: Mapping[UUID, TypeTerms], now: datetime
) -> FoyerError | None:
    """Why a cart that is no order yet cannot become one; None when it can."""
    if terms.status is EventStatus.CANCELLED:
        return NotOnSale(said("The event is cancelled, so nothing is sold any more."))
    if terms.status is not EventStatus.PUBLISHED or terms.ends_at <= now:
        return NotOnSale(said("The event is over."))
    if cart.status is not CartStatus.ACTIVE or cart.expires_at <= now:
        return lapsed()
    if not cart.items:
        return Conflict(said("The cart is empty; choose a ticket first."), field="items")
    for item in cart.items:
        kind = types.get(item.ticket_type_id)
        if kind is None or not terms.state_of(kind, free=1, now=now).is_buyable:
            return NotOnSale(said("%(ticket)s is not on sale at this moment.", ticket=item.name))
    if not terms.allows_guests:
        return Forbidden(said("This shop sells to signed-in customers only."))
    if (refused := _odd_total(cart, placing)) is not None:
        return refused
    held = {item.ticket_type_id: item.quantity for item in cart.items}
    for type_id, people in placing.attendees.items():
        if len(people) > held.get(type_id, 0):
            return Invalid(
                said("More people are named than there are tickets of this type."), field="attendees"
            )
    return None


def _odd_total(cart: Cart, placing: Placing) -> FoyerError | None:
    if cart.total > ORDER_TOTAL_MAX:  # a code that held it below came off
        return too_dear()
    if placing.expected_total is not None and placing.expected_total != cart.total:
        amount = partial(show, cart.total, cart.currency)
        sentence = said("The total is %(amount)s now; please look at it once more.", amount=amount)
        return Conflict(sentence, field="expectedTotal")
    if cart.total and placing.payment_method == FREE:
        amount = partial(show, cart.total, cart.currency)
        sentence = said("This order costs %(amount)s, so it cannot be placed as free.", amount=amount)
        return Invalid(sentence, field="paymentMethod")
    return None


def deadline(terms: SaleTerms, now: datetime, hours: int) -> datetime:
    """Until when an order may wait: so many hours, never beyond the start, or, once that is past, the end of the event."""
    latest = terms.starts_at if terms.starts_at > now else terms.ends_at
    return min(now + timedelta(hours=hours), latest)


def regular_reason(reason: str | None) -> str | None:
    """Why somebody of the staff did something, tidied; None where nothing is said.

    Raises:
        Invalid: it is longer than `REASON_MAX` characters.
    """
    text = tidy_line(reason or "")
    if len(text) > REASON_MAX:
        raise Invalid(said("Use at most %(most)s characters.", most=REASON_MAX), field="reason")
    return text or None


class RefundPart(NamedTuple):
    """So many tickets of one line, at what each of them was paid with."""

    line: OrderLine
    quantity: int

    @property
    def amount(self) -> int:
        return self.quantity * self.line.unit_total


def refund_parts(
    order: Order, wanted: Sequence[WantedRefund] | None, gone: Mapping[UUID, int]
) -> list[RefundPart]:
    """The part of an order that goes back.

    Args:
        order: as it stands.
        wanted: the tickets, by line of the order; None is everything that is left.
        gone: how many of each line have gone back before.

    Raises:
        Invalid: naming the line that the order does not have, or of which fewer are left.
    """
    left = {line.id: line.quantity - gone.get(line.id, 0) for line in order.items}
    if wanted is None:
        wanted = [
            WantedRefund(order_item_id=line_id, quantity=count) for line_id, count in left.items() if count
        ]
    lines = {line.id: line for line in order.items}
    counts: dict[UUID, int] = {}
    for place, one in enumerate(wanted):
        if one.order_item_id not in lines:
            raise Invalid(said("The order has no such line."), field=f"items[{place}].orderItemId")
        if one.quantity < 1:
            raise Invalid(said("Give back at least one ticket."), field=f"items[{place}].quantity")
        counts[one.order_item_id] = counts.get(one.order_item_id, 0) + one.quantity
        if counts[one.order_item_id] > left[one.order_item_id]:
            sentence = said("Only %(left)s of this line are left to give back.", left=left[one.order_item_id])
            raise Invalid(sentence, field=f"items[{place}].quantity")
    return [RefundPart(lines[line_id], count) for line_id, count in counts.items()]


def lines_of(named: Sequence[UUID], tickets: Sequence[TicketStaff]) -> list[WantedRefund]:
    """Named tickets of an order as so many of each line.

    Raises:
        Invalid: nothing is named, or one that the order does not have, or that has ended.
    """
    good = {ticket.id: ticket for ticket in tickets if ticket.status.is_good}
    if not named:
        raise Invalid(said("Choose the tickets that go back."), field="tickets")
    if len(set(named)) < len(named) or not good.keys() >= set(named):
        raise Invalid(said("A ticket that you chose has ended or is not of this order."), field="tickets")
    counts: dict[UUID, int] = {}
    for ticket_id in named:
        counts[good[ticket_id].order_item_id] = counts.get(good[ticket_id].order_item_id, 0) + 1
    return [WantedRefund(order_item_id=line_id, quantity=count) for line_id, count in counts.items()]


def goodwill(amount: int, left: int, currency: str) -> int:
    """An amount that may go back without a ticket.

    Raises:
        Invalid: it is nothing, or more than is left of the payment.
    """
    if amount < 1:
        raise Invalid(said("Give back an amount above zero."), field="amount")
    if amount > left:
        sentence = said("At most %(amount)s can go back.", amount=partial(show, left, currency))
        raise Invalid(sentence, field="amount")
    return amount


def after_refund(
    order: Order, amount: int, parts: Sequence[RefundPart], gone: Mapping[UUID, int]
) -> tuple[OrderStatus, PaymentStatus]:
    """What order and payment are once this refund is done: `refunded` when no ticket, or no money, is left."""
    back = dict(gone.items())
    for part in parts:
        back[part.line.id] = back.get(part.line.id, 0) + part.quantity
    is_whole = all(back.get(line.id, 0) >= line.quantity for line in order.items)
    is_paid_back = order.refunded_amount + amount >= order.total
    paid = PaymentStatus.REFUNDED if is_paid_back else PaymentStatus.PARTIAL_REFUND
    if order.status is OrderStatus.CANCELLED:
        return OrderStatus.CANCELLED, paid
    return (OrderStatus.REFUNDED if is_whole else OrderStatus.PARTIAL_REFUND), paid
