"""What is asked for all the time touches few rows of many: the plans of the real statements, in the app's role, behind the wall."""

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import event

from foyer.domains.analytics import doors_open, events_on_sale, gates_of, sales_by_hour
from foyer.domains.carts.desk.lapse import _DUE as DUE
from foyer.domains.customers import customers_for_staff
from foyer.domains.customers.desk import _FIND as FIND
from foyer.domains.customers.types import CustomerFilter
from foyer.domains.events import coming_up, discounts, events_for_staff, on_sale
from foyer.domains.events.types import EventFilter, EventStatus
from foyer.domains.orders import (
    bought_with,
    count_orders,
    find_order,
    order_of_cart,
    orders_around,
    orders_for_staff,
    revenue,
)
from foyer.domains.orders.types import OrderFilter, OrderState, OrderStatus, PaymentStatus
from foyer.domains.payments import transactions
from foyer.domains.payments.types import TransactionFilter, TransactionStatus, TransactionType
from foyer.domains.tickets import count_tickets, tickets_around, tickets_for_staff
from foyer.domains.tickets.desk.door import _SCANS as SCANS
from foyer.domains.tickets.desk.door import _TICKETS as TICKETS
from foyer.domains.tickets.queries import Signer, tickets_of_order
from foyer.domains.tickets.types import CheckInState, TicketFilter
from foyer.infra.db.engine import Database
from foyer.infra.db.tenancy import LOOKUPS
from foyer.kernel.paging import Spot
from tests.domains.many_rows import TABLES, id_of, make_many
from tests.support.cluster import APP, SUPERUSER, clone, url_of
from tests.support.world import KEYRING, make_organization

LISTED = set(TABLES) - {"pools"}  # which the newer PostgreSQL does not even ask for none of
TOUCHED_MAX = 1_000
"""Rows that a listed query may look at, of the 100,000 there are."""
PAGE = {"cursor": None, "limit": 25}


class Crowd(NamedTuple):
    """A database of its own, because nobody else wants so many rows, and the organization that has most of them."""

    name: str
    database: Database
    organization_id: UUID


@asynccontextmanager
async def as_root(name):
    sql = await asyncpg.connect(url_of(SUPERUSER, name))
    try:
        yield sql
    finally:
        await sql.close()


@pytest.fixture(scope="module")
async def crowd(worker_id):
    name = await asyncio.to_thread(clone, f"foyer_many_{worker_id}")
    database = Database(url_of(APP, name), pool_size=1)
    organization = await make_organization(database)
    async with as_root(name) as sql:
        await make_many(sql, organization.id)
    yield Crowd(name, database, organization.id)
    await database.close()


def scans(plan: dict) -> Iterator[tuple[str, str, float]]:
    """Table, indexes and rows touched of each place where a plan reads a table."""
    below = plan.get("Plans", ())
    if relation := plan.get("Relation Name"):
        removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        yield relation, " ".join(indexes_in(plan)), (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    if plan["Node Type"] != "Bitmap Heap Scan":
        for part in below:
            yield from scans(part)


def indexes_in(plan: dict) -> Iterator[str]:
    if name := plan.get("Index Name"):
        yield name
    if plan["Node Type"].startswith("Bitmap"):
        for part in plan.get("Plans", ()):
            yield from indexes_in(part)


async def explained(connection, query, *args):
    explain = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) {query}"
    answer = await connection.fetchval(explain, *args)
    whole = (
        json.loads(answer) if isinstance(answer, str) else answer
    )  # the app's connections read JSON themselves
    return list(scans(whole[0]["Plan"]))


async def plans_of(crowd, ask):
    """Runs a read and returns how each of its statements was answered."""
    sent = []
    async with crowd.database.read(crowd.organization_id) as tx:
        connection = await tx._session.connection()

        def note(_connection, _cursor, statement, parameters, *_):
            sent.append((statement, parameters))

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        await ask(tx)
        event.remove(connection.sync_connection, "before_cursor_execute", note)
        raw = (await connection.get_raw_connection()).driver_connection
        return [scan for query, args in sent for scan in await explained(raw, query, *args)]


def transactions_where(**wanted):
    return lambda tx: transactions(tx, TransactionFilter(**wanted), **PAGE)


def orders_where(**wanted):
    return lambda tx: orders_for_staff(tx, OrderFilter(**wanted), **PAGE)


def customers_where(**wanted):
    return lambda tx: customers_for_staff(tx, CustomerFilter(**wanted), **PAGE)


def listed_orders(**wanted):
    return lambda tx: orders_around(tx, OrderFilter(), spot=Spot(), limit=25, **wanted)


