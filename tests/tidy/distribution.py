"""What keeps the schema distributable by `organization_id`: read from the tables as they are declared, without a database."""

from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from foyer.infra.db.tenancy import tenant_column

TENANT = "organization_id"
WITHOUT_REFERENCE = {"audit", "facts", "files", "idempotency", "provider_events", "reactions_done"}
"""Tables of the ground: they are written before anything is believed, or outlive what they tell of."""

OVER_ALL_TENANTS = {
    "pk_organization_slugs": "a slug once used belongs to its organization for ever",
    "uq_custom_domains_host": "a host that was proved leads to one organization",
}
"""Keys that hold over the whole installation, and why; their tables are copied to every node instead of distributed."""

CASCADES = {("cart_items", "carts")}


def is_of_a_tenant(table: Table) -> bool:
    return tenant_column(table) == TENANT


def holes_in(table: Table) -> Iterator[str]:
    """Everything by which this table could not be spread over machines by its tenant."""
    if is_of_a_tenant(table):
        if table.c.organization_id.nullable:
            yield f"{table.name}: a row without an organization belongs nowhere"
        belongs = [key for key in table.foreign_key_constraints if key.referred_table.name == "organizations"]
        if bool(belongs) == (table.name in WITHOUT_REFERENCE):
            yield f"{table.name}: exactly the tables that are not of the ground reference their organization"
        yield from _odd_keys(table)
    if "event_id" in table.c and table.c.event_id.nullable:
        yield f"{table.name}: a key over a missing event is not checked at all"
    for key in table.foreign_key_constraints:
        yield from _odd_reference(table, key)


def _odd_keys(table: Table) -> Iterator[str]:
    for key in (*table.constraints, *table.indexes):
        is_unique = isinstance(key, (PrimaryKeyConstraint, UniqueConstraint)) or (
            isinstance(key, Index) and key.unique
        )
        if isinstance(key, ExcludeConstraint):
            yield f"{table.name}: an exclusion cannot be kept over several machines"
        elif is_unique and key.name not in OVER_ALL_TENANTS:
            columns = [getattr(one, "name", None) for one in _expressions(key)]
            if columns[0] != TENANT or (columns == [TENANT] and isinstance(key, PrimaryKeyConstraint)):
                yield f"{table.name}: {key.name or 'its primary key'} does not begin with the tenant and go on from there"


def _expressions(key: object) -> list[object]:
    return list(key.expressions if isinstance(key, Index) else key.columns)  # type: ignore[attr-defined]


def _odd_reference(table: Table, key: ForeignKeyConstraint) -> Iterator[str]:
    other = key.referred_table
    name = f"{table.name} to {other.name}"
    if key.ondelete == "CASCADE" and (table.name, other.name) in CASCADES:
        pass
    elif key.ondelete or key.onupdate:
        yield f"{name}: nothing is deleted, emptied or renamed behind the code's back"
    pairs = [(one.parent.name, one.column.name) for one in key.elements]
    if other.name == "organizations":
        if pairs != [(TENANT, "id")]:
            yield f"{name}: an organization is referenced by `organization_id` alone"
    elif is_of_a_tenant(other) and (pairs[0] != (TENANT, TENANT) or len(pairs) == 1):
        yield f"{name}: the key does not carry the tenant, so it could point into another one"


__all__ = ["OVER_ALL_TENANTS", "WITHOUT_REFERENCE", "holes_in", "is_of_a_tenant"]
