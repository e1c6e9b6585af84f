"""A rehearsal from its first to its last moment: clone, open, look on, count, put away."""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any, Final

from foyer.cli.rehearse.arrivals import (
    BUYERS_MAX,
    RECORDED,
    SELLING_SECONDS,
    Second,
    asked_at_most,
    recorded,
    replayed,
    rush,
)
from foyer.cli.rehearse.books import read_books
from foyer.cli.rehearse.clone import (
    Clone,
    kinds_of,
    make_clone,
    places_of,
    require_sellable,
)
from foyer.cli.rehearse.driver import Errand
from foyer.cli.rehearse.drivers import Driver, counted
from foyer.cli.rehearse.machine import cores, parts_of
from foyer.cli.rehearse.original import Original, find, read_original
from foyer.cli.rehearse.plan import DEMAND, MEAN_GROUP, places_wanted, plan
from foyer.cli.rehearse.removal import have_the_stage, put_away_all
from foyer.cli.rehearse.report import Report, Sale, make_report
from foyer.cli.rehearse.show import HEADINGS, progress
from foyer.cli.rehearse.tally import Acknowledged
from foyer.cli.rehearse.watch import Watcher
from foyer.cli.rehearse.wire import Client, NoAnswerError, place_of
from foyer.infra.db.engine import Connection, Database
from foyer.infra.db.owner import as_owner, rehearsals
from foyer.infra.files import files_in
from foyer.infra.secret import keyring_for
from foyer.kernel.dice import Dice
from foyer.kernel.ids import uuid7
from foyer.settings import Settings, SettingsError

CONNECTIONS: Final = 800
"""Of all buyers together; each worker keeps its answers to itself, and files are few."""
USUAL_BUYERS_MAX: Final = 20_000
"""Where the event has more places than this many buyers want, and nobody has said how many are to come."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to rehearse; None leaves the choice to the event and to the machine."""

    event: str
    shape: str
    trace: tuple[Second, ...] | None = None
    buyers: int | None = None
    places: int | None = None
    processes: int | None = None
    seed: int = 1
    seconds_max: float = 300.0
    lead_seconds: float = 5.0
    think_seconds: float = 2.0


@dataclass(frozen=True)
class Script:
    """What is going to happen: when buyers come, and for how many places."""

    arrivals: list[float]
    places: int | None
    shape: str


def script_of(wish: Wish, original: Original) -> Script:
    """When buyers come to this event; a shape that comes along also says how many places it sells."""
    dice = Dice(f"arrivals {wish.seed}")
    if wish.trace is not None:
        return Script(replayed(wish.trace, dice), wish.places, wish.shape)
    if wish.shape == RECORDED:
        arrivals = replayed(recorded(), dice)
        buyers = plan(arrivals, kinds_of(original.event), seed=wish.seed, lead_seconds=1, think_seconds=1)
        return Script(arrivals, wish.places or places_wanted(buyers, before=SELLING_SECONDS), wish.shape)
    places = wish.places or places_of(original.event, original.pools)
    usual = min(USUAL_BUYERS_MAX, ceil(places * DEMAND / MEAN_GROUP))
    return Script(rush(min(wish.buyers or usual, BUYERS_MAX), dice), wish.places, wish.shape)


@dataclass
class Stage:
    """Everything that a rehearsal works with."""

    settings: Settings
    wish: Wish
    url: str
    owner: Connection
    database: Database


async def perform(settings: Settings, wish: Wish, *, url: str, app: str, owner: str) -> Report:
    """Rehearse; whatever happens, nothing of it is left when this returns.

    Args:
        settings: where files are, and the secret keys.
        wish: what is wanted.
        url: where the shop answers.
        app: the application's login.
        owner: the owner's login, which alone can remove an organization.

    Raises:
        SettingsError: it cannot be rehearsed, with the sentence that says why.
    """
    database = Database(app, pool_size=2)
    try:
        async with as_owner(owner) as connection:
            await have_the_stage(connection)
            files = files_in(settings.data)
            if left := await put_away_all(connection, files):
                print(f"{left} rehearsal{'s' if left > 1 else ''} that had been broken off: removed.")
            try:
                return await _rehearse(Stage(settings, wish, url, connection, database))
            finally:
                if await rehearsals(connection):
                    print("Everything that was made for the rehearsal is being removed.", flush=True)
                await put_away_all(connection, files)
    finally:
        await database.close()


async def require_event(wanted: str, *, owner: str) -> None:
    """Refuse a name that is no event's before anything is started for it.

    Raises:
        SettingsError: with the events that could be meant.
    """
    async with as_owner(owner) as connection:
        await find(connection, wanted)


async def clean(settings: Settings, *, owner: str) -> int:
    """Remove what killed rehearsals have left; how many there were."""
    async with as_owner(owner) as connection:
        await have_the_stage(connection)
        return await put_away_all(connection, files_in(settings.data))


