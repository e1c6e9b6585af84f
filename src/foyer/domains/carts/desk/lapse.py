"""Places that go back: of carts whose time has passed, or whose event is called off."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from foyer.domains.carts.desk.rows import ITEMS
from foyer.domains.events import draw_together, pools_drawn, read_discounts
from foyer.domains.inventory import demand, lock_pools, move_places
from foyer.domains.inventory.types import Move
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection

LAPSE_MAX: Final = 500

_DUE = """
SELECT id, discount_id FROM carts
WHERE organization_id = $1 AND event_id = $2 AND status = 'active' AND (expires_at <= foyer_now() OR $4)
ORDER BY id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
"""

_LAPSE = """
UPDATE carts SET status = CASE WHEN customer IS NULL THEN 'expired' ELSE 'abandoned' END, updated_at = foyer_now()
WHERE organization_id = $1 AND id = ANY($2::uuid[])
"""


# As old as `due_reminders` wants them: no younger than an hour, no older than a day.
_LEFT = """
SELECT id FROM carts
WHERE organization_id = $1 AND status = 'abandoned' AND reminded_at IS NULL
  AND updated_at <= foyer_now() - interval '1 hour' AND updated_at > foyer_now() - interval '1 day'
ORDER BY updated_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
"""

_REMIND = """
UPDATE carts SET reminded_at = foyer_now() WHERE organization_id = $1 AND id = ANY($2::uuid[])
RETURNING id, event_id, customer ->> 'email', customer -> 'marketing' = 'true'
"""


class LeftCart(NamedTuple):
    """A cart whose buyer has left an address and no order."""

    id: UUID
    event_id: UUID
    email: str


class Taken(NamedTuple):
    """What was taken at the desk and may go back or be sold: tickets by type, and uses of codes."""

    tickets: list[tuple[UUID, int]]
    discounts: list[UUID]


async def lapse_due(connection: Connection, counter: Counter, *, even_live: bool = False) -> int:
    """Give the places of lapsed carts back, at most `LAPSE_MAX` carts at once; returns how many carts.

    Carts that another worker holds locked are left to it, so each gives back exactly once. `even_live` ends carts whose time
    has not passed yet.
    """
    await draw_together(connection, counter)
    due = await connection.fetch(_DUE, *counter, LAPSE_MAX, even_live)
    if due:
        ids = [row[0] for row in due]
        lines = await connection.fetch(ITEMS, counter.organization_id, ids)
        await connection.execute(_LAPSE, counter.organization_id, ids)
        taken = Taken(
            [(row["ticket_type_id"], row["quantity"]) for row in lines], [row[1] for row in due if row[1]]
        )
        await shift(connection, counter, taken, held=-1)
    return len(due)


async def take_abandoned(connection: Connection, organization_id: UUID, most: int) -> list[LeftCart]:
    """Carts that were left behind a while ago by buyers who want to hear of them, of at most so many, each given out once."""
    ids = [row[0] for row in await connection.fetch(_LEFT, organization_id, most)]
    found = await connection.fetch(_REMIND, organization_id, ids) if ids else []
    return [LeftCart(*row[:3]) for row in found if row[2] and row[3]]


class Behind(NamedTuple):
    """The pools behind what was taken: of each ticket type, and of each code its uses."""

    types: Mapping[UUID, Sequence[UUID]]
    codes: Mapping[UUID, UUID]

    def places(self, taken: Taken) -> dict[UUID, int]:
        """How much of each pool this is: for each ticket a place in all pools of its type, for each code one use."""
        places = demand(taken.tickets, self.types)
        for discount_id in taken.discounts:
            pool = self.codes[discount_id]
            places[pool] = places.get(pool, 0) + 1
        return places


async def behind(connection: Connection, counter: Counter, taken: Taken) -> Behind:
    types = await pools_drawn(connection, counter, {type_id for type_id, _ in taken.tickets})
    codes = (
        await read_discounts(connection, counter.organization_id, ids=set(taken.discounts))
        if taken.discounts
        else []
    )
    return Behind(types, {code.id: code.pool_id for code in codes})


async def shift(
    connection: Connection, counter: Counter, taken: Taken, *, held: int = 0, sold: int = 0
) -> None:
    """Lock the pools behind what was taken and move as much of each by these signs; the last locks of a transaction.

    Args:
        connection: in a transaction that came through the gate, and holds the locks of the carts or orders.
        counter: the event.
        taken: the tickets and codes.
        held: -1 takes places from those held, 0 leaves them.
        sold: 1 adds places to those sold, -1 gives them back, 0 leaves them.
    """
    places = (await behind(connection, counter, taken)).places(taken)
    await lock_pools(connection, counter.organization_id, places)
    moves = [Move(pool, held=held * count, sold=sold * count) for pool, count in places.items()]
    await move_places(connection, counter.organization_id, moves)


def tickets_in(lines: Iterable[tuple[UUID | None, int]]) -> list[tuple[UUID, int]]:
    """The lines that are tickets: what else is sold takes no places."""
    return [(type_id, count) for type_id, count in lines if type_id is not None]
