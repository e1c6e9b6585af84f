"""The world of a run: one organization with a hot event, a hundred others, one that sells out, and doors; in as many sizes as wanted."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self, TypeAlias, TypeVar
from uuid import UUID

import asyncpg

from benchmarks.shape import BASE_TICKETS
from foyer.cli.migrate import bring_up_to_date
from foyer.domains.events import add_ticket_type, create_event, publish_event
from foyer.domains.events.types import EventDraft, EventStaff, TicketTypeDraft
from foyer.domains.identity import add_user
from foyer.domains.identity.types import UserDraft
from foyer.domains.organizations import create_organization
from foyer.domains.organizations.types import OrganizationDraft
from foyer.domains.tickets import SealedKey, create_signing_key, current_key
from foyer.infra.crypto import DEVICE_PREFIX, Keyring, new_secret, secret_hash
from foyer.infra.db.embedded import Cluster
from foyer.infra.db.engine import Database
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.ids import uuid7
from foyer.kernel.permissions import ALL

SECRET: Final = "a secret key for benchmarks that is long enough"
SLUG: Final = "house"
EVENTS: Final = 100
DEVICES: Final = 64
PLENTY: Final = 1_000_000_000
SCARCE: Final = 500
SOLD: Final = (Path(__file__).parent / "sold.sql").read_text(encoding="utf-8")
_SEQUENCES: Final = """
CREATE SEQUENCE bench_orders; CREATE SEQUENCE bench_carts;
GRANT USAGE ON SEQUENCE bench_carts TO foyer_app
"""
_DEVICES: Final = """
INSERT INTO devices (organization_id, id, user_id, name, all_events, token_hash, paired_at)
SELECT $1, uuidv7(), $2, 'Door', true, hash, foyer_now() FROM unnest($3::bytea[]) AS hash
"""

T = TypeVar("T")
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class Sold:
    """An event of the run with its only, free ticket type and the pools behind that."""

    event_id: UUID
    slug: str
    type_id: UUID
    pools: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what is there, the same in every size."""

    organization_id: UUID
    hot: Sold
    scarce: Sold
    others: tuple[Sold, ...]
    devices: tuple[str, ...]
    """Tokens of doors."""
    key: SealedKey

    def events(self, count: int) -> Sequence[Sold]:
        """The hot event, or so many others."""
        return (self.hot,) if count == 1 else self.others[:count]


@dataclass(slots=True)
class World:
    """One database with so many sold tickets, half of them for the hot event."""

    cluster: Cluster
    name: str
    cast: Cast
    runner: asyncio.Runner
    connection: Connection
    url: str = ""
    """Where it is served, once it is."""
    stock: dict[tuple[str, int], list[bytes]] = field(default_factory=dict)
    """Requests that are good for one time, made and not yet sent, by operation and number of events."""

    @property
    def app_url(self) -> str:
        return self.cluster.url("foyer_app", self.name)

    def fetch(self, query: str, *values: object) -> list[asyncpg.Record]:
        return self.runner.run(self.connection.fetch(query, *values))

    def script(self, text: str) -> None:
        """Several statements in one transaction."""

        async def execute() -> None:
            async with self.connection.transaction():
                await self.connection.execute(text)

        self.runner.run(execute())

    def sell(self, events: Sequence[Sold], orders: str) -> None:
        """Let so many orders of two tickets stand for each of these events; their jobs and facts are long done."""
        ids = ",".join(str(one.event_id) for one in events)
        text = SOLD.format(organization=self.cast.organization_id, events=ids, orders=orders)
        for last in (False, True):
            try:
                return self.script(f"SET LOCAL session_replication_role = replica; {text}")
            except asyncpg.UniqueViolationError:
                if last:  # once an order that was placed can have drawn one of these numbers
                    raise
        return None