async def _rehearse(stage: Stage) -> Report:
    wish = stage.wish
    found = await find(stage.owner, wish.event)
    original = await read_original(stage.database, found)
    async with stage.database.read(found.organization_id) as tx:
        require_sellable(original, await tx.now())
    script = script_of(wish, original)
    count = wish.processes or max(1, min(4, cores() // 2))
    drivers: list[Driver] = []
    try:
        drivers += await asyncio.gather(*(Driver.start() for _ in range(count)))
        keyring = await keyring_for(stage.database, stage.settings)
        async with stage.database.write(uuid7()) as tx:
            lead = timedelta(seconds=wish.lead_seconds)
            clone = await make_clone(tx, keyring, original, places=script.places, lead=lead)
            opens_at = time.monotonic() + wish.lead_seconds
        await _require_same_installation(stage.url, clone)
        print(
            f"{len(script.arrivals)} buyers for {clone.places} places of {found.title!r} ({found.address}), from {count}"
            f" process{'es' if count > 1 else ''}. It opens in {wish.lead_seconds:.0f} s.\n",
            flush=True,
        )
        for place, driver in enumerate(drivers):
            await driver.send(_errand(stage, script, clone, opens_at, place=place, count=count))
        return await _look_on(stage, script, clone, opens_at, drivers, found.address)
    finally:
        await asyncio.gather(*(driver.end() for driver in drivers))


def _errand(stage: Stage, script: Script, clone: Clone, opens_at: float, *, place: int, count: int) -> Errand:
    return Errand(
        shop=clone.shop(stage.url),
        arrivals=script.arrivals,
        seed=stage.wish.seed,
        place=place,
        count=count,
        lead_seconds=stage.wish.lead_seconds,
        think_seconds=stage.wish.think_seconds,
        opens_at=opens_at,
        connections_max=max(1, CONNECTIONS // count),
    )


async def _require_same_installation(url: str, clone: Clone) -> None:
    """Refuse an address behind which another database stands: it does not know the shop that was made a moment ago."""
    client = Client(url, connections_max=1)
    try:
        answer = await client.ask("GET", f"/{clone.slug}/events/{clone.event.slug}")
    except NoAnswerError as away:
        raise SettingsError(f"{url} does not answer: {away}.") from None
    finally:
        client.close()
    if answer.status != 200:
        raise SettingsError(
            f"The shop at {url} is not the one of this database; see FOYER_DATA, or say --url."
        )


async def _look_on(
    stage: Stage, script: Script, clone: Clone, opens_at: float, drivers: list[Driver], address: str
) -> Report:
    app = await stage.database.connect()
    try:
        backend: int = await stage.owner.fetchval("SELECT pg_backend_pid()")
        parts = parts_of(place_of(stage.url), backend=backend, buyers=[one.pid for one in drivers])
        watcher = Watcher(
            stage.owner, app, clone, parts, opens_at, lambda: sum(counted(drivers).reservations.values())
        )
        listening = asyncio.gather(*(driver.listen() for driver in drivers))
        looking = asyncio.create_task(watcher.look_on())
        telling = asyncio.create_task(_tell(watcher, drivers))
        try:
            await _until_done(listening, looking, drivers, opens_at + stage.wish.seconds_max)
        finally:
            for task in (looking, telling, listening):
                task.cancel()
            await asyncio.gather(looking, telling, return_exceptions=True)
        seconds = time.monotonic() - opens_at
        await watcher.look()
        tally = counted(drivers)
        books = await read_books(stage.owner, clone.organization_id, tally.acknowledged or Acknowledged())
        sale = Sale(
            address, script.shape, stage.wish.seed, len(script.arrivals), asked_at_most(script.arrivals), clone.places, watcher.sold_out_seconds,
            round(seconds, 1),
        )  # fmt: skip
        return make_report(sale, tally, books, await watcher.queue(seconds), watcher.load())
    finally:
        await app.close()


async def _until_done(
    listening: "asyncio.Future[list[None]]",
    looking: "asyncio.Task[None]",
    drivers: list[Driver],
    until: float,
) -> None:
    """Wait for all buyers; at the end of the time those who are left are sent home, and what they have counted still counts."""
    watched: list[asyncio.Future[Any]] = [listening, looking]
    await asyncio.wait(watched, timeout=until - time.monotonic(), return_when=asyncio.FIRST_COMPLETED)
    if looking.done():
        await looking
    if not listening.done():
        for driver in drivers:
            driver.dismiss()
    await listening


async def _tell(watcher: Watcher, drivers: list[Driver]) -> None:
    print(HEADINGS, flush=True)
    before, second = counted(drivers), 0
    while True:
        await asyncio.sleep(max(0.0, watcher.opens_at + second + 1 - time.monotonic()))
        now = counted(drivers)
        print(progress(second, before, now, taken=watcher.taken, places=watcher.clone.places), flush=True)
        before, second = now, second + 1
