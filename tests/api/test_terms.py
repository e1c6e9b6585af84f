"""The terms of an event: its service fee, and how long an order waits for its money or for a word."""

import pytest

from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import refused, taken
from tests.support.world import make_event, make_organization

REFUSALS = [
    *(({"serviceFeePercentage": fee}, "serviceFeePercentage")
      for fee in (-1, -0.01, 100.01, 7.125, 1e300, 1e-9, "5", True, [5], {})),
    *(({"serviceFeeFixed": fee}, "serviceFeeFixed") for fee in (-1, 10**12 + 1, 10**30, 0.5, "50", True, [])),
    *(({name: hours}, name) for name in ("manualPaymentHours", "approvalHours")
      for hours in (0, -1, 8_761, 10**20, 1.5, "24", True, [])),
    *(({name: 5}, name) for name in ("serviceFeeBps", "service_fee_fixed", "manualPaymentDays")),
]  # fmt: skip


async def test_terms_have_defaults(office):
    event = await office.event()

    assert (event["serviceFeePercentage"], event["serviceFeeFixed"]) == (None, None)
    assert (event["manualPaymentHours"], event["approvalHours"]) == (168, 72)


async def test_terms_are_taken_and_set_back(office):
    terms = {
        "serviceFeePercentage": 7.25,
        "serviceFeeFixed": 0,
        "manualPaymentHours": 8760,
        "approvalHours": 1,
    }
    event = await office.event(**terms)

    assert {name: event[name] for name in terms} == terms
    assert await office.show(event["id"]) == event
    changed = taken(await office.edit(event["id"], {"serviceFeePercentage": 0, "serviceFeeFixed": 10**12}))
    assert (changed["serviceFeePercentage"], changed["serviceFeeFixed"]) == (0, 10**12)
    assert changed["manualPaymentHours"] == 8760
    back = taken(await office.edit(event["id"], dict.fromkeys(terms)))
    assert [back[name] for name in terms] == [None, None, 168, 72]


async def test_odd_terms_are_refused_by_the_name_of_their_field(office, untouched):
    event = await office.event()
    async with untouched(office.organization):
        answers = [(await office.create(**changes), field) for changes, field in REFUSALS]
        answers += [(await office.edit(event["id"], changes), field) for changes, field in REFUSALS]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


async def test_everything_wrong_with_terms_is_told_at_once(office):
    wrong = {"serviceFeePercentage": 101, "serviceFeeFixed": -1, "manualPaymentHours": 0, "approvalHours": 0}

    problem = refused(await office.create(**wrong), 422, "invalid_field", "serviceFeePercentage")

    assert [one["field"] for one in problem["errors"]] == list(wrong)


@pytest.mark.parametrize(
    ("terms", "fee"),
    [
        ({}, 0),
        ({"service_fee_percentage": 5.0}, 50),
        ({"service_fee_fixed": 80}, 80),
        ({"service_fee_percentage": 2.55, "service_fee_fixed": 1}, 27),
    ],
)
async def test_fee_of_the_event_is_what_a_cart_is_charged(shop, database, terms, fee):
    event = await make_event(
        database, shop.organization, TicketTypeDraft(name="Seat", quantity=9, price=1_000), **terms
    )

    cart = await shop.cart(event, (event.ticket_types[0].id, 2))

    assert (cart["fees"], cart["total"]) == (2 * fee, 2_000 + 2 * fee)
    offered = taken(await shop.offer(event.id))["ticketTypes"][0]
    assert (offered["fee"], offered["total"]) == (fee, 1_000 + fee)


async def test_terms_are_nobodys_business_but_the_staffs(shop, database):
    event = await make_event(database, shop.organization, service_fee_percentage=5.0)

    shown = taken(await shop.offer(event.id))["event"]

    assert not {"serviceFeePercentage", "serviceFeeFixed", "manualPaymentHours", "approvalHours"} & set(shown)


async def test_terms_of_another_organization_are_not_there(office, database, untouched):
    other = await make_organization(database)
    event = await make_event(database, other)
    async with untouched(office.organization, other):
        refused(await office.edit(event.id, {"serviceFeePercentage": 5}), 404, "not_found")
