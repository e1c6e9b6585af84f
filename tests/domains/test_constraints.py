"""Every constraint of the schema refuses a row that only it can refuse; the list is complete against the catalogue."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from tests.domains.rows import LATER, NOW, Keyed
from tests.domains.test_catalogue import FOREIGN_KEYS, INDEXES

MONEY = {
    "currency": {"currency": "eur"},
    "not_negative": {"fees": -20, "total": 180},
    "discount_amount": {"discount_amount": 201, "total": 19},
    "adds_up": {"total": 221},
}
REPLAY = {"idempotency": {"body_hash": None}, "idempotency_key": {"idempotency_key": "x" * 256}}
LINE = {
    "type": {"type": "gift", "ticket_type_id": None},
    "ticket_type_id": {"type": "fee"},
    "quantity": {"quantity": 0, "subtotal": 0},
    "not_negative": {"unit_fee": -1},
    "subtotal": {"subtotal": 201},
}

CHECKS = {
    "facts": {"type": {"type": ""}},
    "idempotency": {"idempotency_key": {"idempotency_key": ""}, "hashes": {"body_hash": b"short"}},
    "installation": {"single": {"id": 2}},
    "organizations": {"name": {"name": ""}, "plan": {"plan": "gold"}},
    "customers": {"email_key": {"email_key": ""}, "marketing": {"marketing": True}},
    "organization_settings": {
        "default_currency": {"default_currency": "EURO"},
        "primary_color": {"primary_color": "#58188F"},
        "secondary_color": {"secondary_color": "red"},
        "service_fee_bps": {"service_fee_bps": 10_001},
        "service_fee_fixed": {"service_fee_fixed": -1},
    },
    "organization_slugs": {"slug": {"slug": "Not-a-slug"}},
    "pools": {
        "capacity": {"capacity": 2_000_000_001},
        "held": {"held": -1},
        "sold": {"sold": -1},
        "never_oversold": {"held": 3, "sold": 3},
    },
    "signing_keys": {"key_id": {"key_id": 2**32}, "public_key": {"public_key": b"short"}},
    "users": {"name": {"name": ""}, "role": {"role": "king"}, "status": {"status": "asleep"}},
    "api_keys": {"name": {"name": ""}, "token_hash": {"token_hash": b"short"}},
    "devices": {"name": {"name": ""}, "token_hash": {"token_hash": b"short"}},
    "events": {
        "title": {"title": "x" * 201},
        "category": {"category": ""},
        "slug": {"slug": "-a"},
        "order_of_time": {"ends_at": NOW - timedelta(seconds=1)},
        "order_of_days": {"end_date": NOW.date() - timedelta(days=1)},
        "order_of_sales": {"sales_start_date": NOW, "sales_end_date": NOW - timedelta(seconds=1)},
        "sales_end_before_event": {"sales_end_date": LATER + timedelta(seconds=1)},
        "location_type": {"location_type": "lunar"},
        "status": {"status": "lost"},
        "visibility": {"visibility": "secret"},
        "currency": {"currency": "eur"},
        "country": {"country": "DEU"},
        "service_fee_bps": {"service_fee_bps": -1},
        "service_fee_fixed": {"service_fee_fixed": 10**12 + 1},
    },
    "ticket_types": {
        "name": {"name": ""},
        "price": {"price": -1},
        "min_per_order": {"min_per_order": 0},
        "max_per_order": {"min_per_order": 5, "max_per_order": 4},
        "order_of_sales": {"sales_start_date": LATER, "sales_end_date": NOW},
    },
    "carts": {**REPLAY, "status": {"status": "lost"}, "expires_at": {"expires_at": NOW}, **MONEY},
    "cart_items": LINE,
    "orders": {
        "order_number": {"order_number": "ILOU0000"},
        "status": {"status": "lost"},
        "payment_status": {"payment_status": "lost"},
        "refunded_amount": {"refunded_amount": 221},
        "pending_expires": {"status": "pending"},
        "generation": {"generation": 0},
        **MONEY,
    },
    "order_items": LINE,
    "tickets": {
        "code": {"code": "SHORT"},
        "status": {"status": "lost"},
        "generation": {"generation": 0},
        "used_at": {"status": "used"},
        "checked_in_by": {"checked_in_at": NOW},
        "transferred": {"transferred_to": None},
    },
    "scans": {
        "result": {"result": "maybe"},
        "scanned_by": {"device_id": None},
        "ticket_id": {"ticket_id": None},
        "presented_hash": {"presented_hash": b"short"},
    },
}
"""For each table and CHECK, what is changed in a valid row so that this CHECK refuses it."""

UNIQUE = {
    "uq_organization_slugs_current": {"current": True},
    "uq_signing_keys_current": {"retired_at": None},
    "uq_scans_user_scan": {"device_id": None, "user_id": ...},
    "pk_installation": {"id": 1},
}
"""What both rows need so that a partial index speaks of them. `...` is the id of a user."""

EXPRESSIONS = {"uq_users_email": "email", "uq_ticket_types_name": "name"}


@pytest.fixture
async def rows(owner_sql):
    """A world that is rolled back: constraints are the same for everybody, and the installation has one row."""
    transaction = owner_sql.transaction()
    await transaction.start()
    yield Keyed(owner_sql)
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
    found = {name: await refusing(rows, table, {**row, **change}) for name, change in CHECKS[table].items()}

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
        if table == "scans" and columns[-1] == "user_id":
            row["device_id"] = None
        found[name] = await refusing(rows, table, {**row, columns[-1]: uuid4()})

    assert found == {name: name for name in found}
    assert len(found) == len(keys) > 50


async def test_each_unique_key_refuses_the_second(rows, root_sql):
    """Complete by construction: two rows differ in everything but the columns of the key.

    Where a key holds the primary one as well, for others to point at, the primary one speaks first.
    """
    for table in ("customers", "tickets", "devices", "ticket_types", "carts"):
        await rows.standing(table)
    await rows.sql.execute("INSERT INTO installation (id, canary) VALUES (1, '') ON CONFLICT DO NOTHING")
    found, wanted = {}, {}
    for table, name, is_unique, _, _, columns in await root_sql.fetch(INDEXES):
        if not is_unique or table == "alembic_version":
            continue
        savepoint = rows.sql.transaction()
        await savepoint.start()
        more = {
            key: await rows.id_of("users") if value is ... else value
            for key, value in UNIQUE.get(name, {}).items()
        }
        first, second = {**await rows.valid(table), **more}, {**await rows.valid(table), **more}
        if table != "installation":
            await rows.insert(table, first)
            if columns != ["organization_id"]:
                assert await refusing(rows, table, second) is None, "the rows do not collide by themselves"
        named = [EXPRESSIONS[name] if column == "(expression)" else column for column in columns]
        same = {column: first[column] for column in named}
        if name in EXPRESSIONS:
            same[EXPRESSIONS[name]] = str(first[EXPRESSIONS[name]]).upper()
        found[name] = await refusing(rows, table, {**second, **same})
        wanted[name] = f"pk_{table}" if set(columns) > {"organization_id", "id"} else name
        await savepoint.rollback()

    assert found == wanted
    assert len(found) > 40


@pytest.mark.parametrize(
    ("table", "first", "second"),
    [
        ("customers", {"erased_at": NOW}, {}),
        ("users", {"deleted_at": NOW}, {}),
        ("events", {"deleted_at": NOW}, {}),
        ("ticket_types", {"deleted_at": NOW}, {}),
        ("carts", {"status": "expired"}, {}),
    ],
)
async def test_name_of_a_deleted_row_is_free_again(rows, table, first, second):
    same = {
        "customers": "email_key",
        "users": "email",
        "events": "slug",
        "ticket_types": "name",
        "carts": "session_id",
    }[table]
    one, two = await rows.valid(table), await rows.valid(table)
    await rows.insert(table, {**one, **first})

    assert await refusing(rows, table, {**two, **second, same: one[same]}) is None