def listed_tickets(**wanted):
    return lambda tx: tickets_around(tx, TicketFilter(**wanted), spot=Spot(), limit=25)


async def walked_back(tx):
    first = await orders_around(tx, OrderFilter(), state=None, spot=Spot(oldest_first=True), limit=25)
    after = Spot(after=first.after, oldest_first=True)
    second = await orders_around(tx, OrderFilter(), state=None, spot=after, limit=25)
    await orders_around(
        tx, OrderFilter(), state=None, spot=Spot(before=second.before, oldest_first=True), limit=25
    )


async def second_page(tx):
    first = await transactions(tx, TransactionFilter(), **PAGE)
    await transactions(tx, TransactionFilter(), cursor=first.next_cursor, limit=25)


LONG_AGO = datetime(2026, 1, 10, tzinfo=UTC)
DAY = {"created_from": LONG_AGO, "created_to": LONG_AGO + timedelta(days=1)}
NOON = LONG_AGO + timedelta(hours=12)
SOON = datetime(2027, 1, 3, tzinfo=UTC)
ORDER, CART, EVENT = id_of("orders", 5001), id_of("carts", 5001), id_of("events", 2)

READS = {
    "events, the newest first": (
        lambda tx: events_for_staff(tx, **PAGE), {"pk_events"},
    ),
    "events in a rare state": (
        lambda tx: events_for_staff(tx, EventFilter(status=EventStatus.CANCELLED), **PAGE), {"ix_events_status_starts_at"},
    ),
    "events to come": (lambda tx: coming_up(tx, limit=25), {"ix_events_status_starts_at"}),
    "event by its address": (lambda tx: on_sale(tx, slug="event-77"), {"uq_events_slug"}),
    "order": (lambda tx: find_order(tx, ORDER), {"pk_orders", "ix_order_items_order_id"}),
    "order of a cart": (
        lambda tx: order_of_cart(tx, CART),
        {"uq_orders_organization_id_cart_id", "pk_orders", "ix_order_items_order_id"},
    ),
    "revenue of an event": (lambda tx: revenue(tx, [EVENT]), {"ix_orders_event_id_created_at_id"}),
    "tickets of an order": (
        lambda tx: tickets_of_order(tx, ORDER, Signer(KEYRING)), {"ix_tickets_order_id"},
    ),
    "orders, the newest first": (
        orders_where(), {"ix_orders_created_at_id", "ix_order_items_order_id"},
    ),
    "orders of a day long ago": (
        orders_where(**DAY), {"ix_orders_created_at_id", "ix_order_items_order_id"},
    ),
    "orders in a rare state": (
        orders_where(status=OrderStatus.REFUNDED), {"ix_orders_status_created_at_id", "ix_order_items_order_id"},
    ),
    "orders that were given back": (
        orders_where(payment_status=PaymentStatus.REFUNDED),
        {"ix_orders_payment_status_created_at_id", "ix_order_items_order_id"},
    ),
    "orders of an event": (
        orders_where(event_id=EVENT), {"ix_orders_event_id_created_at_id", "ix_order_items_order_id"},
    ),
    "orders of a buyer": (
        orders_where(email="jo5001@example.org"),
        {"uq_customers_email_key", "ix_orders_customer_id_created_at_id", "ix_order_items_order_id"},
    ),
    "orders that begin like an address": (
        orders_where(q="jo5001@"),
        {"uq_customers_email_key", "ix_orders_buyer_name_key", "ix_orders_buyer_last_name_key",
         "ix_orders_customer_id_created_at_id", "uq_orders_organization_id_order_number", "ix_order_items_order_id"},
    ),
    "orders that begin like a number": (
        orders_where(q="0000138"),
        {"uq_customers_email_key", "ix_orders_buyer_name_key", "ix_orders_buyer_last_name_key",
         "uq_orders_organization_id_order_number", "ix_order_items_order_id"},
    ),
    "orders paid in a rare way": (
        orders_where(payment_method="shells"), {"ix_orders_payment_method_created_at_id", "ix_order_items_order_id"},
    ),
    "buyers that begin like an address or a name": (
        customers_where(q="jo5001@"),
        {"uq_customers_email_key", "ix_customers_name_key", "ix_customers_last_name_key"},
    ),
    "buyers, the newest first": (customers_where(), {"ix_customers_created_at_id"}),
    "buyers of a day long ago": (customers_where(**DAY), {"ix_customers_created_at_id"}),
    "codes, the newest first": (
        lambda tx: discounts(tx, search=None, active=True, **PAGE), {"pk_discounts"},
    ),
    "transactions, the newest first": (transactions_where(), {"ix_transactions_created_at_id"}),
    "transactions, the second page": (second_page, {"ix_transactions_created_at_id", "pk_transactions"}),
    "transactions of a day long ago": (transactions_where(**DAY), {"ix_transactions_created_at_id"}),
    "transactions of a rare kind": (
        transactions_where(type=TransactionType.REFUND), {"ix_transactions_type_created_at_id"},
    ),
    "transactions in a rare state": (
        transactions_where(status=TransactionStatus.FAILED), {"ix_transactions_status_created_at_id"},
    ),
    "transactions in a rare state of a day long ago": (
        transactions_where(status=TransactionStatus.FAILED, **DAY), {"ix_transactions_status_created_at_id"},
    ),
    "transactions of an order": (transactions_where(order_id=ORDER), {"ix_transactions_order_id"}),
    "orders in the office, walked both ways": (
        walked_back, {"ix_orders_created_at_id", "pk_orders", "ix_order_items_order_id"},
    ),
    "orders to approve": (
        listed_orders(state=OrderState.TO_APPROVE), {"pk_orders", "ix_order_items_order_id"},
    ),
    "orders that payment is due for": (
        listed_orders(state=OrderState.PAYMENT_DUE), {"ix_orders_due", "ix_order_items_order_id"},
    ),
    "how many orders of an event": (
        lambda tx: count_orders(tx, OrderFilter(event_id=EVENT), state=None, most=1_000),
        {"ix_orders_event_id_created_at_id"},
    ),
    "how many orders": (lambda tx: count_orders(tx, OrderFilter(), state=None, most=500), None),
    "who bought": (lambda tx: bought_with(tx, [ORDER]), {"pk_orders"}),
    "tickets of an order for staff": (lambda tx: tickets_for_staff(tx, ORDER), {"ix_tickets_order_id"}),
    "tickets, the newest first": (listed_tickets(), {"ix_tickets_created_at_id"}),
    "tickets of an event": (listed_tickets(event_id=EVENT), {"ix_tickets_event_id_created_at_id"}),
    "tickets that begin like a name": (
        listed_tickets(q="jo5001@"),
        {"ix_tickets_attendee_name_key", "ix_tickets_attendee_last_name_key", "ix_tickets_attendee_email_key",
         "uq_tickets_organization_id_code", "ix_tickets_order_id", "uq_customers_email_key", "ix_orders_buyer_name_key",
         "ix_orders_buyer_last_name_key", "ix_orders_customer_id_created_at_id",
         "uq_orders_organization_id_order_number"},
    ),
    "who is inside": (
        listed_tickets(event_id=EVENT, state=CheckInState.INSIDE), {"ix_tickets_event_id_created_at_id"},
    ),
    "how many tickets of an event": (
        lambda tx: count_tickets(tx, TicketFilter(event_id=EVENT), most=1_000), {"ix_tickets_event_id_ticket_type_id"},
    ),
    "sales of half a day by hour": (
        lambda tx: sales_by_hour(tx, LONG_AGO, NOON, by=NOON, event_id=None),
        {"ix_orders_created_at_id", "ix_tickets_order_id"},
    ),
    "sales of an event by hour": (
        lambda tx: sales_by_hour(tx, LONG_AGO, NOON, by=NOON, event_id=EVENT),
        {"ix_orders_event_id_created_at_id", "ix_tickets_order_id"},
    ),
    "events on sale": (
        lambda tx: events_on_sale(tx, SOON, most=5), {"ix_events_ending", "ix_orders_event_id_created_at_id"},
    ),
    "doors that are open": (
        lambda tx: doors_open(tx, SOON), {"ix_events_status_starts_at", "ix_tickets_event_id_ticket_type_id"},
    ),
    "gates of an event": (lambda tx: gates_of(tx, EVENT, SOON, most=9), {"ix_tickets_event_id_ticket_type_id"}),
}  # fmt: skip
"""What is asked, and the indexes that answer it."""

