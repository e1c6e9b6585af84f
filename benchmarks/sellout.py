"""The sell-out: more buyers than places, carts of different sizes, two processes, and not one place too many."""

import asyncio
import random
from typing import Final, NamedTuple

import asyncpg
import httpx

from benchmarks.books import balance
from benchmarks.world import SCARCE, Sold
from foyer.infra.db.embedded import Cluster

BUYERS: Final = 256
SIZES: Final = (1, 2, 3, 4)
_LOOK_SECONDS: Final = 0.02
_JSON: Final = {"Content-Type": "application/json"}


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


async def sell_out(cluster: Cluster, url: str, sold: Sold) -> SellOut:
    """Let every buyer take carts until one is refused; one who is told to come back later does."""
    bodies = {size: sold.body(size) for size in SIZES}
    refused: list[int] = []
    odd: list[int] = []

    async def buy(client: httpx.AsyncClient, taste: random.Random) -> None:
        while True:
            size = taste.choice(SIZES)
            answer = await client.post(url + sold.path, content=bodies[size], headers=_JSON)
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                await asyncio.sleep(int(answer.headers["Retry-After"]))
                continue
            if answer.status_code == httpx.codes.CONFLICT:
                refused.append(size)
                return
            if answer.status_code != httpx.codes.CREATED:
                odd.append(answer.status_code)
                return

    connection = await asyncpg.connect(cluster.superuser_url)
    try:
        watching = asyncio.create_task(_most_held(connection, sold))
        limits = httpx.Limits(max_connections=BUYERS, max_keepalive_connections=BUYERS)
        async with httpx.AsyncClient(limits=limits, timeout=30.0) as client:
            await asyncio.gather(*(buy(client, random.Random(seed)) for seed in range(BUYERS)))
        watching.cancel()
        most = (await asyncio.gather(watching))[0]
        books = await balance(connection, sold)
    finally:
        await connection.close()
    return SellOut(SCARCE, books.held, most, books.astray, min(refused, default=0), len(odd))


async def _most_held(connection: "asyncpg.Connection[asyncpg.Record]", sold: Sold) -> int:
    """Look until cancelled; the most that any pool of the event ever held."""
    most = 0
    try:
        while True:
            query = "SELECT max(held) FROM pools WHERE organization_id = $1 AND id = ANY($2::uuid[])"
            most = max(most, await connection.fetchval(query, sold.organization_id, list(sold.pools)))
            await asyncio.sleep(_LOOK_SECONDS)
    except asyncio.CancelledError:
        return most
