"""Customers for staff: found, looked at, corrected; what they may mail to is up to the buyer."""

from uuid import UUID, uuid4

import pytest

from tests.api.asking import refused, taken
from tests.api.selling import JO, addresses, agree, buyer, customer_of, edit, erase


async def test_customer_is_made_by_the_first_order_and_never_changed_by_another(till):
    event = await till.event()
    first = await till.order(event, 0, 0, 1, customer=JO)
    second = await till.order(event, 0, 0, 1, customer=buyer(email="JO@Example.org", firstName="Johanna"))

    customer_id = await customer_of(till, first)
    shown = taken(await till.get(f"/customers/{customer_id}"))

    assert customer_id == await customer_of(till, second)
    assert (shown["email"], shown["firstName"], shown["phone"]) == (
        "jo@example.org",
        "Wilhelmine",
        "040 12345",
    )
    assert shown["address"] == {
        "line1": "Zwirnweg 1",
        "line2": None,
        "city": "Xanten",
        "state": None,
        "postalCode": None,
        "country": "DE",
    }
    assert (shown["marketing"], shown["marketingAt"], shown["erasedAt"]) == (False, None, None)


async def test_totals_are_by_currency(till):
    euros, yen = await till.event(), await till.event(currency="JPY")
    part, whole = await till.paid(euros, 2), await till.paid(yen, 0, 2)
    taken(await till.refund(part, 1), 201)
    await till.order(euros, 1)
    await till.order(euros, 0, 0, 1)

    totals = taken(await till.get(f"/customers/{whole['customerId']}"))["totals"]

    assert totals == [
        {"currency": "EUR", "orders": 3, "paid": 4_900, "refunded": 2_450},
        {"currency": "JPY", "orders": 1, "paid": 1_998, "refunded": 0},
    ]


async def test_list_and_its_questions(till, owner_sql):
    event = await till.event()
    people = [
        buyer(email="ann_1@example.org", firstName="Änne", lastName="O’Neill"),
        buyer(email="annx1@example.org", firstName="Bo", lastName="van der Berg"),
        buyer(email="z@example.org", firstName=None, lastName="Faber"),
    ]
    orders = [await till.order(event, 0, 0, 1, customer=one) for one in people]
    ann, bo, z = (one["email"] for one in people)
    await agree(owner_sql, await customer_of(till, orders[1]))
    second = taken(await till.get(f"/customers/{await customer_of(till, orders[1])}"))

    assert await addresses(till) == await addresses(till, limit=1) == [z, bo, ann]
    assert await addresses(till, q="ANN") == [bo, ann]
    assert (
        await addresses(till, q="ann_")
        == await addresses(till, q="änne o")
        == await addresses(till, q="o’N")
        == [ann]
    )
    assert await addresses(till, q="Bo van") == await addresses(till, q="VAN der") == [bo]
    assert await addresses(till, q="fab") == [z]
    assert (
        await addresses(till, q="%") == await addresses(till, q="erg") == await addresses(till, q="'--") == []
    )
    assert await addresses(till, marketing="true") == [bo]
    assert await addresses(till, marketing="false") == [z, ann]
    assert await addresses(till, createdFrom=second["createdAt"]) == [z, bo]
    assert await addresses(till, createdTo=second["createdAt"]) == [ann]


async def test_odd_questions_are_refused_by_name(till):
    for path in ("/customers", "/customers/export"):
        for query, field in (
            ({"marketing": "maybe"}, "marketing"),
            ({"q": "x" * 201}, "q"),
            ({"createdFrom": "yesterday"}, "createdFrom"),
            ({"email": "jo@example.org"}, "email"),
        ):
            refused(await till.get(path, **query), 422, "invalid_field", field)


