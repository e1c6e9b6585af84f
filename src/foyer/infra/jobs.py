"""Background jobs: written in the transaction of whoever wants them, done by a worker, tried again when they fail.

A job is delivered at least once: what it does has to bear being done twice, or go by a row that says it is done.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ENUM, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from foyer.infra.crypto import Keyring
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import Tx
from foyer.infra.mail import Post
from foyer.infra.press import Workshop
from foyer.infra.wallets import Wallets
from foyer.kernel.wire import Wire
from foyer.settings import Settings

B = TypeVar("B", bound=Wire)

SCHEMA: Final = "jobs"
TENANT: Final = "organization_id"
"""The header that says whose transaction a job opens."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a job may use, opened once in a worker."""

    database: Database
    keyring: Keyring
    settings: Settings
    workshop: Workshop
    post: Post
    wallets: Wallets = field(default_factory=Wallets)


@dataclass(frozen=True, slots=True)
class Job(Generic[B]):
    """Something to do after the commit, with no transaction open: whatever leaves the house, or takes long."""

    name: str
    body: type[B]
    do: Callable[[Tools, UUID, B], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Cron:
    """Something to do every so often, by one worker at a time."""

    name: str
    every_seconds: int
    do: Callable[[Tools], Awaitable[None]]


class _Borrowed(DeclarativeBase):
    """Tables that are PgQueuer's: written here, made and read by it."""


class Queued(_Borrowed):
    """One job that waits, as the unit of work writes it beside the rows it follows from."""

    __tablename__ = "pgqueuer"
    __table_args__ = {"schema": SCHEMA}

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    priority: Mapped[int] = mapped_column(Integer, default=0)
    status: Mapped[str] = mapped_column(
        ENUM(name="pgqueuer_status", schema=SCHEMA, create_type=False), default="queued"
    )
    entrypoint: Mapped[str] = mapped_column(Text)
    dedupe_key: Mapped[str | None] = mapped_column(Text)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    headers: Mapped[dict[str, Any]] = mapped_column(JSONB)


_ENQUEUE = """
INSERT INTO jobs.pgqueuer (priority, status, entrypoint, dedupe_key, payload, headers, execute_after)
SELECT 0, 'queued', $1, $2, $3, $4, now() + greatest(coalesce($5 - foyer_now(), interval '0'), interval '0')
ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'picked') AND dedupe_key IS NOT NULL DO NOTHING
"""


async def enqueue(
    tx: Tx, job: Job[B], body: B, *, dedupe: str | None = None, after: datetime | None = None
) -> None:
    """Have something done once this transaction is committed; gone with its rollback.

    Args:
        tx: the caller's transaction.
        job: what to do.
        body: with what.
        dedupe: while a job of this organization and name with the same word waits or runs, no second one is made.
        after: not before this moment of `foyer_now()`.
    """
    connection = await tx.desk()
    await connection.execute(
        _ENQUEUE,
        job.name,
        dedupe and f"{tx.organization_id}:{job.name}:{dedupe}",
        msgspec.json.encode(body),
        msgspec.json.encode(headers(tx.organization_id)).decode(),
        after,
    )


def headers(organization_id: UUID) -> dict[str, str]:
    return {TENANT: str(organization_id)}