DESKS = {
    "tickets at a door, by id and by code": (
        TICKETS, [[id_of("tickets", number) for number in range(1, 30)], [f"{number:016X}" for number in range(31, 60)]],
        {"pk_tickets", "uq_tickets_organization_id_code"},
    ),
    "scans that came before": (SCANS, [[id_of("scan", number) for number in range(1, 60)]], {"ix_scans_scan_id"}),
    "carts of an event whose time has passed": (DUE, [EVENT, 500, False], {"uq_carts_session"}),
    "buyers by their addresses": (
        FIND, [[f"jo{number}@example.org" for number in range(1, 60)]], {"uq_customers_email_key"},
    ),
}  # fmt: skip

LOOKED_UP = {
    "api_key_by_hash": "ix_api_keys_token_hash",
    "buyer_session_by_hash": "ix_buyer_sessions_token_hash",
    "device_by_hash": "ix_devices_token_hash",
    "device_pairing_by_hash": "ix_device_pairings_code_hash",
    "organization_by_host": "uq_custom_domains_host",
    "organization_by_provider_account": "ix_provider_accounts_account",
    "organization_by_slug": "pk_organization_slugs",
    "organizations_page": "pk_organizations",
    "session_by_hash": "ix_sessions_token_hash",
    "staff_by_email": "ix_users_email",
    "verified_hosts": "uq_custom_domains_host",
}


