"""A shop and an office to ask, and the proof that a refusal left nothing behind."""

from uuid import UUID

import asyncpg
import httpx
import pytest

from foyer.domains.orders.models import InvoiceRow
from foyer.kernel.ids import uuid7
from tests.api.asking import Office, Shop, Untouched, taken, untouched_by
from tests.support.waiting import in_line, reminded
from tests.support.world import KEYRING, Organization, buyer_signed_in, make_event, take_money


@pytest.fixture
def shop(client: httpx.AsyncClient, organization: Organization) -> Shop:
    return Shop(client, organization)


@pytest.fixture
def office(client: httpx.AsyncClient, organization: Organization) -> Office:
    return Office(client, organization)


@pytest.fixture
def untouched(owner_sql: asyncpg.Connection) -> Untouched:
    return untouched_by(owner_sql)


async def invoiced(database, organization, event_id, order_id):
    """The id of an invoice for an order."""
    row = InvoiceRow(
        organization_id=organization.id, id=uuid7(), event_id=event_id, order_id=order_id, kind="invoice", cause_id=order_id,
        series="INV-2027", number=1, document={},
    )  # fmt: skip
    async with database.write(organization.id) as tx:
        tx.add(row)
    return row.id


@pytest.fixture
async def theirs(client, database, stranger):
    """Everything of a stranger that has an id in some path."""
    shop = Shop(client, stranger)
    event = await make_event(database, stranger)
    cart = await shop.cart(event)
    order = await shop.order(event)
    office = Office(client, stranger)
    seen = taken(await office.ask("GET", f"/orders/{order['id']}"))
    ids = {
        "ticket_id": order["tickets"][0]["id"],
        "slug": stranger.slug,
        "event": event.id,
        "event_id": event.id,
        "type_id": event.ticket_types[0].id,
        "pool_id": (await office.make(f"/events/{event.id}/pools", name="Gallery", capacity=90))["id"],
        "question_id": (await office.make(f"/events/{event.id}/questions", label="Menu?"))["id"],
        "link_id": (await office.make(f"/events/{event.id}/access-links", name="Press"))["id"],
        "tax_rate_id": (await office.make("/tax-rates", name="VAT", ratePercentage=19, inclusive=True))["id"],
        "discount_id": (await office.make("/discounts", code="THEIRS", percentage=10))["id"],
        "customer_id": seen["customerId"],
        "invoice_id": await invoiced(database, stranger, event.id, UUID(order["id"])),
        "transaction_id": await take_money(database, stranger, order["id"]),
    }
    ticket_id = order["tickets"][0]["id"]
    ticket = {"token": KEYRING.holder_token("ticket", stranger.id, UUID(ticket_id))}
    ids["waiting_id"] = waiting_id = (await in_line(database, stranger)).id
    waiting = {"token": KEYRING.holder_token("waiting", stranger.id, waiting_id)}
    buyer = {"token": await buyer_signed_in(database, stranger, "jo@example.org")}
    ids["reminder_id"] = reminder_id = await reminded(database, stranger)
    reminder = {"token": KEYRING.holder_token("reminder", stranger.id, reminder_id)}
    held = {
        "cart": cart,
        "order": order,
        "ticket": ticket,
        "buyer": buyer,
        "waiting": waiting,
        "reminder": reminder,
    }
    return {**ids, "cart_id": cart["id"], "order_id": order["id"], "ticket_id": ticket_id, **held}
