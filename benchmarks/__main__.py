"""Measure the reservation desk beside its yardsticks; status 1 when a limit is missed.

Everything runs on a server of its own in a temporary directory, with the durability of production. What is compared is
measured in turns, round after round, so that whatever else the machine does meets all of it alike.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks import books, load, report, world
from benchmarks.sellout import sell_out
from benchmarks.servers import Servers, serving
from foyer.infra.db.embedded import Cluster, temporary_cluster

ROUNDS: Final = 3
SECONDS: Final = 4
WARM_UP_SECONDS: Final = 1
LOADS: Final = ((1, 1), (16, 64), (64, 256))
"""pgbench clients and buyers measured one after the other."""


def main() -> int:
    try:
        load.find_wrk()
    except load.NoWrkError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    started = time.monotonic()
    measured = report.Measured()
    with ExitStack() as stack:
        cluster = stack.enter_context(temporary_cluster(durability="production"))
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        built = world.build(cluster)
        desk = stack.enter_context(serving("foyer", "serve", database_url=cluster.app_url, data=data))
        empty = stack.enter_context(serving("benchmarks.empty", database_url=cluster.app_url, data=data))
        for servers in (desk, empty):
            load.http(servers.url, built.hot, buyers=64, seconds=WARM_UP_SECONDS)
        for turn in range(1, ROUNDS + 1):
            print(
                f"round {turn} of {ROUNDS}, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True
            )
            for clients, buyers in LOADS:
                yard = load.yardstick(cluster, built.hot, clients=clients, seconds=SECONDS)
                measured.yards.setdefault(clients, []).append(yard)
                reserve = _reserve(cluster, desk, built.hot, buyers)
                measured.reserves.setdefault(buyers, []).append(reserve)
                measured.empties.setdefault(buyers, []).append(report.Empty(*_load(empty, built.hot, buyers)))
        measured.sell_out = asyncio.run(sell_out(cluster, desk.url, built.scarce))
    found = report.checks(measured)
    print(report.table(measured), report.verdict(found), f"{time.monotonic() - started:.0f} s", sep="\n\n")
    return 0 if all(one.is_kept for one in found) else 1


def _reserve(cluster: Cluster, desk: Servers, sold: world.Sold, buyers: int) -> report.Reserve:
    before = asyncio.run(_newest(cluster, sold))
    run, cpu_us = _load(desk, sold, buyers)
    return report.Reserve(run, cpu_us, *asyncio.run(_after(cluster, sold, before)))


def _load(servers: Servers, sold: world.Sold, buyers: int) -> tuple[load.Run, float]:
    before = servers.cpu_seconds()
    run = load.http(servers.url, sold, buyers=buyers, seconds=SECONDS)
    return run, (servers.cpu_seconds() - before) / run.requests * 1e6


async def _newest(cluster: Cluster, sold: world.Sold) -> str:
    connection = await asyncpg.connect(cluster.superuser_url)
    try:
        return await books.newest(connection, sold)
    finally:
        await connection.close()


async def _after(cluster: Cluster, sold: world.Sold, before: str) -> tuple[books.Books, books.Batches]:
    connection = await asyncpg.connect(cluster.superuser_url)
    try:
        return await books.balance(connection, sold), await books.batches_since(connection, sold, before)
    finally:
        await connection.close()


if __name__ == "__main__":
    sys.exit(main())
