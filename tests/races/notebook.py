"""A desk that does as its asks say, for seeing what a clerk makes of it; its pages are a table of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import pytest

from foyer.infra.batching import Clerk, Counter
from foyer.infra.batching import clerk as engine
from foyer.infra.db.engine import Connection, Database
from foyer.kernel.errors import Conflict, FoyerError
from foyer.kernel.ids import uuid7


@dataclass
class Notebook:
    """Notes words. Where it is not open it stops after each batch is taken, until it is."""

    open_: asyncio.Event = field(default_factory=asyncio.Event)
    batches: list[tuple[Counter, list[str]]] = field(default_factory=list)
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    kills: int = 0
    slow: int = 0

    def __post_init__(self) -> None:
        self.open_.set()

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[str]
    ) -> list[str | FoyerError]:
        self.batches.append((counter, list(asks)))
        self.taken.set()
        await self.open_.wait()
        if "poison" in asks:
            await connection.execute("SELECT 1 / 0")
        if "sleep" in asks:
            await connection.execute("SELECT pg_sleep(10)")
        await connection.execute(
            "INSERT INTO notes SELECT $1, unnest($2::text[])", counter.event_id, list(asks)
        )
        if "kill me" in asks and self.kills:
            self.kills -= 1
            connection.terminate()
        return [Conflict("No.") if ask == "refuse" else f"done {ask}" for ask in asks]

    async def recall(self, connection: Connection, counter: Counter, asks: Sequence[str]) -> list[str | None]:
        if self.slow:
            self.slow -= 1
            await connection.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
        rows = await connection.fetch("SELECT word FROM notes WHERE event_id = $1", counter.event_id)
        standing = {row[0] for row in rows}
        return [f"done {ask}" if ask in standing else None for ask in asks]

    def seen(self, asks: Sequence[str]) -> list[list[str]]:
        """The batches in which any of these asks came."""
        return [batch for _, batch in self.batches if set(batch) & set(asks)]


@pytest.fixture(scope="session")
async def notes(superuser_url: str) -> None:
    connection = await asyncpg.connect(superuser_url)
    await connection.execute(
        "CREATE TABLE notes (event_id uuid, word text, UNIQUE (event_id, word)); GRANT ALL ON notes TO foyer_app"
    )
    await connection.close()


@pytest.fixture
def desk() -> Notebook:
    return Notebook()


@pytest.fixture
async def clerk(notes: None, database: Database, desk: Notebook) -> AsyncIterator[Clerk[str, str]]:
    clerk: Clerk[str, str] = Clerk("notebook", database, desk)
    yield clerk
    desk.open_.set()
    await clerk.close()


@pytest.fixture
async def pairs(
    notes: None, database: Database, desk: Notebook, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Clerk[str, str]]:
    """A clerk who takes two at a time on one lane, however slow, so that the order of its turns can be told."""
    monkeypatch.setattr(engine, "LANES_MAX", 1)
    clerk: Clerk[str, str] = Clerk("notebook", database, desk, 2, lanes=1)
    yield clerk
    desk.open_.set()
    await clerk.close()


@pytest.fixture
def counter() -> Counter:
    return Counter(uuid7(), uuid7())


def events_of(organization_id: UUID, count: int) -> list[Counter]:
    return [Counter(organization_id, uuid7()) for _ in range(count)]


async def all_of(clerk: Clerk[str, str], counter: Counter, asks: Sequence[str]) -> list[object]:
    return await asyncio.gather(*(clerk.ask(counter, ask) for ask in asks), return_exceptions=True)


async def noted(superuser: asyncpg.Connection, counter: Counter) -> set[str]:
    rows = await superuser.fetch("SELECT word FROM notes WHERE event_id = $1", counter.event_id)
    return {row[0] for row in rows}
