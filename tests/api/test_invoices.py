"""Invoices and credit notes: issued by themselves, numbered without gaps, equal to their orders to the cent."""

import asyncio
import io
from collections import Counter
from contextlib import suppress
from uuid import UUID

import msgspec
import pytest
from pypdf import PdfReader

from foyer.domains.checkout import REACTIONS, begin_refund, perform_refund, sweep
from foyer.domains.checkout.types import Goodwill
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.orders import issue_credit_note, issue_invoice
from foyer.infra.outbox import react
from foyer.kernel.ids import uuid7
from tests.api.asking import bearing, refused, taken
from tests.api.selling import JO

FACTS = "SELECT id, type FROM facts WHERE organization_id = $1 ORDER BY id"
ISSUED = "SELECT kind, series, number, order_id, document::text FROM invoices WHERE organization_id = $1 ORDER BY id"
SUMS = ("subtotal", "discountAmount", "fees", "taxes", "total", "taxLines")


@pytest.fixture
def papers(till, owner_sql):
    """Everything issued so far, after every reaction to every fact, in this order or that, and each twice."""

    async def issued(*, backwards=False):
        facts = await owner_sql.fetch(FACTS, till.organization.id)
        for fact in reversed(facts) if backwards else facts:
            for reaction in REACTIONS:
                if reaction.to.type == fact["type"]:
                    await react(till.database, reaction, till.organization.id, fact["id"])
                    await react(till.database, reaction, till.organization.id, fact["id"])
        rows = await owner_sql.fetch(ISSUED, till.organization.id)
        return [(row["kind"], row["number"], msgspec.json.decode(row["document"])) for row in rows]

    return issued


async def taxed(till, *, inclusive, fee=250):
    """An event with odd prices, a tax and a service fee."""
    rate = taken(
        await till.post("/tax-rates", {"name": "VAT", "ratePercentage": 7, "inclusive": inclusive}), 201
    )
    kinds = (
        TicketTypeDraft(name="Odd", quantity=40, price=333, tax_rate_id=UUID(rate["id"])),
        TicketTypeDraft(name="Odder", quantity=40, price=1_001, tax_rate_id=UUID(rate["id"])),
        TicketTypeDraft(name="Free", quantity=40, is_free=True),
    )
    return await till.event(*kinds, service_fee_fixed=fee)


@pytest.mark.parametrize("inclusive", [True, False])
async def test_invoice_before_payment_says_what_the_order_says_to_the_cent(till, papers, inclusive):
    event = await taxed(till, inclusive=inclusive)
    order = await till.order(event, 3, 2, 1, customer=JO)

    ((kind, number, paper),) = await papers()

    assert (kind, number) == ("invoice", 1)
    assert {name: paper[name] for name in SUMS} == {name: order[name] for name in SUMS}
    assert sum(line["total"] for line in paper["lines"]) == paper["total"]
    assert paper["total"] == paper["subtotal"] - paper["discountAmount"] + paper["fees"] + paper["taxes"]
    assert paper["dueOn"] is not None
    assert paper["paidOn"] is None
    assert paper["buyer"]["address"] == ["Zwirnweg 1", "Xanten", "Germany"]
    taken(await till.post(f"/orders/{order['id']}/payment"))
    assert len(await papers()) == 1


async def test_discount_is_in_the_sums_and_a_free_order_needs_no_paper(till, papers):
    event = await taxed(till, inclusive=False)
    taken(await till.post("/discounts", {"code": "ODD", "percentage": 12.5}), 201)
    kind = event.ticket_types[1].id
    cart = await till.shop.cart(event, (kind, 3))
    path = f"{till.shop.path}/carts/{cart['id']}"
    taken(await till.client.patch(path, json={"discountCode": "ODD"}, headers=bearing(cart["token"])))
    order = taken(await till.shop.check_out(cart, paymentMethod="manual"), 201)
    await till.order(event, 0, 0, 2, paymentMethod="free")

    ((_, _, paper),) = await papers()

    assert order["discountAmount"] > 0
    assert {name: paper[name] for name in SUMS} == {name: order[name] for name in SUMS}
    assert paper["discountCode"] == "ODD"


async def test_credit_notes_take_back_what_went_back_and_no_more(till, papers):
    event = await taxed(till, inclusive=False)
    order = await till.paid(event, 3, 2, 1)
    one = taken(await till.refund(order, 1, 0, 0, reason="Ill"), 201)
    other = taken(await till.refund(order), 201)

    (_, _, invoice), *notes = await papers(backwards=True)

    assert [(kind, number, note["total"]) for kind, number, note in notes] == [
        ("credit_note", 1, other["amount"]), ("credit_note", 2, one["amount"]),
    ]  # fmt: skip
    assert {note["refersTo"] for _, _, note in notes} == {invoice["number"]}
    assert notes[1][2]["reason"] == "Ill"
    for name in ("subtotal", "fees", "taxes", "total"):
        assert sum(note[name] for _, _, note in notes) == invoice[name], name
    left = Counter({line["orderItemId"]: line["quantity"] for line in invoice["lines"]})
    for _, _, note in notes:
        left.subtract({line["orderItemId"]: line["quantity"] for line in note["lines"]})
    assert set(left.values()) == {0}


