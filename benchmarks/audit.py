"""How long `foyer audit` takes over a million tickets, and how much memory: `python -m benchmarks.audit`; status 1 above a limit.

Half of the tickets are one organization's, the rest are spread over fifty. Then something is wrong with every order of the
large one, and memory must not grow with what is found.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg

from benchmarks.world import SECRET
from foyer.cli.migrate import bring_up_to_date
from foyer.domains.events import add_ticket_type, create_event, publish_event
from foyer.domains.events.types import EventDraft, TicketTypeDraft
from foyer.domains.identity import add_user
from foyer.domains.identity.types import UserDraft
from foyer.domains.organizations import create_organization
from foyer.domains.organizations.types import OrganizationDraft
from foyer.infra.db.embedded import Cluster, temporary_cluster
from foyer.infra.db.engine import Database
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.ids import uuid7
from foyer.kernel.permissions import ALL

PAST: Final = Path(__file__).parent / "past.sql"
EVENTS: Final = 4
LARGE_ORDERS: Final = 55_600
"""Orders of each event of the large organization; 2.25 tickets are good of each order on average."""
SMALL_ORDERS: Final = 1_112
SMALL: Final = 50
SECONDS_MAX: Final = 60.0
MEGABYTES_MAX: Final = 150.0
DAMAGE: Final = "UPDATE order_items SET unit_fee = unit_fee + 1 WHERE organization_id = $1"


@dataclass(frozen=True, slots=True)
class Run:
    """One audit: how it ended, what it said last, how long it took and the most memory it had."""

    status: int
    said: str
    seconds: float
    megabytes: float


def main() -> int:
    started = time.monotonic()
    with temporary_cluster(durability="production") as cluster, tempfile.TemporaryDirectory() as directory:
        bring_up_to_date(cluster.owner_url)
        large = asyncio.run(_load(cluster))
        _tell(f"loaded in {time.monotonic() - started:.0f} s")
        clean = _audit(cluster, Path(directory))
        _tell("first audit done")
        asyncio.run(_damage(cluster, large))
        damaged = _audit(cluster, Path(directory))
    is_right = (clean.status, damaged.status) == (0, 1)
    is_kept = clean.seconds <= SECONDS_MAX and max(clean.megabytes, damaged.megabytes) <= MEGABYTES_MAX
    for name, run in (("clean", clean), ("a difference in every order", damaged)):
        print(
            f"{name}: {run.seconds:.1f} s, {run.megabytes:.0f} MB at most, status {run.status}\n  {run.said}"
        )
    print(
        f"limits: {SECONDS_MAX:.0f} s clean, {MEGABYTES_MAX:.0f} MB: {'kept' if is_right and is_kept else 'MISSED'}"
    )
    return 0 if is_right and is_kept else 1


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def _load(cluster: Cluster) -> UUID:
    database = Database(cluster.app_url, pool_size=1)
    connection = await asyncpg.connect(cluster.superuser_url)
    try:
        organizations = [await _organization(database, number) for number in range(SMALL + 1)]
        for number, organization_id in enumerate(organizations):
            orders = SMALL_ORDERS if number else LARGE_ORDERS
            script = PAST.read_text(encoding="utf-8").format(organization=organization_id, orders=orders)
            async with connection.transaction():
                await connection.execute("SET LOCAL session_replication_role = replica")
                await connection.execute(script)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
        await database.close()
    return organizations[0]


async def _organization(database: Database, number: int) -> UUID:
    organization_id = uuid7()
    async with database.write(organization_id) as tx:
        wanted = OrganizationDraft(name=f"House {number}", slug=f"house-{number}", email="desk@example.org")
        await create_organization(tx, wanted)
        owner = UserDraft(name="Ola", email="ola@example.org", password="correct horse battery", role="owner")
        user_id = await add_user(tx, owner)
        actor = Actor(ActorKind.USER, organization_id, user_id, user_id, "Ola", ALL)
        for evening in range(EVENTS):
            event = await create_event(tx, _draft(f"Evening {evening}"), actor=actor)
            await add_ticket_type(
                tx, event.id, TicketTypeDraft(name="Gold", quantity=1_000_000, price=1_000), actor=actor
            )
            await add_ticket_type(
                tx,
                event.id,
                TicketTypeDraft(name="Free", quantity=1_000_000, is_free=True),
                actor=actor,
            )
            await publish_event(tx, event.id, actor=actor)
    return organization_id


def _draft(title: str) -> EventDraft:
    day = datetime.now(UTC).date() + timedelta(days=30)
    return EventDraft(
        title=title, description="<p>Words.</p>", category="Music", start_date=day, end_date=day, start_time="19:00",
        end_time="22:00", time_zone="Europe/Berlin", venue_name="Hall", address="Street 1", city="Kiel", country="DE",
    )  # fmt: skip


async def _damage(cluster: Cluster, organization_id: UUID) -> None:
    connection = await asyncpg.connect(cluster.superuser_url)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(DAMAGE, organization_id)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _audit(cluster: Cluster, data: Path) -> Run:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOYER_")}
    environment = {
        **kept,
        "FOYER_DATABASE_URL": cluster.app_url,
        "FOYER_DATA": str(data),
        "FOYER_SECRET_KEYS": SECRET,
    }
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as printed:
        child = subprocess.Popen(
            [sys.executable, "-m", "foyer", "audit"],
            env=environment,
            stdout=printed,
            stderr=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.monotonic() - started
        printed.seek(0)
        said = printed.read().rstrip().splitlines()[-1]
    return Run(os.waitstatus_to_exitcode(status), said, seconds, used.ru_maxrss / 1024)


if __name__ == "__main__":
    sys.exit(main())
