"""Who stands behind a bearer credential. Doors come in crowds, so their devices are looked up together."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from foyer.domains.identity.queries import UNKNOWN, key_behind
from foyer.infra.batching import Clerk, Counter
from foyer.infra.crypto import API_KEY_PREFIX, DEVICE_PREFIX, secret_hash
from foyer.infra.db.engine import Connection, Database
from foyer.kernel.access import CHECK_IN
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import FoyerError, Unauthenticated
from foyer.kernel.permissions import effective

HOMES_MAX: Final = 10_000
_ANY_EVENT: Final = UUID(int=0)
"""A credential is of an organization, whatever the event."""

_DEVICES = """
SELECT d.token_hash, d.id, d.name, u.id, u.role, u.permissions
FROM devices d
JOIN users u ON u.organization_id = d.organization_id AND u.id = d.user_id
JOIN organizations o ON o.id = d.organization_id
WHERE d.organization_id = $1 AND u.organization_id = $1 AND o.id = $1 AND d.token_hash = ANY($2::bytea[])
  AND d.revoked_at IS NULL AND u.status = 'active' AND u.deleted_at IS NULL AND o.deleted_at IS NULL
"""


class _DeviceDesk:
    """Reads the devices that go by these hashes, with the rights they have now."""

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[bytes]
    ) -> list[Actor | FoyerError]:
        rows = await connection.fetch(_DEVICES, counter.organization_id, list(set(asks)))
        known = {
            row[0]: Actor(
                ActorKind.DEVICE, counter.organization_id, row[1], row[3], row[2], effective(row[4], row[5]) & {CHECK_IN}
            )
            for row in rows
        }  # fmt: skip
        return [known.get(ask) or Unauthenticated(UNKNOWN) for ask in asks]

    async def recall(self, _connection: Connection, _counter: Counter, asks: Sequence[bytes]) -> list[None]:
        """Nothing was written, so all of it is read again."""
        return [None for _ in asks]


class Credentials:
    """The principals behind bearer credentials, each with the rights it has at this very moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._devices: Clerk[bytes, Actor] = Clerk("device", database, _DeviceDesk(), lanes=1)
        self._homes: dict[bytes, UUID] = {}
        """Where a device belongs, by its hash. That never changes; whether it still holds is asked every time."""

    async def actor(self, secret: str) -> Actor:
        """The principal of a bearer credential.

        Raises:
            Unauthenticated: unknown, expired, revoked, or its maker may no longer act.
        """
        if secret.startswith(API_KEY_PREFIX):
            return await key_behind(self._database, secret)
        if not secret.startswith(DEVICE_PREFIX):
            raise Unauthenticated(UNKNOWN)
        hashed = secret_hash(secret)
        home = self._homes.get(hashed) or await self._look_up(hashed)
        return await self._devices.ask(Counter(home, _ANY_EVENT), hashed)

    async def close(self) -> None:
        await self._devices.close()

    async def _look_up(self, hashed: bytes) -> UUID:
        found = await self._database.look_up("device_by_hash", hashed)
        if not found:
            raise Unauthenticated(UNKNOWN)
        if len(self._homes) >= HOMES_MAX:
            self._homes.clear()
        home: UUID = found[0][0]
        self._homes[hashed] = home
        return home
