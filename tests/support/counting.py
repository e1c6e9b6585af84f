"""How many statements something sends: counted where they leave, on every connection of a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from asyncpg.connection import LoggedQuery

from foyer.infra.db.engine import Connection, Database


@dataclass
class Sent:
    """Statements that went out, in their order; the one that begins and the one that ends a transaction count as well."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.statements)


class CountingDatabase(Database):
    """A database that knows what it was sent."""

    _sent: Sent | None = None

    async def connect(self, **settings: str) -> Connection:
        connection = await super().connect(**settings)
        connection.add_query_logger(self._take_down)
        return connection

    @contextmanager
    def counting(self) -> Iterator[Sent]:
        """What is sent within the block."""
        self._sent = sent = Sent()
        try:
            yield sent
        finally:
            self._sent = None

    def _take_down(self, query: LoggedQuery) -> None:
        if self._sent is not None:
            self._sent.statements.append(query.query)


__all__ = ["CountingDatabase", "Sent"]
