"""One buyer's way through the shop, from the page of the event to an order."""

import asyncio
import time
from dataclasses import dataclass
from typing import Final

import msgspec

from foyer.cli.rehearse.plan import Buyer, Kind, Way
from foyer.cli.rehearse.tally import Acknowledged, Step, Tally
from foyer.cli.rehearse.wire import Answer, Client, NoAnswerError
from foyer.kernel.dice import Dice
from foyer.kernel.wire import Wire

PATIENCE_SECONDS: Final = 60.0
"""So long people come back who are told to come back later."""
AGAIN_SECONDS: Final = 0.5
"""After no answer, or too early a press of the button."""
GROWTH: Final = 1.5
WAIT_SECONDS_MAX: Final = 10.0
"""As the shop's own busy page comes back by itself: later each time, and not all at the same moment."""
TRIES_MAX: Final = 5
"""Requests sent again after no answer."""
CODED: Final = range(400, 500)


class Shop(Wire, frozen=True):
    """Where the buyers go, and what there is."""

    url: str
    slug: str
    event_id: str
    event_slug: str
    kinds: list[Kind]
    code: str | None
    """A discount code that can be used."""

    @property
    def event_page(self) -> str:
        return f"/{self.slug}/events/{self.event_slug}"

    def cart_page(self, cart: "HeldCart") -> str:
        return f"/{self.slug}/carts/{cart.id}"

    def order_page(self, order: "PlacedOrder") -> str:
        return f"/{self.slug}/orders/{order.id}?key={order.token}"

    @property
    def carts(self) -> str:
        return f"/api/v1/shops/{self.slug}/carts"


class HeldCart(msgspec.Struct, rename="camel"):
    """What a buyer reads of a cart."""

    id: str
    token: str
    session_id: str
    total: int

    @property
    def cookies(self) -> dict[str, str]:
        """What a browser with this cart sends to a page; the shop has one name for it on https and another elsewhere."""
        return {"Cookie": f"foyer-shop={self.session_id}; __Host-foyer-shop={self.session_id}"}


class PlacedOrder(msgspec.Struct, rename="camel"):
    """What a buyer reads of an order."""

    id: str
    token: str
    tickets: list[msgspec.Raw]


class Problem(msgspec.Struct):
    """What a buyer reads of a refusal."""

    code: str = "unknown"


@dataclass
class Crowd:
    """What the buyers of one process share."""

    client: Client
    shop: Shop
    tally: Tally
    opens_at: float
    """On the monotonic clock, which all processes of a machine share."""
    dice: Dice

    @property
    def second(self) -> int:
        return max(0, int(time.monotonic() - self.opens_at))

    @property
    def told(self) -> Acknowledged:
        assert self.tally.acknowledged is not None
        return self.tally.acknowledged


class _GoneHomeError(Exception):
    """The buyer's visit is over: refused, out of patience, or never answered."""


async def visit(crowd: Crowd, buyer: Buyer) -> None:
    """Do everything that this buyer has in mind; what became of it stands in the tally."""
    try:
        for at in buyer.views:
            await _until(crowd, at)
            await _look(crowd, Step.EVENT_PAGE, crowd.shop.event_page)
        await _until(crowd, buyer.comes)
        cart = await _reserve(crowd, buyer)
        for _ in range(2 if buyer.reloads else 1):
            await _look(crowd, Step.CART_PAGE, crowd.shop.cart_page(cart), headers=cart.cookies)
        await _go_on(crowd, buyer, cart)
    except _GoneHomeError:
        pass
    finally:
        crowd.tally.buyers_done += 1


async def _go_on(crowd: Crowd, buyer: Buyer, cart: HeldCart) -> None:
    path, key = f"{crowd.shop.carts}/{cart.id}", {"Authorization": f"Bearer {cart.token}"}
    await asyncio.sleep(buyer.thinks / 2)
    if buyer.changes_to is not None:
        items = [{"ticketTypeId": crowd.shop.kinds[buyer.kind].id, "quantity": buyer.changes_to}]
        changed = await _ask(crowd, Step.CHANGE, "PATCH", path, {"items": items}, headers=key)
        cart.total = msgspec.json.decode(changed.body, type=HeldCart).total
    if buyer.tries_code and crowd.shop.code is not None:
        answer = await _ask(
            crowd, Step.CHANGE, "PATCH", path, {"discountCode": crowd.shop.code}, headers=key, bears=CODED
        )
        if answer.status == 200:
            cart.total = msgspec.json.decode(answer.body, type=HeldCart).total
    await asyncio.sleep(buyer.thinks / 2)
    if buyer.way is Way.GIVES_BACK:
        await _ask(crowd, Step.CHANGE, "DELETE", path, None, headers=key)
    elif buyer.way is Way.BUYS:
        await _check_out(crowd, buyer, cart, path, key)


