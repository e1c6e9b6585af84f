"""A database that does not wait for the disk: what the demo loses with the power is loaded again."""

from foyer.infra.db.engine import Connection, Database


class HastyDatabase(Database):
    """As `Database`; a transaction is answered before it is on disk."""

    async def connect(self, **settings: str) -> Connection:
        return await super().connect(synchronous_commit="off", **settings)
