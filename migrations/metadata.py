"""Every table of Foyer in one `MetaData`, and the SQL that makes a whole schema of it."""

from collections.abc import Iterator

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

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
from foyer.domains.webhooks import models as webhooks
from foyer.infra.db import tables as infra
from foyer.infra.db import tenancy
from foyer.infra.db.base import Base
from migrations import jobs

MODULES = (
    infra, organizations, identity, inventory, customers, plugins, routing, events, carts, orders, tickets, payments,
    notifications, webhooks, analytics,
)  # fmt: skip
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
    yield from jobs.statements()
