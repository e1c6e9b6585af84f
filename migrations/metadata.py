"""Every table of Foyer in one `MetaData`, and the SQL that makes a whole schema of it."""

from collections.abc import Iterator

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from foyer.domains.carts import models as carts
from foyer.domains.customers import models as customers
from foyer.domains.events import models as events
from foyer.domains.identity import models as identity
from foyer.domains.inventory import models as inventory
from foyer.domains.orders import models as orders
from foyer.domains.organizations import models as organizations
from foyer.domains.tickets import models as tickets
from foyer.infra.db import tables as infra
from foyer.infra.db import tenancy
from foyer.infra.db.base import Base

MODULES = (organizations, identity, inventory, customers, events, carts, orders, tickets, infra)
metadata = Base.metadata


def schema() -> Iterator[str]:
    """The statements that make the schema in an empty database, in order."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    yield tenancy.FOYER_NOW
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect)).strip()
        for one in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(one).compile(dialect=dialect)).strip()
    yield from tenancy.statements(metadata)
