"""One sale by one seed: so many places, a crowd, and deaths at moments the seed has chosen."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Final

import asyncpg

from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import LOST, Connection, Database
from tests.lanes import slowness
from tests.soak.buyers import Buyer, NoAnswerError
from tests.soak.house import House
from tests.soak.ledger import Ledger, State, judge
from tests.support.world import make_event, make_organization

PROCESSES: Final = ("web 1", "web 2", "worker", "database")
CROWD: Final = 64
BACK_SECONDS_MAX: Final = 5.0
PLACES_A_VISIT: Final = 3.4
"""What a visit sells on average, with those who do not buy: for the pace of a sale only."""
SALE_SECONDS_MAX: Final = 300.0
_LOOK_SECONDS: Final = 0.02
_WALKED_SECONDS: Final = 0.5


@dataclass
class Death:
    """One process that was killed, and after how many seconds all was well again."""

    name: str
    back_seconds: float | None = None

    def __str__(self) -> str:
        return f"{self.name} {'never' if self.back_seconds is None else f'{self.back_seconds:.1f} s'}"


@dataclass
class Report:
    """How a sale went; `wrong` is empty where it went well."""

    ledger: Ledger
    deaths: list[Death] = field(default_factory=list)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    back_seconds_max: float = BACK_SECONDS_MAX

    def __str__(self) -> str:
        ledger = self.ledger
        return (
            f"{ledger.sold_places} places in {self.seconds:.0f} s, {len(ledger.orders)} orders, {ledger.requests} requests, "
            f"{ledger.unanswered} unanswered, {ledger.busy} busy; back after {', '.join(map(str, self.deaths))}"
        )


async def hold_sale(
    house: House,
    seed: int,
    *,
    places: int,
    seconds: float,
    dying: Sequence[str] = PROCESSES,
    back_seconds_max: float = BACK_SECONDS_MAX,
) -> Report:
    """Sell everything while processes die.

    Args:
        house: a running installation.
        seed: of all dice: what buyers want, and who is killed when.
        places: how many are for sale.
        seconds: how long the sale takes at least, so that the deaths fall into it.
        dying: which processes are killed, each once; the seed says in which order.
        back_seconds_max: how long after a death it may take until what died serves again, on a machine as fast as the reference.
    """
    dice = Random(seed)
    names = dice.sample(dying, len(dying))
    shop, ledger = await _open(house, places)
    report, started = Report(ledger, back_seconds_max=back_seconds_max), time.monotonic()
    think = seconds * CROWD * PLACES_A_VISIT / places
    crowd = [
        Buyer(number, house.port, shop, ledger, Random(f"{seed} {number}"), think) for number in range(CROWD)
    ]
    walking = asyncio.create_task(_end_what_was_left(house, ledger))
    try:
        async with asyncio.timeout(SALE_SECONDS_MAX), asyncio.TaskGroup() as tasks:
            for buyer in crowd:
                tasks.create_task(buyer.buy())
            tasks.create_task(_kill_by_turns(house, report, names, dice))
    except* (NoAnswerError, TimeoutError) as broken:
        ledger.is_broken_off = True
        report.wrong += [f"broken off: {one or 'the sale did not end'}" for one in broken.exceptions]
    report.seconds = time.monotonic() - started
    await asyncio.sleep(2 * _WALKED_SECONDS)
    walking.cancel()
    await asyncio.wait([walking])
    report.wrong += await look_into(house, report)
    return report


async def look_into(house: House, report: Report) -> list[str]:
    """Everything that is wrong after a sale."""
    async with seen_by_owner(house) as owner:
        wrong = await judge(owner, report.ledger)
    status, said = await asyncio.to_thread(house.audit)
    if status != 0:
        wrong.append(f"foyer audit ended with status {status}:\n{said}")
    return [*wrong, *_too_late(report), *house.defects()]


def _too_late(report: Report) -> list[str]:
    most = report.back_seconds_max * slowness()
    return [
        f"late: {one}, and it may take {most:.0f} s"
        for one in report.deaths
        if one.back_seconds is None or one.back_seconds > most
    ]


async def _open(house: House, places: int) -> tuple[str, Ledger]:
    database = Database(house.address.app, pool_size=1)
    try:
        organization = await make_organization(database)
        floor = TicketTypeDraft(name="Floor", quantity=places * 3 // 5, is_free=True)
        balcony = TicketTypeDraft(name="Balcony", quantity=places - floor.quantity, is_free=True)
        event = await make_event(database, organization, floor, balcony)
    finally:
        await database.close()
    quantities = {kind.id: kind.quantity for kind in event.ticket_types}
    return f"/api/v1/shops/{organization.slug}", Ledger(organization.id, event.id, quantities)


@asynccontextmanager
async def seen_by_owner(house: House) -> AsyncIterator[Connection]:
    """Plain SQL as the owner, who sees all rows."""
    connection = await asyncpg.connect(house.address.owner)
    try:
        await connection.execute("SET app.migration = 'on'")
        yield connection
    finally:
        connection.terminate()


_PASS = "UPDATE carts SET expires_at = foyer_now() WHERE organization_id = $1 AND id = ANY($2::uuid[]) AND status = 'active'"


async def let_time_pass(owner: Connection, ledger: Ledger) -> None:
    """The time of carts is over whose buyers have gone."""
    left = [cart.id for cart in ledger.carts.values() if cart.state is State.LEFT]
    await owner.execute(_PASS, ledger.organization_id, left)


async def _end_what_was_left(house: House, ledger: Ledger) -> None:
    """Again and again: the sweeper gives the places back, to be sold."""
    while True:
        with suppress(*LOST):
            async with seen_by_owner(house) as owner:
                while True:
                    await let_time_pass(owner, ledger)
                    await asyncio.sleep(_WALKED_SECONDS)
        await asyncio.sleep(_WALKED_SECONDS)


async def _kill_by_turns(house: House, report: Report, names: Sequence[str], dice: Random) -> None:
    ledger = report.ledger
    for turn, name in enumerate(names):
        share = 0.1 + (0.8 * turn + dice.uniform(0.0, 0.4)) / len(names)
        await _until(lambda: ledger.sold_places >= share * sum(ledger.places.values()))  # noqa: B023 - awaited here
        death = Death(name)
        report.deaths.append(death)
        at_once = dice.choice((signal.SIGKILL, signal.SIGQUIT)) if name == "database" else signal.SIGKILL
        killed = time.monotonic()
        house.kill(name, at_once)
        await house.knock()
        if name == "worker":
            await _job_done(house)
        await _until(lambda: ledger.last_success > killed or ledger.is_over)  # noqa: B023 - awaited here
        death.back_seconds = time.monotonic() - killed


async def _until(is_so: Callable[[], bool]) -> None:
    while True:
        if is_so():
            return
        await asyncio.sleep(_LOOK_SECONDS)


async def _job_done(house: House) -> None:
    """Wait until a job is done that nobody had begun."""
    query = "SELECT count(*) FROM jobs.pgqueuer_log WHERE status = 'successful'"
    async with seen_by_owner(house) as owner:
        before = now = await owner.fetchval(query)
        while now == before:
            await asyncio.sleep(_LOOK_SECONDS)
            now = await owner.fetchval(query)


__all__ = ["Death", "Report", "hold_sale", "let_time_pass", "look_into", "seen_by_owner"]
