"""Every constraint of the schema refuses a row that only it can refuse; the list is complete against the catalogue."""

from uuid import uuid4

import asyncpg
import pytest

from tests.domains.bad_rows import ACROSS, CHECKS, EXPRESSIONS, FREED, REFERENCES, SAME, UNIQUE
from tests.domains.catalogue import FOREIGN_KEYS, INDEXES
from tests.domains.rows import Rows


@pytest.fixture
async def rows(owner_sql):
    """A world that is rolled back: constraints are the same for everybody, and the installation has one row."""
    transaction = owner_sql.transaction()
    await transaction.start()
    yield Rows(owner_sql)
    await transaction.rollback()


async def refusing(rows, table, row):
    """The name of the constraint that refuses the row; None where it is taken. Nothing stays."""
    savepoint = rows.sql.transaction()
    await savepoint.start()
    try:
        await rows.insert(table, row)
    except asyncpg.IntegrityConstraintViolationError as refusal:
        return refusal.constraint_name
    else:
        return None
    finally:
        await savepoint.rollback()


@pytest.mark.parametrize("table", CHECKS)
async def test_each_check_refuses_its_bad_row(rows, table):
    row = await rows.valid(table)
    if table != "installation":
        assert await refusing(rows, table, row) is None, "the row itself is good"
    found = {}
    for name, change in CHECKS[table].items():
        bad = {key: row["debit_account_id"] if value is SAME else value for key, value in change.items()}
        found[name] = await refusing(rows, table, {**row, **bad})

    assert found == {name: f"ck_{table}_{name}" for name in CHECKS[table]}


async def test_no_check_is_without_its_bad_row(root_sql):
    query = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    known = {row[0] for row in await root_sql.fetch(query)}

    assert known == {f"ck_{table}_{name}" for table, changes in CHECKS.items() for name in changes}


async def test_each_foreign_key_refuses_what_is_not_there(rows, root_sql):
    """Complete by construction: the keys come from the catalogue."""
    keys = await root_sql.fetch(FOREIGN_KEYS)
    found = {}
    for table, name, columns in ((row[0], row[2], row[7]) for row in keys):
        row = await rows.valid(table)
        pointing = next((one for one in columns if one not in {"organization_id", "event_id"}), columns[-1])
        bad = {**row, **REFERENCES.get(name, {}), pointing: uuid4()}
        found[name] = await refusing(rows, table, bad)

    assert found == {name: name for name in found}
    assert len(found) == len(keys) > 150


async def test_each_unique_key_refuses_the_second(rows, root_sql):
    """Complete by construction: two rows differ in everything but the columns of the key.

    Where a row meets another one at several keys, any of them may speak.
    """
    for table in CHECKS:
        if table != "installation":
            await rows.standing(table)
    await rows.sql.execute("INSERT INTO installation (id, canary) VALUES (1, '') ON CONFLICT DO NOTHING")
    found, wanted = {}, {}
    indexes = await root_sql.fetch(INDEXES)
    for table, name, is_unique, _, _, columns in indexes:
        if not is_unique or table == "alembic_version":
            continue
        savepoint = rows.sql.transaction()
        await savepoint.start()
        more = {
            key: await rows.id_of("users") if value is ... else value
            for key, value in UNIQUE.get(name, {}).items()
        }
        others = Rows(rows.sql) if name in ACROSS else rows
        first, second = {**await rows.valid(table), **more}, {**await others.valid(table), **more}
        if table != "installation":
            await rows.insert(table, first)
            if columns != ["organization_id"]:
                assert await refusing(rows, table, second) is None, "the rows do not collide by themselves"
        named = [EXPRESSIONS[name] if column == "(expression)" else column for column in columns]
        same = {column: first[column] for column in named}
        if name in EXPRESSIONS:
            same[EXPRESSIONS[name]] = str(first[EXPRESSIONS[name]]).upper()
        found[name] = await refusing(rows, table, {**second, **same})
        third = {**second, **same}
        wanted[name] = {name} | {
            key
            for other, key, is_key, _, where, held in indexes
            if other == table
            and is_key
            and where is None
            and all(first.get(one) == third.get(one) is not None for one in held)
        }
        await savepoint.rollback()

    assert {name: by for name, by in found.items() if by not in wanted[name]} == {}
    assert len(found) > 130


@pytest.mark.parametrize("table", FREED)
async def test_name_of_a_deleted_row_is_free_again(rows, table):
    name, gone = FREED[table]
    one, two = await rows.valid(table), await rows.valid(table)
    await rows.insert(table, {**one, **gone})

    assert await refusing(rows, table, {**two, name: one[name]}) is None


async def test_host_belongs_to_whoever_proves_it_first(rows, owner_sql):
    """A claim alone keeps nobody out."""
    claimed = await rows.fresh("custom_domains")
    other = Rows(owner_sql)
    theirs = {**await other.valid("custom_domains"), "host": claimed["host"], "verified_at": None}

    assert await refusing(other, "custom_domains", theirs) is None