async def goodwill(till, order, amount):
    house, order_id = till.organization, UUID(order["id"])
    async with till.database.write(house.id) as tx:
        await begin_refund(tx, order_id, Goodwill(amount=amount), actor=house.owner, reason=None)
    await perform_refund(till.client.desks.till, house.id, order_id)


async def test_notes_after_an_amount_alone_say_what_went_back_before_and_never_add_up_to_more(
    till, papers, owner_sql
):
    event = await till.event(TicketTypeDraft(name="Seat", quantity=9, price=1_000))
    order = await till.paid(event, 3)
    went_back = 0
    for step in (
        lambda: till.refund(order, 1),
        lambda: goodwill(till, order, 700),
        lambda: till.refund(order, 1),
        lambda: till.refund(order),
    ):
        await step()
        notes = [paper for kind, _, paper in await papers() if kind == "credit_note"]
        went_back = (await till.show(order))["refundedAmount"]
        assert sum(note["total"] for note in notes) <= went_back

    assert [(note["total"], note["returnedBefore"]) for note in notes] == [
        (1_000, 0),
        (1_000, 0),
        (1_000, 700),
    ]
    assert sum(note["total"] for note in notes) == went_back == order["total"]
    last = taken(await till.get(f"/orders/{order['id']}/invoices"))["items"][-1]
    printed = await till.get(f"/orders/{order['id']}/invoices/{last['id']}/pdf")
    said = PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
    assert "€7.00" in said
    assert "€3.00" in said


async def test_order_that_is_given_up_takes_its_invoice_back_once(till, papers):
    event = await till.event()
    order = await till.order(event, 1)
    await papers()
    taken(await till.post(f"/orders/{order['id']}/cancellation"))

    (_, _, invoice), (kind, _, note) = await papers()

    assert kind == "credit_note"
    assert (note["total"], note["refersTo"]) == (invoice["total"], invoice["number"])
    async with till.database.write(till.organization.id) as tx:
        assert await issue_credit_note(tx, UUID(order["id"]), None) is None
        assert await issue_invoice(tx, UUID(order["id"])) is None


async def test_called_off_event_is_credited_when_the_money_goes_back(till, papers):
    event = await till.event()
    paid, waiting = await till.paid(event, 1), await till.order(event, 0, 1)
    await papers()
    await till.call_off(event)
    taken(await till.post(f"/orders/{paid['id']}/refunds", {}), 201)
    await sweep(till.database)

    made = await papers()

    totals = Counter({"invoice": 0, "credit_note": 0})
    for kind, _, paper in made:
        totals[kind] += paper["total"]
    assert len(made) == 4
    assert totals["invoice"] == totals["credit_note"] == paid["total"] + waiting["total"]


async def test_fifty_at_once_are_numbered_without_gap_and_a_rollback_leaves_none(till, owner_sql):
    """Half of them fail after they were numbered; what is left counts from one to the last."""
    event = await till.event(TicketTypeDraft(name="Seat", quantity=200, price=900))
    orders = [UUID((await till.order(event, 1))["id"]) for _ in range(25)]

    crowd = asyncio.Semaphore(8)  # as many as there are connections

    async def issue(order_id, fails):
        with suppress(ZeroDivisionError):
            async with crowd, till.database.write(till.organization.id) as tx:
                await issue_invoice(tx, order_id)
                assert 1 / (not fails)

    await asyncio.gather(*(issue(one, fails) for one in orders for fails in (True, False)))

    rows = await owner_sql.fetch(ISSUED, till.organization.id)
    assert sorted(row["number"] for row in rows) == list(range(1, 26))
    assert {row["order_id"] for row in rows} == set(orders)


async def test_staff_list_and_print_them_and_strangers_do_not(till, papers, stranger, client):
    event = await till.event()
    order = await till.paid(event, 2)
    await papers()
    path = f"/orders/{order['id']}/invoices"

    (listed,) = taken(await till.get(path))["items"]
    printed = await till.get(f"{path}/{listed['id']}/pdf")

    assert (listed["kind"], listed["total"]) == ("invoice", order["total"])
    assert listed["number"].startswith("INV-")
    assert listed["number"].endswith("-000001")
    assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
    said = PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
    assert listed["number"] in said
    assert "€49.00" in said
    assert (await till.get(f"{path}/{listed['id']}/pdf")).content == printed.content
    for other in (f"/orders/{uuid7()}/invoices/{listed['id']}/pdf", f"{path}/{uuid7()}/pdf"):
        refused(await till.get(other), 404, "not_found")
    for one in (path, f"{path}/{listed['id']}/pdf"):
        refused(await client.get(f"/api/v1{one}", headers=stranger.staff), 404, "not_found")
    assert (await till.get(f"/orders/{order['id']}/tickets/pdf")).content.startswith(b"%PDF")
