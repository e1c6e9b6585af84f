"""Reserve: two places in a new cart."""

from collections.abc import Mapping
from typing import Final

import msgspec

from benchmarks.load import raw
from benchmarks.operation import Operation, Trace
from benchmarks.world import SLUG, Cast, Sold, World
from foyer.api.v1.carts import ReserveBody
from foyer.domains.carts.types import WantedLine

PATH: Final = f"/api/v1/shops/{SLUG}/carts"
QUANTITY: Final = 2


class Reserve(Operation):
    name = "reserve"
    empty = "empty reserve"
    yard = "reserve.sql"
    trace = Trace("carts")

    def requests(self, world: World, events: int, _count: int) -> list[bytes]:
        return [raw("POST", PATH, content=wanted(sold, QUANTITY)) for sold in world.cast.events(events)]

    def yard_values(self, world: World, _count: int) -> Mapping[str, str]:
        return yard_values(world.cast)


def wanted(sold: Sold, quantity: int) -> bytes:
    """What a buyer sends who wants so many places."""
    line = WantedLine(ticket_type_id=sold.type_id, quantity=quantity)
    return msgspec.json.encode(ReserveBody(event_id=sold.event_id, items=[line]))


def yard_values(cast: Cast) -> dict[str, str]:
    """What every script of pgbench names."""
    return {
        "organization": str(cast.organization_id),
        "event": str(cast.hot.event_id),
        "type": str(cast.hot.type_id),
        "pool_1": str(cast.hot.pools[0]),
        "pool_2": str(cast.hot.pools[1]),
    }