class Worlds:
    """All sizes in one server: the smallest is made, the others are copies of it with more in them."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._runner = asyncio.Runner()
        self._worlds: dict[int, World] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for world in self._worlds.values():
            self._run(world.connection.close())
        self._runner.close()

    def build(self, sizes: Sequence[int]) -> dict[int, World]:
        """Load everything, then let PostgreSQL look at it: plans are made when servers connect, which is after this."""
        bring_up_to_date(self._cluster.owner_url)
        cast = self._run(_cast(self._cluster))
        names = {
            size: "foyer" if size == BASE_TICKETS else f"foyer_{size}" for size in (BASE_TICKETS, *sizes)
        }
        for name in names.values():
            if name != "foyer":
                self._run(_copy(self._cluster, name))
        for size, name in names.items():
            connection = self._run(asyncpg.connect(self._cluster.url("postgres", name)))
            world = World(self._cluster, name, cast, self._runner, connection)
            half = size // 4  # orders of two tickets
            world.sell(
                (cast.hot, *cast.others),
                f"CASE e.id WHEN '{cast.hot.event_id}' THEN {half} ELSE {half // EVENTS} END",
            )
            world.fetch("VACUUM ANALYZE")
            world.fetch("CHECKPOINT")  # what loading left to be written is nobody's cost of an operation
            self._worlds[size] = world
        return self._worlds

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)


async def _copy(cluster: Cluster, name: str) -> None:
    connection = await asyncpg.connect(cluster.url("postgres", "postgres"))
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE foyer")
    finally:
        await connection.close()


async def _cast(cluster: Cluster) -> Cast:
    database = Database(cluster.app_url, pool_size=1)
    organization_id = uuid7()
    try:
        async with database.write(organization_id) as tx:
            await create_organization(
                tx, OrganizationDraft(name="House", slug=SLUG, email="desk@example.org")
            )
            await create_signing_key(tx, Keyring((SECRET,)))
            owner = UserDraft(
                name="Ola", email="ola@example.org", password="correct horse battery", role="owner"
            )
            user_id = await add_user(tx, owner)
            actor = Actor(ActorKind.USER, organization_id, user_id, user_id, "Ola", ALL)
            key = await current_key(tx)
            events = []
            for title, quantity in (
                ("Hot", PLENTY),
                ("Scarce", SCARCE),
                *((f"Evening {n}", PLENTY) for n in range(EVENTS)),
            ):
                event = await create_event(tx, _draft(title), actor=actor)
                kind = TicketTypeDraft(name="Free", quantity=quantity, max_per_order=10, is_free=True)
                await add_ticket_type(tx, event.id, kind, actor=actor)
                events.append((await publish_event(tx, event.id, actor=actor))[0])
    finally:
        await database.close()
    connection = await asyncpg.connect(cluster.superuser_url)
    try:
        await connection.execute(_SEQUENCES)
        devices = tuple(new_secret(DEVICE_PREFIX) for _ in range(DEVICES))
        await connection.execute(_DEVICES, organization_id, user_id, [secret_hash(one) for one in devices])
        hot, scarce, *others = [await _sold(connection, organization_id, event) for event in events]
    finally:
        await connection.close()
    return Cast(organization_id, hot, scarce, tuple(others), devices, key)


def _draft(title: str) -> EventDraft:
    day = datetime.now(UTC).date() + timedelta(days=30)
    return EventDraft(
        title=title, description="<p>Words.</p>", category="Music", start_date=day, end_date=day, start_time="19:00",
        end_time="22:00", time_zone="Europe/Berlin", venue_name="Hall", address="Street 1", city="Kiel", country="DE",
    )  # fmt: skip


async def _sold(connection: Connection, organization_id: UUID, event: EventStaff) -> Sold:
    rows = await connection.fetch(
        "SELECT pool_id FROM ticket_type_pools WHERE organization_id = $1 AND event_id = $2 ORDER BY pool_id",
        organization_id,
        event.id,
    )
    return Sold(event.id, event.slug, event.ticket_types[0].id, tuple(row[0] for row in rows))