async def test_correction_leaves_orders_as_they_were(till):
    event = await till.event()
    order = await till.order(event, 0, 0, 1, customer=JO)
    customer_id = await customer_of(till, order)

    change = {
        "email": "JO@Faber.Example",
        "lastName": "  Faber\x00 ",
        "phone": None,
        "address": {"city": "Ulm", "country": "de"},
    }
    answer = taken(await edit(till, customer_id, **change))

    assert (answer["email"], answer["firstName"], answer["lastName"]) == (
        "JO@faber.example",
        "Wilhelmine",
        "Faber",
    )
    assert (answer["phone"], answer["address"]["line1"], answer["address"]["city"]) == (None, None, "Ulm")
    assert (answer["address"]["country"], answer["updatedAt"] > answer["createdAt"]) == ("DE", True)
    assert taken(await till.get(f"/customers/{customer_id}")) == answer
    kept = (await till.show(order))["customer"]
    assert (kept["email"], kept["lastName"], kept["address"]["city"]) == ("jo@example.org", "Quast", "Xanten")

    async def orders_at(email):
        return [one["id"] for one in taken(await till.get("/orders", email=email))["items"]]

    assert await orders_at("jo@faber.example") == [order["id"]]
    assert await orders_at("jo@example.org") == []
    again = await till.order(event, 0, 0, 1, customer=buyer(email="jo@faber.example"))
    assert await customer_of(till, again) == customer_id
    assert await customer_of(till, await till.order(event, 0, 0, 1, customer=JO)) != customer_id


ODD = [
    ({"email": "jo"}, "email"),
    ({"email": None}, "email"),
    ({"email": 5}, "email"),
    ({"firstName": "x" * 101}, "firstName"),
    ({"lastName": ["x"]}, "lastName"),
    ({"phone": "1" * 101}, "phone"),
    ({"address": "Street 1"}, "address"),
    ({"address": {"country": "XX"}}, "address.country"),
    ({"address": {"line1": "x" * 201}}, "address.line1"),
    ({"address": {"street": "x"}}, "address.street"),
    ({"marketing": True}, "marketing"),
    ({"marketing": "no"}, "marketing"),
    ({"marketingAt": "2027-01-01T00:00:00Z"}, "marketingAt"),
    ({"nosuch": 1}, "nosuch"),
    ({"erasedAt": None}, "erasedAt"),
    ({"id": None}, "id"),
]


async def test_odd_correction_is_refused_by_the_name_of_its_field(till, untouched):
    customer_id = await customer_of(till, await till.order(await till.event(), 0, 0, 1))
    async with untouched(till.organization):
        for change, field in ODD:
            refused(await edit(till, customer_id, **change), 422, "invalid_field", field)


async def test_address_belongs_to_one_customer(till, untouched):
    event = await till.event()
    jo = await customer_of(till, await till.order(event, 0, 0, 1))
    await till.order(event, 0, 0, 1, customer=buyer(email="kim@example.org"))
    async with untouched(till.organization):
        refused(await edit(till, jo, email="KIM@example.org"), 409, "state_conflict", "email")
        refused(await edit(till, uuid4(), phone="1"), 404, "not_found")
    taken(await edit(till, jo, email="JO@example.org"))


async def test_yes_to_marketing_is_taken_back_and_never_given(till, owner_sql, untouched):
    customer_id = await customer_of(till, await till.order(await till.event(), 0, 0, 1))
    await agree(owner_sql, customer_id)
    assert taken(await edit(till, customer_id, marketing=True, phone="1"))["marketing"] is True

    answer = taken(await edit(till, customer_id, marketing=False))

    assert (answer["marketing"], answer["marketingAt"]) == (False, None)
    said = await owner_sql.fetch(
        "SELECT marketing, source FROM consents WHERE customer_id = $1", UUID(customer_id)
    )
    assert [tuple(one) for one in said] == [(False, "staff")]
    async with untouched(till.organization):
        refused(
            await edit(till, customer_id, marketing=True), 422, "invalid_field", "marketing", "Only the buyer"
        )


@pytest.mark.parametrize(
    ("role", "may"),
    [("owner", "view edit erase"), ("admin", "view edit erase"), ("manager", "view edit"), ("support", "view"), ("analyst", "")],
)  # fmt: skip
async def test_roles_as_published(till, untouched, role, may):
    customer_id = await customer_of(till, await till.order(await till.event(), 0, 0, 1))
    member = await till.colleague(role)
    tried = {
        "view": lambda: member.get(f"/customers/{customer_id}"),
        "edit": lambda: edit(member, customer_id, phone="1"),
        "erase": lambda: erase(member, customer_id),
    }
    for name, asking in tried.items():
        if name in may.split():
            taken(await asking())
        else:
            async with untouched(till.organization):
                refused(await asking(), 403, "forbidden", None, f"customers:{name}")
