"""How often somebody may try something that must not be guessed, or that writes to others."""

from datetime import UTC, datetime, timedelta
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Select, delete
from sqlalchemy.dialects.postgresql import insert

from foyer.domains.identity.models import RateCounterRow
from foyer.domains.identity.types import Limit
from foyer.infra.crypto import secret_hash
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import Tx
from foyer.kernel.errors import RateLimited

NOBODYS: Final = UUID(int=0)
"""Counters belong to no organization: who tries has not said yet which one is meant."""
KEPT: Final = timedelta(days=2)


async def take_turns(database: Database, *turns: tuple[Limit, str]) -> None:
    """Count one try under each limit, whatever becomes of the try itself.

    Args:
        database: the counting has a transaction of its own, which stands when the try is refused.
        turns: each limit with whoever it is about: an address, a network, both.

    Raises:
        RateLimited: with the seconds until a try counts again.
    """
    wait = 0
    async with database.write(NOBODYS) as tx:
        now = await tx.now()
        for limit, key in sorted(((limit, secret_hash(who)) for limit, who in turns), key=_lock_order):
            starts = _window(limit, now)
            if await _count(tx, limit, key, starts) > limit.most:
                left = starts + limit.within - now
                wait = max(wait, int(left.total_seconds()) + 1)
    if wait:
        raise RateLimited(wait)


async def forget_turns(database: Database) -> int:
    """Let go of counters that count no more."""
    async with database.write(NOBODYS) as tx:
        old = delete(RateCounterRow).where(RateCounterRow.window_starts_at < await tx.now() - KEPT)
        return await tx.execute(old)


def _lock_order(turn: tuple[Limit, bytes]) -> tuple[str, bytes]:
    return turn[0].name, turn[1]


def _window(limit: Limit, now: datetime) -> datetime:
    seconds = int(limit.within.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


async def _count(tx: Tx, limit: Limit, key: bytes, starts: datetime) -> int:
    row = insert(RateCounterRow).values(scope=limit.name, subject_hash=key, window_starts_at=starts, hits=1)
    counted = row.on_conflict_do_update(
        index_elements=["scope", "subject_hash", "window_starts_at"], set_={"hits": RateCounterRow.hits + 1}
    ).returning(RateCounterRow.hits)
    return await tx.one(cast("Select[int]", counted))
