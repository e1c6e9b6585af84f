"""A house after everything that can happen to carts and orders has happened to one of them, and how to find each again."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from foyer.domains.checkout import approve_order, cancel_event, erase_customer, refuse_order
from foyer.domains.customers import customers_for_staff
from foyer.domains.customers.types import Customer, CustomerFilter
from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.domains.orders.types import CancelReason, Order
from tests.support.trade import Trade

GOLD = TicketTypeDraft(name="Gold", quantity=40, price=1_050)
FREE = TicketTypeDraft(name="Free", quantity=20, is_free=True)
BOARD = TicketTypeDraft(name="Board", quantity=5, price=2_500, requires_approval=True)
GUEST = TicketTypeDraft(name="Guest", quantity=5, is_free=True, requires_approval=True)
LAST = TicketTypeDraft(name="Last", quantity=4, price=900)


class Life(NamedTuple):
    """A house that has lived, and the ids of those in it by what became of them."""

    trade: Trade
    ids: dict[str, UUID]


class _House(NamedTuple):
    trade: Trade
    event: EventStaff

    def kind(self, name: str) -> UUID:
        return next(kind.id for kind in self.event.ticket_types if kind.name == name)

    async def buy(self, method: str, who: str, code: str | None = None, **wanted: int) -> Order:
        cart = await self.trade.reserve(
            self.event.id, {self.kind(name): count for name, count in wanted.items()}
        )
        if code:
            await self.trade.edit(self.event.id, cart.id, code=code)
        order = (await self.trade.place(self.event.id, cart.id, f"{who}@example.org", method)).order
        if method == "sandbox":
            await self.trade.begin_payment(order.id)
        return order


async def live(trade: Trade) -> Life:
    """Live through it all; takes under a second."""
    event = await trade.event(
        GOLD, FREE, BOARD, GUEST, LAST, service_fee_percentage=5.0, service_fee_fixed=30, capacity=60
    )
    house = _House(trade, event)
    await trade.shared_pool(event, "Floor", 45, house.kind("Gold"), house.kind("Board"))
    code = await trade.discount("EARLY", percentage=10.0, max_uses=12, uses_per_customer=3)
    await trade.discount("LATER", percentage=5.0)
    ids = {"event": event.id, "code": code.id, "gold": house.kind("Gold"), "last": house.kind("Last")}
    ids |= await _sell(house)
    late = [await house.buy("sandbox", f"late-{turn}", Last=2) for turn in range(2)]
    trade.jump(timedelta(minutes=40))
    ids |= await _call_off(trade)
    trade.jump(timedelta(days=8))
    await trade.sweep()
    ids |= await _pay_late(house, late) | await _wait(house) | await _hold(house)
    return Life(trade, ids)


async def _sell(house: _House) -> dict[str, UUID]:
    trade, buy = house.trade, house.buy
    coded = [await buy("manual", f"buyer-{turn // 2}", "EARLY", Gold=3, Free=1) for turn in range(3)]
    for order in coded:
        await trade.mark_paid(order.id)
    await trade.refund(coded[0].id, (coded[0].items[0].id, 1))
    await trade.refund(coded[1].id)
    await buy("manual", "never", "EARLY", Gold=1)
    await buy("manual", "frau.groß", "EARLY", Gold=1)
    await buy("manual", "señor", "EARLY", Gold=1)
    await _forget(trade, await buy("manual", "forgotten", "LATER", Gold=1))
    free, sorry = await buy("free", "free", Free=2), await buy("free", "sorry", Free=1)
    await trade.cancel(sorry.id)
    card, back = await buy("sandbox", "card", Gold=1), await buy("sandbox", "back", Gold=2, Free=1)
    await trade.pay(card.id)
    await trade.pay(back.id)
    gone = await buy("manual", "gone", Gold=1)
    await trade.cancel(gone.id, CancelReason.BUYER)
    refused = await buy("manual", "refused", Board=1)
    async with trade.database.write(trade.id) as tx:
        await refuse_order(tx, refused.id, actor=trade.organization.owner, reason="Full")
    return {
        "part": coded[0].id, "whole": coded[1].id, "paid": coded[2].id, "free": free.id, "sorry": sorry.id, "card": card.id,
        "back": back.id, "gone": gone.id, "refused": refused.id,
    }  # fmt: skip


async def _forget(trade: Trade, order: Order) -> None:
    """A buyer is erased and has the money back after it."""
    await trade.mark_paid(order.id)
    async with trade.database.write(trade.id) as tx:
        (buyer,) = (await customers_for_staff(tx, CustomerFilter(q="forgotten"), cursor=None, limit=2)).items
        await erase_customer(tx, buyer.id, actor=trade.organization.owner)
    await trade.refund(order.id)


async def _call_off(trade: Trade) -> dict[str, UUID]:
    """An event is cancelled with carts, orders that wait and orders that are paid, and is wound up."""
    event = await trade.event(GOLD, FREE)
    house = _House(trade, event)
    await trade.reserve(event.id, {house.kind("Gold"): 1})
    await house.buy("manual", "waiting", Gold=2)
    orders = [await house.buy("manual", f"paid-{turn}", Gold=2, Free=1) for turn in range(2)]
    for order in orders:
        await trade.mark_paid(order.id)
    async with trade.database.write(trade.id) as tx:
        await cancel_event(tx, event.id, actor=trade.organization.owner)
    await trade.sweep()
    await trade.sweep()
    await trade.refund(orders[0].id)
    return {"called_off": event.id, "due": orders[1].id}


async def _pay_late(house: _House, late: list[Order]) -> dict[str, UUID]:
    """Two pay after their places have gone to somebody else; one of them has the money back."""
    quick = await house.buy("manual", "quick", Last=3)
    for order in late:
        await house.trade.pay(order.id)
    await house.trade.perform_refund(late[0].id)
    return {"quick": quick.id, "returned": late[0].id, "kept": late[1].id}


async def _wait(house: _House) -> dict[str, UUID]:
    """Orders that wait: for the word, for the money after it, for the money, for the money to be back."""
    trade = house.trade
    asked, guest = (
        await house.buy("manual", "asked", Board=1, Gold=1),
        await house.buy("free", "guest", Guest=1),
    )
    approved = await house.buy("manual", "approved", Board=1)
    async with trade.database.write(trade.id) as tx:
        await approve_order(tx, approved.id, actor=trade.organization.owner, providers=trade.providers)
    slow = await house.buy("sandbox", "slow", Gold=1)
    (back,) = [
        one.intent.order_id
        for one in trade.sandbox.charges.values()
        if one.intent.buyer_email == "back@example.org"
    ]
    await trade.begin_refund(back)
    return {"asked": asked.id, "guest": guest.id, "approved": approved.id, "slow": slow.id}


async def _hold(house: _House) -> dict[str, UUID]:
    """Carts: with a code, given back, left by a buyer who is known, and one that costs nothing."""
    trade, event_id, gold = house.trade, house.event.id, house.kind("Gold")
    coded, _, left = [await trade.reserve(event_id, {gold: 2}) for _ in range(3)]
    await trade.edit(event_id, coded.id, code="EARLY")
    await trade.edit(event_id, left.id, {gold: 1}, customer=Customer(email="left@example.org"))
    await trade.edit(event_id, left.id, releases=True)
    free = await trade.reserve(event_id, {house.kind("Free"): 1})
    return {"coded_cart": coded.id, "left_cart": left.id, "free_cart": free.id}


__all__ = ["Life", "live"]