def fault(found, wanted):
    """What is wrong with how something was read; None if nothing is."""
    large = [scan for scan in found if scan[0] in LISTED]
    used = {name for _, indexes, _ in large for name in indexes.split()}
    most = max((touched for _, _, touched in large), default=0)
    is_wanted = wanted is None or used == wanted  # to count some of all rows, any way through them is as good
    return None if is_wanted and most <= TOUCHED_MAX else large


async def test_lists_read_few_rows_of_many(crowd):
    """One test, because the rows take longer to make than to read."""
    faults = {name: fault(await plans_of(crowd, ask), wanted) for name, (ask, wanted) in READS.items()}

    assert {name: large for name, large in faults.items() if large is not None} == {}


async def test_desks_read_few_rows_of_many(crowd):
    faults = {}
    for name, (query, args, wanted) in DESKS.items():
        async with crowd.database.write(crowd.organization_id) as tx:
            found = await explained(await tx.desk(), query, crowd.organization_id, *args)
        faults[name] = fault(found, wanted)

    assert {name: large for name, large in faults.items() if large is not None} == {}


async def test_what_is_due_is_found_among_many(crowd):
    """As the role that looks things up; PostgreSQL cannot see into the function itself."""
    query = body_of("due_holds")
    found = await looking_up(crowd, query, 100)

    assert max(touched for _, _, touched in found) <= TOUCHED_MAX
    assert {index for table, index, _ in found if table in {"carts", "orders"}} == {
        "ix_carts_due",
        "ix_orders_due",
    }
    for name, wanted in (("due_reminders", "ix_carts_abandoned"), ("due_offers", "ix_waiting_list_groups"), ("due_sale_reminders", "uq_sale_reminders")):  # fmt: skip
        few = await looking_up(crowd, body_of(name), 100, settings="SET enable_seqscan = off")
        assert any(str(index).startswith(wanted) for _, index, _ in few)


@pytest.mark.parametrize(
    "function", sorted({name.partition("(")[0] for name in LOOKUPS} - {"due_holds", "due_offers", "due_reminders", "due_sale_reminders", "shops_on_show"})
)  # fmt: skip
async def test_everything_else_is_looked_up_in_an_index(crowd, function):
    """These tables have few rows here, so the plan is asked for what it would do with many.

    What is on show is not one of them: a map of an installation names all of it.
    """
    kinds = {"bytea": b"x", "text": "x", "integer": 10, "uuid": UUID(int=0)}
    signature = next(name for name in LOOKUPS if name.startswith(f"{function}("))
    given = [
        kinds[kind]
        for kind in re.findall(r"\b(?:bytea|text|integer|uuid)\b", signature.partition(" RETURNS ")[0])
    ]
    found = await looking_up(crowd, body_of(function), *given, settings="SET enable_seqscan = off")

    assert [index for _, index, _ in found] == [LOOKED_UP[function]]


def body_of(function):
    """The statement inside a look-up, with its arguments as parameters."""
    signature, body = next(pair for pair in LOOKUPS.items() if pair[0].startswith(f"{function}("))
    body = body.replace(f"{function}.", "")
    arguments = signature.partition("(")[2].partition(")")[0].split(", ")
    for place, argument in enumerate(filter(None, arguments), 1):
        name, kind = argument.split()
        body = re.sub(rf"(?<![.\w]){name}\b(?!\()", f"${place}::{kind}", body)
    return body


async def looking_up(crowd, query, *args, settings=""):
    async with as_root(crowd.name) as sql:
        await sql.execute(f"SET ROLE foyer_lookup; {settings}")
        return await explained(sql, query, *args)


async def test_plan_without_its_index_is_noticed(crowd):
    """The canary: without the index the same question reads everything, and the check says so."""
    _, args, wanted = DESKS["scans that came before"]
    async with as_root(crowd.name) as sql:
        await sql.execute("BEGIN; DROP INDEX ix_scans_scan_id")
        found = await explained(sql, SCANS, crowd.organization_id, *args)
        await sql.execute("ROLLBACK")

    assert fault(found, wanted) == found
    assert sum(touched for _, _, touched in found) > 10 * TOUCHED_MAX
