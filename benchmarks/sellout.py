"""The sell-out: more buyers than places, carts of different sizes, two processes, and not one place too many."""

import asyncio
import random
from typing import Final, NamedTuple

import httpx

from benchmarks import books
from benchmarks.reserve import PATH, wanted
from benchmarks.world import SCARCE, World

BUYERS: Final = 256
SIZES: Final = (1, 2, 3, 4)
_LOOK_SECONDS: Final = 0.02
_JSON: Final = {"Content-Type": "application/json"}
_HELD: Final = "SELECT max(held) FROM pools WHERE organization_id = $1 AND id = ANY($2::uuid[])"


class SellOut(NamedTuple):
    """How a sale of the last places went; `most_held` is the most that was ever seen held."""

    places: int
    held: int
    most_held: int
    astray: int
    smallest_refused: int
    odd: int

    @property
    def is_right(self) -> bool:
        """Full, or short by less than the smallest cart that was refused."""
        left = self.places - self.held
        within = max(self.held, self.most_held) <= self.places
        return within and self.astray == 0 and self.odd == 0 and 0 <= left < self.smallest_refused


def sell_out(world: World) -> SellOut:
    """Let every buyer take carts until one is refused; one who is told to come back later does."""
    refused: list[int] = []
    odd: list[int] = []
    most = world.runner.run(_rush(world, refused, odd))
    [(held,)] = world.fetch(_HELD, world.cast.organization_id, list(world.cast.scarce.pools))
    return SellOut(SCARCE, held, most, books.balance(world).astray, min(refused, default=0), len(odd))


async def _rush(world: World, refused: list[int], odd: list[int]) -> int:
    watching = asyncio.create_task(_most_held(world))
    limits = httpx.Limits(max_connections=BUYERS, max_keepalive_connections=BUYERS)
    async with httpx.AsyncClient(limits=limits, timeout=30.0) as client:
        await asyncio.gather(*(_buy(client, world, seed, refused, odd) for seed in range(BUYERS)))
    watching.cancel()
    return (await asyncio.gather(watching))[0]


async def _buy(
    client: httpx.AsyncClient, world: World, seed: int, refused: list[int], odd: list[int]
) -> None:
    taste = random.Random(seed)
    while True:
        size = taste.choice(SIZES)
        answer = await client.post(world.url + PATH, content=wanted(world.cast.scarce, size), headers=_JSON)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            await asyncio.sleep(int(answer.headers["Retry-After"]))
        elif answer.status_code == httpx.codes.CONFLICT:
            refused.append(size)
            return
        elif answer.status_code != httpx.codes.CREATED:
            odd.append(answer.status_code)
            return


async def _most_held(world: World) -> int:
    """Look until cancelled; the most that any pool of the event ever held."""
    most = 0
    try:
        while True:
            found = await world.connection.fetchval(
                _HELD, world.cast.organization_id, list(world.cast.scarce.pools)
            )
            most = max(most, found)
            await asyncio.sleep(_LOOK_SECONDS)
    except asyncio.CancelledError:
        return most
