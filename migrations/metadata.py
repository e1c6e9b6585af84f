"""Every table of Foyer in one `MetaData`, and the SQL that makes a whole schema of it."""

from collections.abc import Iterator

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DDLElement,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from foyer.domains.analytics import models as analytics
from foyer.domains.carts import models as carts
from foyer.domains.customers import models as customers
from foyer.domains.events import models as events
from foyer.domains.identity import models as identity
from foyer.domains.inventory import models as inventory
from foyer.domains.notifications import models as notifications
from foyer.domains.orders import models as orders
from foyer.domains.organizations import models as organizations
from foyer.domains.payments import models as payments
from foyer.domains.plugins import models as plugins
from foyer.domains.routing import models as routing
from foyer.domains.tickets import models as tickets
from foyer.domains.waiting import models as waiting
from foyer.domains.webhooks import models as webhooks
from foyer.infra.db import tables as infra
from foyer.infra.db import tenancy
from foyer.infra.db.base import Base
from migrations import jobs

MODULES = (
    infra, organizations, identity, inventory, customers, plugins, routing, events, carts, waiting, orders, tickets, payments,
    notifications, webhooks, analytics,
)  # fmt: skip
metadata = Base.metadata


def _indexes(table: Table) -> list[Index | UniqueConstraint | PrimaryKeyConstraint]:
    """Every index of a table, those that find more rows before those that find fewer.

    For a table that nobody has counted yet any index that begins with the organization seems as good as another, and PostgreSQL
    takes the newest: that has to be the one that finds a single row, or the first sale of an installation would read all that
    its organization has for every key it checks. What is looked up before the organization is known has an index of its own.
    """

    def rank(one: Index | UniqueConstraint) -> tuple[int, str]:
        columns = list(one.columns)
        if isinstance(one, UniqueConstraint):
            return 3 if "id" in one.columns else 1, str(one.name)
        return 2 if columns and columns[0].name != "organization_id" else 0, str(one.name)

    indexes: list[Index | UniqueConstraint] = list(table.indexes)
    indexes += [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    return [*sorted(indexes, key=rank), *([table.primary_key] if table.primary_key.columns else [])]


def schema() -> Iterator[str]:
    """The statements that make the schema in an empty database, in order."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

    def sql(statement: DDLElement) -> str:
        return str(statement.compile(dialect=dialect)).strip()

    yield tenancy.FOYER_NOW
    tables = metadata.sorted_tables
    made: dict[Table, list[DDLElement]] = {
        table: [CreateIndex(one) if isinstance(one, Index) else AddConstraint(one) for one in _indexes(table)]
        for table in tables
    }
    pointing = [AddConstraint(key) for table in tables for key in table.foreign_key_constraints]
    for table in tables:
        yield sql(CreateTable(table))
        yield from map(sql, made[table])
    yield from sorted(map(sql, pointing))
    yield from tenancy.statements(metadata)
    yield from jobs.statements()
