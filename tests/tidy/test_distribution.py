"""The tables keep what makes them distributable, and the check finds each way to break it."""

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, Table, UniqueConstraint, Uuid, text

from migrations.metadata import metadata
from migrations.regenerate import BASELINE
from tests.support.citus import OVER_ALL_TENANTS as COPIED
from tests.support.citus import distribution
from tests.tidy.distribution import OVER_ALL_TENANTS, holes_in


def seats(*items, keys=("organization_id", "id"), is_owned=True, **columns):
    """A table of a tenant with these keys and constraints, beside three that it can point at."""
    known = MetaData()
    Table("organizations", known, Column("id", Uuid, primary_key=True))
    Table("plugins", known, Column("id", Uuid, primary_key=True))
    Table(
        "halls",
        known,
        Column("organization_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True),
    )
    own = [points(organization_id="organizations.id")] if is_owned else []
    primary = [Column(name, Uuid, primary_key=True) for name in keys]
    return Table(
        "seats", known, *primary, *(Column(name, Uuid, **one) for name, one in columns.items()), *own, *items
    )


def points(**pairs):
    return ForeignKeyConstraint(list(pairs), list(pairs.values()))


def points_at_hall(**options):
    return ForeignKeyConstraint(["organization_id", "hall"], ["halls.organization_id", "halls.id"], **options)


def unique(*columns):
    return Index("uq_seats", *columns, unique=True)


GOOD = {
    "key with the tenant": lambda: seats(points_at_hall(), hall={}),
    "key into the catalogue": lambda: seats(points(plugin="plugins.id"), plugin={}),
    "unique key with the tenant": lambda: seats(UniqueConstraint("organization_id", "row"), row={}),
    "unique index with the tenant": lambda: seats(unique("organization_id", text("lower(row)")), row={}),
    "unique by the tenant alone": lambda: seats(UniqueConstraint("organization_id")),
    "index over all tenants": lambda: seats(Index("ix_seats", "row"), row={}),
    "table of the installation": lambda: seats(UniqueConstraint("row"), keys=["id"], is_owned=False, row={}),
}

BAD = {
    "primary key without the tenant": lambda: seats(keys=["id"], organization_id={"nullable": False}),
    "primary key of the tenant alone": lambda: seats(keys=["organization_id"]),
    "tenant behind": lambda: seats(keys=["id", "organization_id"]),
    "row of nobody": lambda: seats(keys=["id"], organization_id={"nullable": True}),
    "tenant that may not exist": lambda: seats(is_owned=False),
    "unique key without the tenant": lambda: seats(UniqueConstraint("row"), row={}),
    "unique index without the tenant": lambda: seats(unique("row"), row={}),
    "unique index over an expression": lambda: seats(unique(text("lower(row)")), row={}),
    "key without the tenant": lambda: seats(points(hall="halls.id"), hall={}),
    "key that crosses": lambda: seats(
        points(hall="halls.organization_id", organization_id="halls.id"), hall={}
    ),
    "organization by another name": lambda: seats(points(owner="organizations.id"), owner={}),
    "emptied behind our back": lambda: seats(points_at_hall(ondelete="SET NULL"), hall={}),
    "deleted behind our back": lambda: seats(points_at_hall(ondelete="CASCADE"), hall={}),
    "event that may be missing": lambda: seats(event_id={"nullable": True}),
}


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
def test_sound_table_is_left_alone(make):
    assert list(holes_in(make())) == []


@pytest.mark.parametrize("make", BAD.values(), ids=BAD)
def test_hole_is_found(make):
    assert list(holes_in(make()))


def test_every_table_is_distributable():
    assert [hole for table in metadata.sorted_tables for hole in holes_in(table)] == []


def test_exceptions_exist_and_have_a_reason():
    tables = metadata.sorted_tables
    keys = {one.name for table in tables for one in (*table.indexes, *table.constraints)}

    assert [name for name, why in OVER_ALL_TENANTS.items() if name not in keys or len(why) < 30] == []


def test_only_the_queue_has_a_trigger():
    made = [line for line in BASELINE.read_text(encoding="utf-8").splitlines() if "CREATE TRIGGER" in line]

    assert made == ["CREATE TRIGGER tg_pgqueuer_changed"]


def test_each_table_is_distributed_or_copied_once_and_after_what_it_points_at() -> None:
    order = [line.split("'")[1] for line in distribution() if line.startswith("SELECT")]
    assert sorted(order) == sorted(metadata.tables)
    copied = {line.split("'")[1] for line in distribution() if "create_reference_table" in line}
    with_tenant = {name for name, table in metadata.tables.items() if "organization_id" in table.c}
    assert copied & with_tenant == set(COPIED)
    for name, table in metadata.tables.items():
        for key in table.foreign_key_constraints:
            assert key.referred_table is table or order.index(key.referred_table.name) < order.index(name)
    assert all(any(name in key for key in OVER_ALL_TENANTS) for name in COPIED)
