"""The world of a run: one organization, a hot event, an event that sells out, and a few hundred thousand carts of the past."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from foyer.api.v1.carts import ReserveBody
from foyer.cli.migrate import bring_up_to_date
from foyer.domains.carts.types import WantedLine
from foyer.domains.events import add_ticket_type, create_event, publish_event
from foyer.domains.events.types import EventDraft, EventStaff, TicketTypeDraft
from foyer.domains.identity import add_user
from foyer.domains.identity.types import UserDraft
from foyer.domains.organizations import create_organization
from foyer.domains.organizations.types import OrganizationDraft
from foyer.domains.tickets import create_signing_key
from foyer.infra.crypto import Keyring
from foyer.infra.db.embedded import Cluster
from foyer.infra.db.engine import Database
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.ids import uuid7
from foyer.kernel.permissions import ALL

SECRET: Final = "a secret key for benchmarks that is long enough"
SLUG: Final = "house"
PLENTY: Final = 1_000_000_000
SCARCE: Final = 500
PAST_CARTS: Final = 100_000

_PAST = """
SET LOCAL session_replication_role = replica;
WITH past AS (
  INSERT INTO carts (organization_id, id, event_id, session_id, status, currency, subtotal, fees, total, created_at, updated_at,
                     expires_at)
  SELECT organization_id, uuidv7(-interval '1 day'), id, 'past ' || n, 'expired', currency, 0, 0, 0, at, at,
         at + interval '15 minutes'
  FROM events, generate_series(1, {carts}) AS n, LATERAL (SELECT foyer_now() - interval '1 day' AS at) AS yesterday
  WHERE title = 'Past'
  RETURNING organization_id, id, event_id
)
INSERT INTO cart_items (organization_id, id, cart_id, event_id, ticket_type_id, name, quantity, unit_price, unit_fee, subtotal)
SELECT c.organization_id, uuidv7(-interval '1 day'), c.id, c.event_id, t.id, t.name, 2, 0, 0, 0
FROM past c JOIN ticket_types t ON t.organization_id = c.organization_id AND t.event_id = c.event_id
"""


@dataclass(frozen=True, slots=True)
class Sold:
    """An event of the run with its only, free ticket type and the pools behind that."""

    organization_id: UUID
    event_id: UUID
    type_id: UUID
    pools: tuple[UUID, ...]

    @property
    def path(self) -> str:
        return f"/api/v1/shops/{SLUG}/carts"

    def body(self, quantity: int) -> bytes:
        """What a buyer sends who wants so many places."""
        wanted = WantedLine(ticket_type_id=self.type_id, quantity=quantity)
        return msgspec.json.encode(ReserveBody(event_id=self.event_id, items=[wanted]))


@dataclass(frozen=True, slots=True)
class World:
    hot: Sold
    scarce: Sold


def build(cluster: Cluster) -> World:
    """Load everything, then let PostgreSQL look at it: plans are made when servers connect, which is after this."""
    bring_up_to_date(cluster.owner_url)
    return asyncio.run(_load(cluster))


async def _load(cluster: Cluster) -> World:
    database = Database(cluster.app_url, pool_size=1)
    try:
        organization_id = uuid7()
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
            events = []
            for title, quantity in (("Hot", PLENTY), ("Scarce", SCARCE), ("Past", PLENTY)):
                event = await create_event(tx, _draft(title), actor=actor)
                kind = TicketTypeDraft(name="Free", quantity=quantity, max_per_order=10, is_free=True)
                await add_ticket_type(tx, event.id, kind, actor=actor)
                events.append((await publish_event(tx, event.id, actor=actor))[0])
    finally:
        await database.close()
    connection = await asyncpg.connect(cluster.superuser_url)
    try:
        async with connection.transaction():
            await connection.execute(_PAST.format(carts=PAST_CARTS))
        await connection.execute("VACUUM ANALYZE")
        hot, scarce, _ = [await _sold(connection, event) for event in events]
    finally:
        await connection.close()
    return World(hot, scarce)


def _draft(title: str) -> EventDraft:
    day = datetime.now(UTC).date() + timedelta(days=30)
    return EventDraft(
        title=title, description="<p>Words.</p>", category="Music", start_date=day, end_date=day, start_time="19:00",
        end_time="22:00", time_zone="Europe/Berlin", venue_name="Hall", address="Street 1", city="Kiel", country="DE",
    )  # fmt: skip


async def _sold(connection: "asyncpg.Connection[asyncpg.Record]", event: EventStaff) -> Sold:
    rows = await connection.fetch(
        "SELECT pool_id FROM ticket_type_pools WHERE organization_id = $1 AND event_id = $2 ORDER BY pool_id",
        event.organization_id,
        event.id,
    )
    return Sold(event.organization_id, event.id, event.ticket_types[0].id, tuple(row[0] for row in rows))
