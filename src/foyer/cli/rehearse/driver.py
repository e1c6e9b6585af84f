"""One process of buyers: `python -m foyer.cli.rehearse.driver`. It reads its errand from standard input and tells what it has
counted on standard output, a JSON object a line; where standard input ends, whoever has sent it is gone, and so is it.
"""

import asyncio
import gc
import resource
import sys
import time
from contextlib import suppress
from typing import Final

import msgspec
import uvloop

from foyer.cli.rehearse.buyer import Crowd, Shop, visit
from foyer.cli.rehearse.plan import Buyer, plan
from foyer.cli.rehearse.tally import Acknowledged, Tally
from foyer.cli.rehearse.wire import Client
from foyer.kernel.dice import Dice
from foyer.kernel.wire import Wire

TELL_SECONDS: Final = 0.25
EARLY_SECONDS: Final = 0.2
"""So long before a buyer's first deed the visit is begun."""


class Errand(Wire, frozen=True):
    """What one of several processes is to do: each `count`-th buyer of the sale, beginning with number `place`."""

    shop: Shop
    arrivals: list[float]
    seed: int
    place: int
    count: int
    lead_seconds: float
    think_seconds: float
    opens_at: float
    """On the monotonic clock."""
    connections_max: int


def share_of(errand: Errand) -> list[Buyer]:
    """The buyers of this process; each makes the whole plan, which is the same everywhere."""
    buyers = plan(
        errand.arrivals,
        errand.shop.kinds,
        seed=errand.seed,
        lead_seconds=errand.lead_seconds,
        think_seconds=errand.think_seconds,
    )
    return buyers[errand.place :: errand.count]


def main() -> None:
    _say({})  # imported and ready for the errand
    errand = msgspec.json.decode(sys.stdin.buffer.readline(), type=Errand)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65_536)), hard))
    with suppress(asyncio.CancelledError), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_drive(errand))


async def _drive(errand: Errand) -> None:
    buyers = sorted(share_of(errand), key=_begins)
    client = Client(errand.shop.url, connections_max=errand.connections_max)
    told = Acknowledged([], {})
    crowd = Crowd(
        client, errand.shop, Tally({}, {}, acknowledged=told), errand.opens_at, Dice(f"waits {errand.place}")
    )
    gc.collect()
    gc.freeze()
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), task.cancel)
    telling = asyncio.create_task(_tell(crowd))
    try:
        async with asyncio.TaskGroup() as visits:
            for buyer in buyers:
                await asyncio.sleep(
                    max(0.0, errand.opens_at + _begins(buyer) - EARLY_SECONDS - time.monotonic())
                )
                visits.create_task(visit(crowd, buyer))
    except* Exception as defects:  # noqa: BLE001 - it is raised again
        raise defects.exceptions[0] from None  # its last line is what the rehearsal shows
    finally:
        telling.cancel()
        client.close()
        with suppress(BrokenPipeError):
            _say(crowd.tally)


def _begins(buyer: Buyer) -> float:
    return buyer.views[0] if buyer.views else buyer.comes


async def _tell(crowd: Crowd) -> None:
    while True:
        await asyncio.sleep(TELL_SECONDS)
        told, crowd.tally.acknowledged = crowd.tally.acknowledged, None
        _say(crowd.tally)
        crowd.tally.acknowledged = told


def _say(what: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
