"""What the buyers were told, and whether the database says the same: nothing oversold, nothing doubled, nothing lost."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from foyer.infra.db.engine import Connection


class State(Enum):
    """What the buyer of a cart was told last."""

    HELD = "held"
    LEFT = "left behind"
    RELEASED = "released"
    ORDERED = "ordered"


@dataclass
class Held:
    """A cart that somebody was promised, as it was promised last."""

    id: UUID
    token: str
    session: str
    places: dict[UUID, int]
    state: State = State.HELD
    order: dict[str, Any] | None = None


@dataclass
class Ledger:
    """Everything that was acknowledged in one sale."""

    organization_id: UUID
    event_id: UUID
    places: dict[UUID, int]
    """How many there are, by ticket type."""
    carts: dict[UUID, Held] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    """Answers that nobody should get."""
    is_broken_off: bool = False
    """Whether buyers went home in the middle: then nobody knows how what was under way has ended."""
    requests: int = 0
    unanswered: int = 0
    busy: int = 0
    sold_places: int = 0
    last_success: float = 0.0
    """When the latest request began that was served."""

    @property
    def orders(self) -> list[Held]:
        return [cart for cart in self.carts.values() if cart.state is State.ORDERED]

    @property
    def is_over(self) -> bool:
        return self.sold_places >= sum(self.places.values())

    def hold(self, body: dict[str, Any]) -> Held:
        """Note a cart that a request has got; another answer about the same cart is the same note."""
        cart_id = UUID(body["id"])
        if cart_id not in self.carts:
            self.carts[cart_id] = Held(cart_id, body["token"], body["sessionId"], places_of(body))
        return self.carts[cart_id]

    def order(self, cart: Held, body: dict[str, Any]) -> None:
        if cart.order is not None and _identity(cart.order) != _identity(body):
            self.odd.append(f"cart {cart.id} became order {cart.order['id']} and then {body['id']}")
        if cart.order is None:
            self.sold_places += sum(cart.places.values())
        cart.state, cart.order = State.ORDERED, body


def places_of(body: dict[str, Any]) -> dict[UUID, int]:
    return {UUID(item["ticketTypeId"]): item["quantity"] for item in body["items"]}


def _identity(order: dict[str, Any]) -> tuple[str, list[str]]:
    return order["id"], sorted(ticket["code"] for ticket in order["tickets"])


_CARTS = """
SELECT c.id, c.session_id, c.status,
  (SELECT json_object_agg(i.ticket_type_id, i.quantity) FROM cart_items i
   WHERE i.organization_id = c.organization_id AND i.cart_id = c.id)::text AS places
FROM carts c WHERE c.organization_id = $1
"""
_ORDERS = """
SELECT o.id, o.cart_id, o.status,
  array(SELECT t.code FROM tickets t WHERE t.organization_id = o.organization_id AND t.order_id = o.id
        AND t.status = 'valid' ORDER BY t.code) AS codes
FROM orders o WHERE o.organization_id = $1
"""
_SOLD = """
SELECT ticket_type_id, count(*) FROM tickets WHERE organization_id = $1 AND status = 'valid' GROUP BY ticket_type_id
"""
_CODES = """
SELECT code, count(*) FROM tickets WHERE organization_id = $1 GROUP BY code HAVING count(*) > 1
"""


async def judge(owner: Connection, ledger: Ledger) -> list[str]:
    """Everything in which the database and the buyers differ, and everything that would be wrong anyhow."""
    carts = await owner.fetch(_CARTS, ledger.organization_id)
    orders = await owner.fetch(_ORDERS, ledger.organization_id)
    sold = {row[0]: row[1] for row in await owner.fetch(_SOLD, ledger.organization_id)}
    codes = await owner.fetch(_CODES, ledger.organization_id)
    return [
        *ledger.odd,
        *_oversold(ledger, sold),
        *(f"doubled: {row[1]} tickets have the code {row[0]}" for row in codes),
        *_carts_astray(ledger, carts),
        *_orders_astray(ledger, orders),
    ]


def _oversold(ledger: Ledger, sold: dict[UUID, int]) -> Iterator[str]:
    for kind, places in ledger.places.items():
        if (found := sold.get(kind, 0)) != places:
            word = "oversold" if found > places else "not sold out"
            yield f"{word}: {found} tickets of type {kind} for {places} places"


ENDS = {
    State.HELD: set[str](),
    State.LEFT: {"expired", "abandoned"},
    State.RELEASED: {"expired", "abandoned"},
    State.ORDERED: {"converted"},
}
"""How a cart may stand once all is over. Nobody holds one by then: each buyer has ended what was begun."""


def _carts_astray(ledger: Ledger, rows: list[asyncpg.Record]) -> Iterator[str]:
    standing = {row["id"]: row for row in rows}
    for cart_id, cart in ledger.carts.items():
        row = standing.pop(cart_id, None)
        if row is None:
            yield f"lost: cart {cart_id} was acknowledged and is not there"
            continue
        if cart.state is State.HELD and ledger.is_broken_off:
            continue
        if row["status"] not in ENDS[cart.state]:
            yield f"lost: cart {cart_id} was {cart.state.value} and is {row['status']}"
        places = {
            UUID(kind): quantity for kind, quantity in msgspec.json.decode(row["places"] or "{}").items()
        }
        if places != cart.places or row["session_id"] != cart.session:
            yield f"lost: cart {cart_id} was {cart.places} and is {places}"
    for cart_id in () if ledger.is_broken_off else standing:
        yield f"doubled: nobody was told of cart {cart_id}"


def _orders_astray(ledger: Ledger, rows: list[asyncpg.Record]) -> Iterator[str]:
    standing: dict[UUID, list[asyncpg.Record]] = {}
    for row in rows:
        standing.setdefault(row["cart_id"], []).append(row)
    for cart in ledger.orders:
        assert cart.order is not None
        found = standing.pop(cart.id, [])
        if len(found) > 1:
            yield f"doubled: cart {cart.id} became {len(found)} orders"
        told = _identity(cart.order)
        if told not in [(str(row["id"]), list(row["codes"])) for row in found]:
            yield f"lost: order {told[0]} with {len(told[1])} tickets was acknowledged and is not there as it was"
        if len(told[1]) != sum(cart.places.values()):
            yield f"lost: cart {cart.id} had {sum(cart.places.values())} places, its order {len(told[1])} tickets"
    for cart_id, found in () if ledger.is_broken_off else standing.items():
        yield f"doubled: nobody was told of order {found[0]['id']} of cart {cart_id}"


__all__ = ["Held", "Ledger", "State", "judge", "places_of"]
