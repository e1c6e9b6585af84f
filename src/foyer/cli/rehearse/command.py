"""The command itself: what was asked for, checked; then the rehearsal; then its report."""

import argparse
import asyncio
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from foyer.cli.database import reachable, require_fit_login
from foyer.cli.rehearse.arrivals import BUYERS_MAX, read_trace
from foyer.cli.rehearse.drivers import DriverError
from foyer.cli.rehearse.report import as_json, in_words
from foyer.cli.rehearse.serving import served
from foyer.cli.rehearse.stage import Wish, clean, perform, require_event
from foyer.infra.db.embedded import Address
from foyer.infra.db.engine import REVISION
from foyer.kernel.errors import Busy
from foyer.settings import Settings, SettingsError

T = TypeVar("T")

PLACES_MAX = 1_000_000
PROCESSES_MAX = 64
SECONDS_MAX = 3_600


def rehearse(settings: Settings, chosen: argparse.Namespace) -> int:
    """Rehearse an event; status 1 when something was oversold, doubled or lost."""
    _require_ranges(chosen)
    trace = None if chosen.trace is None else tuple(read_trace(_text(Path(chosen.trace)), chosen.trace))
    if chosen.json is not None and not Path(chosen.json).resolve().parent.is_dir():
        raise SettingsError(f"--json {chosen.json}: there is no such directory.")
    wish = Wish(
        event=chosen.event or "",
        shape=chosen.trace or chosen.shape,
        trace=trace,
        buyers=chosen.buyers,
        places=chosen.places,
        processes=chosen.processes,
        seed=chosen.seed,
        seconds_max=chosen.seconds,
        lead_seconds=chosen.lead,
        think_seconds=chosen.think,
    )
    try:
        with reachable(settings, makes=False) as address:
            _require_owner(address)
            asyncio.run(require_fit_login(address.app, revision=REVISION))
            if chosen.clean:
                print(f"{asyncio.run(clean(settings, owner=address.owner))} removed.")
                return 0
            asyncio.run(require_event(wish.event, owner=address.owner))
            with served(settings, address, chosen.url) as url:
                report = asyncio.run(
                    _interruptible(perform(settings, wish, url=url, app=address.app, owner=address.owner))
                )
    except DriverError as wrong:
        raise SettingsError(f"The rehearsal was broken off: a process of buyers ended: {wrong}") from None
    except (Busy, asyncpg.PostgresError, asyncpg.InterfaceError) as wrong:
        raise SettingsError(f"The rehearsal was broken off: {wrong.__cause__ or wrong}.") from None
    print("\n".join(in_words(report)), flush=True)
    if chosen.json is not None:
        Path(chosen.json).write_bytes(as_json(report))
    return 0 if report.is_right else 1


async def _interruptible(work: Coroutine[Any, Any, T]) -> T:
    """Let SIGTERM and a closed terminal end it as Ctrl-C does: in order, with everything put away."""
    task = asyncio.ensure_future(work)
    for sign in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(sign, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _require_owner(address: Address) -> None:
    if not address.owner:
        raise SettingsError(
            "A rehearsal is removed by the owner of the tables; set FOYER_DATABASE_OWNER_URL for this command, as for"
            " `foyer migrate`."
        )


def _require_ranges(chosen: argparse.Namespace) -> None:
    if not chosen.event and not chosen.clean:
        raise SettingsError("Say which event: its id, its address, or shop/address.")
    ranges = {"buyers": (1, BUYERS_MAX), "places": (1, PLACES_MAX), "processes": (1, PROCESSES_MAX),
              "seed": (0, 2**31), "seconds": (1, SECONDS_MAX), "lead": (0, 600), "think": (0, 600)}  # fmt: skip
    for name, (least, most) in ranges.items():
        value = getattr(chosen, name)
        if value is not None and not least <= value <= most:
            raise SettingsError(f"--{name} must be from {least} to {most}, not {value}.")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as wrong:
        raise SettingsError(f"The trace {path} cannot be read: {wrong.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"The trace {path} is not text in UTF-8.") from None
