"""Check-in: a ticket's signed code at one of many doors, each ticket once."""

from typing import Final
from uuid import UUID

import msgspec

from benchmarks.load import raw
from benchmarks.operation import Operation, Trace
from benchmarks.world import SECRET, World
from foyer.api.v1.check_ins import CheckInBody
from foyer.domains.tickets import Signer
from foyer.infra.crypto import Keyring
from foyer.kernel.ids import uuid7

_VALID: Final = """
SELECT id, event_id FROM tickets
WHERE organization_id = $1 AND event_id = ANY($2::uuid[]) AND status = 'valid' AND created_at < foyer_now() - interval '1 hour'
"""


class CheckIn(Operation):
    name = "check-in"
    empty = "empty check-in"
    trace = Trace("scans", "result = 'admitted'")
    once = True
    most_per_second = 6_000

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, int], set[UUID]] = {}
        self._signer = Signer(Keyring((SECRET,)))

    def requests(self, world: World, events: int, count: int) -> list[bytes]:
        """Tickets drawn by lot from all that were sold; where there are too few, more are sold first."""
        cast, there = world.cast, world.cast.events(events)
        drawn = self._drawn.setdefault((world.name, events), set())
        values = (cast.organization_id, [one.event_id for one in there])
        query = f"{_VALID} AND NOT id = ANY($3::uuid[]) ORDER BY random() LIMIT {count}"
        rows = world.fetch(query, *values, list(drawn))
        if len(rows) < count:
            world.sell(there, str((count - len(rows)) // (2 * len(there)) + 1))
            rows = world.fetch(query, *values, list(drawn))
        drawn.update(row[0] for row in rows)
        return [self._scan(world, place, *row) for place, row in enumerate(rows)]

    def _scan(self, world: World, place: int, ticket_id: UUID, event_id: UUID) -> bytes:
        cast = world.cast
        qr = self._signer.qr_code(cast.key, cast.organization_id, ticket_id, 1)
        body = CheckInBody(event_id=event_id, qr=qr, scan_id=uuid7())
        return raw(
            "POST",
            "/api/v1/check-ins",
            token=cast.devices[place % len(cast.devices)],
            content=msgspec.json.encode(body),
        )
