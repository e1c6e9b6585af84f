"""Customers let go of: nothing names them any more, and what they bought stays in the books."""

import asyncio
from uuid import UUID, uuid4

from foyer.domains.checkout import erase_customer
from tests.api.asking import bearing, facts_of, refused, taken
from tests.api.selling import JO, addresses, agree, customer_of, edit, erase, ticket_states

PERSONAL = ("jo@example.org", "Wilhelmine", "Quast", "040 12345", "Zwirnweg", "Xanten", "Ottokar", "Faber")


async def everything(owner_sql, organization):
    """Every row of an organization as text, but for what Foyer itself is run with."""
    tables = await owner_sql.fetch(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'organization_id'"
        " AND table_name <> 'users'"
    )
    found = {}
    for (table,) in tables:
        rows = await owner_sql.fetch(
            f"SELECT t::text FROM {table} t WHERE organization_id = $1", organization.id
        )
        found[table] = " ".join(row[0] for row in rows)
    return found


async def answer_a_question(owner_sql, till, event, order, text):
    place = (till.organization.id, uuid4(), event.id)
    await owner_sql.execute(
        "INSERT INTO questions (organization_id, id, event_id, label, scope, type) VALUES ($1, $2, $3, 'Menu?', 'order', 'text')",
        *place,
    )
    await owner_sql.execute(
        "INSERT INTO answers (organization_id, id, event_id, question_id, order_id, value) VALUES ($1, $2, $3, $2, $4, to_jsonb($5::text))",
        *place, UUID(order["id"]), text,
    )  # fmt: skip


async def test_erasure_leaves_nothing_personal_and_all_of_the_books(till, owner_sql):
    event = await till.event()
    people = [{"ticketTypeId": str(event.ticket_types[0].id), "firstName": "Ottokar", "lastName": "Faber"}]
    taken(await till.post("/discounts", {"code": "TWICE", "percentage": 10, "usesPerCustomer": 1}), 201)
    cart = await till.shop.cart(event, (event.ticket_types[0].id, 2))
    path, token = f"{till.shop.path}/carts/{cart['id']}", bearing(cart["token"])
    taken(await till.client.patch(path, json={"discountCode": "TWICE", "customer": JO}, headers=token))
    order = taken(await till.shop.check_out(cart, customer=JO, paymentMethod="manual", attendees=people), 201)
    paid = taken(await till.post(f"/orders/{order['id']}/payment"))
    left = await till.shop.cart(event)
    taken(
        await till.client.patch(
            f"{till.shop.path}/carts/{left['id']}", json={"customer": JO}, headers=bearing(left["token"])
        )
    )
    customer_id = paid["customerId"]
    await agree(owner_sql, customer_id)
    await answer_a_question(owner_sql, till, event, paid, "Xanten, but vegan")
    assert any("jo@example.org" in rows for rows in (await everything(owner_sql, till.organization)).values())

    answer = taken(await erase(till, customer_id, idempotency_key="gone"))

    assert answer["erasedAt"]
    empty = ("email", "firstName", "lastName", "phone", "address", "marketingAt")
    assert ({name: answer[name] for name in empty}, answer["marketing"]) == (dict.fromkeys(empty), False)
    assert answer["totals"] == [{"currency": "EUR", "orders": 1, "paid": paid["total"], "refunded": 0}]
    for table, rows in (await everything(owner_sql, till.organization)).items():
        assert not any(word.lower() in rows.lower() for word in PERSONAL), table
    after = await till.show(order)
    assert after["customer"]["email"] == "erased@invalid"
    assert after["customer"]["address"]["country"] == "DE"
    same = (
        "id",
        "orderNumber",
        "items",
        "total",
        "discountAmount",
        "discountCode",
        "status",
        "paymentStatus",
        "customerId",
        "attempts",
    )
    assert {name: after[name] for name in same} == {name: paid[name] for name in same}
    assert await ticket_states(owner_sql, order) == {"valid": 2}
    assert (await facts_of(owner_sql, till.organization))[-1] == "customer.erased"
    assert taken(await erase(till, customer_id, idempotency_key="gone")) == answer
    assert await addresses(till) == await addresses(till, q="erased") == []
    assert (await till.get("/customers/export")).text.count("\r\n") == 1


async def test_erased_ticket_still_opens_the_door_and_goes_back(till, owner_sql):
    event = await till.event()
    order = await till.paid(event, 2)
    ticket = taken(await till.get(f"/orders/{order['id']}/tickets"))["items"][0]
    taken(await erase(till, order["customerId"]))

    body = {"eventId": str(event.id), "code": ticket["code"]}
    scan = taken(await till.client.post("/api/v1/check-ins", json=body, headers=till.organization.door))
    refund = taken(await till.refund(order), 201)

    assert (scan["result"], scan["ticket"]["holder"]) == ("admitted", None)
    assert (refund["status"], refund["amount"]) == ("completed", 4_900)
    assert (
        taken(await till.shop.show_order({**order, "token": await token_of(till, order)}))["refundedAmount"]
        == 4_900
    )