async def _reserve(crowd: Crowd, buyer: Buyer) -> HeldCart:
    kind = crowd.shop.kinds[buyer.kind]
    items = [{"ticketTypeId": kind.id, "quantity": buyer.quantity}]
    body = {"eventId": crowd.shop.event_id, "items": items}
    headers = {"Idempotency-Key": buyer.key}
    pressed, asked_in = time.monotonic(), crowd.second
    answers = await _press(
        crowd, Step.RESERVE, crowd.shop.carts, body, headers=headers, twice=buyer.clicks_twice
    )
    carts = [msgspec.json.decode(one.body, type=HeldCart) for one in answers]
    crowd.tally.took(Step.PLACES, time.monotonic() - pressed)
    crowd.tally.reservations[asked_in] = crowd.tally.reservations.get(asked_in, 0) + 1
    crowd.told.carts += dict.fromkeys(cart.id for cart in carts)
    crowd.tally.two_carts += len({cart.id for cart in carts}) - 1
    return carts[0]


async def _check_out(crowd: Crowd, buyer: Buyer, cart: HeldCart, path: str, headers: dict[str, str]) -> None:
    body = {
        "customer": {"email": buyer.email, "firstName": "Buyer", "lastName": f"Number {buyer.number}"},
        "paymentMethod": "manual" if cart.total else "free",
    }
    answers = await _press(
        crowd, Step.CHECKOUT, f"{path}/checkout", body, headers=headers, twice=buyer.clicks_twice
    )
    orders = [msgspec.json.decode(one.body, type=PlacedOrder) for one in answers]
    second = crowd.second
    crowd.tally.orders[second] = crowd.tally.orders.get(second, 0) + 1
    crowd.told.orders |= {order.id: len(order.tickets) for order in orders}
    crowd.tally.two_carts += len({order.id for order in orders}) - 1
    await _look(crowd, Step.ORDER_PAGE, crowd.shop.order_page(orders[0]))


async def _look(crowd: Crowd, step: Step, page: str, *, headers: dict[str, str] | None = None) -> None:
    """Have a page drawn. One that cannot be had is written down, and stops nobody who has places."""
    answer = await _ask(crowd, step, "GET", page, None, headers=headers, bears=CODED)
    if answer.status in CODED:
        crowd.tally.refused(f"{step.value} with status {answer.status}")


async def _press(
    crowd: Crowd, step: Step, path: str, body: object, *, headers: dict[str, str], twice: bool
) -> list[Answer]:
    """Press a button once, or twice so quickly that both requests are under way at the same time.

    Returns:
        The answers that say yes, one or two.

    Raises:
        _GoneHomeError: there is none.
    """
    presses = [_ask(crowd, step, "POST", path, body, headers=headers) for _ in range(2 if twice else 1)]
    answers = await asyncio.gather(*presses, return_exceptions=True)
    for one in answers:
        if isinstance(one, BaseException) and not isinstance(one, _GoneHomeError):
            raise one
    good = [one for one in answers if isinstance(one, Answer)]
    if not good:
        raise _GoneHomeError
    return good


async def _ask(
    crowd: Crowd,
    step: Step,
    method: str,
    path: str,
    body: object,
    *,
    headers: dict[str, str] | None = None,
    bears: range = range(0),
) -> Answer:
    """Ask until there is an answer that stands: yes, or no for good; statuses in `bears` are no reason to go home."""
    sent = b"" if body is None else msgspec.json.encode(body)
    patient_until = time.monotonic() + PATIENCE_SECONDS
    lost = turned_away = 0
    while True:
        started = time.monotonic()
        try:
            answer = await crowd.client.ask(method, path, sent, headers=headers)
        except NoAnswerError:
            lost += 1
            if lost > TRIES_MAX:
                crowd.tally.unanswered += 1
                raise _GoneHomeError from None
            await asyncio.sleep(AGAIN_SECONDS)
            continue
        crowd.tally.took(step, time.monotonic() - started)
        if answer.status < 300 or (answer.status in bears and answer.status != 429):
            return answer
        wait = _comes_back_after(crowd, answer, turned_away)
        turned_away += 1
        if time.monotonic() + wait > patient_until:
            crowd.tally.gave_up += 1
            raise _GoneHomeError
        await asyncio.sleep(wait)


def _comes_back_after(crowd: Crowd, answer: Answer, times_before: int) -> float:
    """In how many seconds the buyer asks again, never earlier than was said; one who is refused for good goes home."""
    if answer.status in {429, 503}:
        crowd.tally.turned_away += 1
        told = answer.retry_after or ""
        after = float(told) if told.isascii() and told.isdigit() else AGAIN_SECONDS
        patient = min(WAIT_SECONDS_MAX, after * GROWTH**times_before)
        return max(after, patient) * crowd.dice.uniform(1.0, 1.3)
    code = _code(answer)
    crowd.tally.refused(code)
    if code == "not_on_sale" and time.monotonic() < crowd.opens_at + 1:
        return AGAIN_SECONDS
    raise _GoneHomeError


def _code(answer: Answer) -> str:
    try:
        return msgspec.json.decode(answer.body, type=Problem).code
    except msgspec.DecodeError:
        return f"status {answer.status}"


async def _until(crowd: Crowd, second: float) -> None:
    await asyncio.sleep(max(0.0, crowd.opens_at + second - time.monotonic()))
