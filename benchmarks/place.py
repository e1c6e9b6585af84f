"""Place: a cart of two free tickets becomes an order, with both tickets in the answer."""

from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg
import msgspec

from benchmarks.load import raw
from benchmarks.operation import Operation, Trace
from benchmarks.reserve import yard_values
from benchmarks.world import SECRET, SLUG, Sold, World
from foyer.api.v1.carts import CheckoutBody
from foyer.background import REACTIONS
from foyer.domains.checkout.facts import OrderConfirmed
from foyer.domains.customers.types import Customer
from foyer.infra.crypto import Keyring

_CARTS: Final = """
WITH held AS (
  INSERT INTO carts (organization_id, id, event_id, session_id, currency, subtotal, fees, total, created_at, updated_at, expires_at)
  SELECT $1, id, event_id, id::text, 'EUR', 0, 0, 0, at, at, at + interval '1 day'
  FROM (SELECT {id} AS id, ($2::uuid[])[1 + n % cardinality($2::uuid[])] AS event_id, foyer_now() AS at
        FROM generate_series({first}, {last}) AS n) AS new
  RETURNING organization_id, id, event_id
), lines AS (
  INSERT INTO cart_items (organization_id, id, event_id, cart_id, ticket_type_id, name, quantity, unit_price, unit_fee, subtotal)
  SELECT h.organization_id, uuidv7(), h.event_id, h.id, t.id, 'Free', 2, 0, 0, 0
  FROM held h JOIN ticket_types t ON t.organization_id = h.organization_id AND t.event_id = h.event_id
  RETURNING organization_id, ticket_type_id
), taken AS (
  SELECT d.pool_id, 2 * count(*) AS places
  FROM lines l JOIN ticket_type_pools d ON d.organization_id = l.organization_id AND d.ticket_type_id = l.ticket_type_id
  GROUP BY d.pool_id
), moved AS (
  UPDATE pools SET held = held + taken.places FROM taken WHERE pools.organization_id = $1 AND pools.id = taken.pool_id
)
SELECT id, event_id FROM held
"""
_NUMBERED: Final = "('01890000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
_REACTIONS: Final = [one.name for one in REACTIONS if one.to is OrderConfirmed]


class Place(Operation):
    name = "place"
    empty = "empty place"
    yard = "place.sql"
    trace = Trace("orders")
    once = True
    most_per_second = 6_000

    def __init__(self) -> None:
        self._buyers = 0
        self._yard_carts = 0

    def requests(self, world: World, events: int, count: int) -> list[bytes]:
        keyring, house = Keyring((SECRET,)), world.cast.organization_id
        made = []
        for cart_id, event_id in _hold(world, world.cast.events(events), "uuidv7()", 1, count):
            self._buyers += 1
            customer = Customer(
                email=f"buyer-{self._buyers}@example.org", first_name="Ada", last_name="Byron"
            )
            token = keyring.cart_token(house, event_id, cart_id)
            body = CheckoutBody(customer=customer, payment_method="free")
            made.append(
                raw(
                    "POST",
                    f"/api/v1/shops/{SLUG}/carts/{cart_id}/checkout",
                    token=token,
                    content=msgspec.json.encode(body),
                )
            )
        return made

    def yard_values(self, world: World, count: int) -> Mapping[str, str]:
        used = self._used(world)
        if (last := used + count) > self._yard_carts:
            _hold(world, (world.cast.hot,), _NUMBERED, self._yard_carts + 1, last)
            self._yard_carts = last
        return yard_values(world.cast) | {"reactions": "{" + ",".join(f'"{one}"' for one in _REACTIONS) + "}"}

    def after_yard(self, world: World) -> None:
        assert self._used(world) <= self._yard_carts, (
            "pgbench ran out of carts; its last transactions were empty"
        )

    @staticmethod
    def _used(world: World) -> int:
        [(last, is_called)] = world.fetch("SELECT last_value, is_called FROM bench_carts")
        return last if is_called else 0


def _hold(world: World, events: Sequence[Sold], id_: str, first: int, last: int) -> list[asyncpg.Record]:
    """Carts of two free tickets, spread over events; the ids of both."""
    query = _CARTS.format(id=id_, first=first, last=last)
    return world.fetch(query, world.cast.organization_id, [one.event_id for one in events])