async def token_of(till, order):
    return till.client.desks.keyring.holder_token("order", till.organization.id, UUID(order["id"]), 1)


async def test_address_of_who_was_erased_makes_a_new_customer(till, untouched):
    event = await till.event()
    order = await till.order(event, 0, 0, 1)
    old = await customer_of(till, order)
    taken(await erase(till, old))

    fresh = await till.order(event, 0, 0, 1)

    assert await customer_of(till, fresh) != old
    assert await addresses(till) == ["jo@example.org"]
    async with untouched(till.organization):
        refused(await erase(till, old), 409, "state_conflict", "erasedAt")
        refused(await edit(till, old, phone="1"), 409, "state_conflict", "erasedAt")
    assert (await till.show(fresh))["customer"]["email"] == "jo@example.org"


async def test_codes_count_anew_after_erasure_and_not_before(till):
    event = await till.event()
    taken(await till.post("/discounts", {"code": "ONCE", "percentage": 50, "usesPerCustomer": 1}), 201)

    async def order_with_code():
        cart = await till.shop.cart(event, (event.ticket_types[0].id, 1))
        path = f"{till.shop.path}/carts/{cart['id']}"
        taken(await till.client.patch(path, json={"discountCode": "ONCE"}, headers=bearing(cart["token"])))
        return await till.shop.check_out(cart, paymentMethod="manual")

    first = taken(await order_with_code(), 201)
    taken(await till.post(f"/orders/{first['id']}/payment"))
    refused(await order_with_code(), 409, "code_exhausted", "discountCode")
    taken(await erase(till, await customer_of(till, first)))
    second = taken(await order_with_code(), 201)
    taken(await till.refund(await till.show(first)), 201)  # gives back nobody's use but its own
    taken(await till.post(f"/orders/{second['id']}/payment"))
    refused(await order_with_code(), 409, "code_exhausted", "discountCode")


async def test_order_that_waits_has_to_be_settled_first(till, untouched):
    event = await till.event()
    order = await till.order(event, 1)
    customer_id = await customer_of(till, order)
    async with untouched(till.organization):
        refused(await erase(till, customer_id), 409, "state_conflict", "status", "waits")
        refused(await erase(till, uuid4()), 404, "not_found")
        refused(
            await till.post(f"/customers/{customer_id}/erasure", {"really": True}),
            422,
            "invalid_field",
            "really",
        )
    taken(await till.post(f"/orders/{order['id']}/cancellation"))
    taken(await erase(till, customer_id))


async def test_orders_placed_meanwhile_are_erased_or_somebody_elses(till, owner_sql):
    event = await till.event()
    customer_id = await customer_of(till, await till.order(event, 0, 0, 1))
    carts = [await till.shop.cart(event, (event.ticket_types[2].id, 1)) for _ in range(8)]

    answers = await asyncio.gather(
        *(till.shop.check_out(cart) for cart in carts[:4]),
        erase(till, customer_id),
        *(till.shop.check_out(cart) for cart in carts[4:]),
    )

    taken(answers.pop(4))
    orders = [await till.show(taken(answer, 201)) for answer in answers]
    for order in orders:
        is_erased = order["customer"]["email"] == "erased@invalid"
        assert is_erased == (order["customerId"] == customer_id)
    attendees = await owner_sql.fetch(
        "SELECT o.customer_id, t.attendee_info FROM tickets t JOIN orders o ON o.id = t.order_id WHERE t.organization_id = $1",
        till.organization.id,
    )
    assert all((row[1] is None) == (row[0] == UUID(customer_id)) for row in attendees)


async def test_order_waits_for_an_erasure_and_gets_a_new_customer(till, root_sql):
    event = await till.event()
    customer_id = await customer_of(till, await till.order(event, 0, 0, 1))
    cart = await till.shop.cart(event, (event.ticket_types[2].id, 1))
    async with till.database.write(till.organization.id) as tx:
        await erase_customer(tx, UUID(customer_id), actor=till.organization.owner)
        placing = asyncio.create_task(till.shop.check_out(cart))
        while not await root_sql.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            assert not placing.done()
            await asyncio.sleep(0.01)

    order = await till.show(taken(await placing, 201))

    assert (order["customerId"] != customer_id, order["customer"]["email"]) == (True, "jo@example.org")
