"""What stands behind the `?` of a list: a word it does not know is refused, for it would answer with everything."""

import pytest

from tests.api.asking import refused, taken
from tests.support.world import make_event

LISTS = [
    "/events", "/events/{event}/ticket-types", "/events/{event}/pools", "/discounts", "/tax-rates", "/orders",
    "/orders/{order}/tickets", "/orders/{order}/refunds", "/customers", "/transactions", "/shops/{shop}/events",
]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
async def test_misspelt_filter_is_refused(office, shop, database, path):
    event = await make_event(database, office.organization)
    order = await shop.order(event) if "{order}" in path else {"id": ""}
    place = path.format(event=event.id, order=order["id"], shop=office.organization.slug)

    taken(await office.ask("GET", place))
    refused(await office.ask("GET", f"{place}?statu=draft"), 422, "invalid_field", "statu", "no such")


@pytest.mark.parametrize("path", ["/events", "/discounts", "/tax-rates", "/shops/{shop}/events"])
async def test_filter_that_is_said_twice_is_refused(office, path):
    place = path.format(shop=office.organization.slug)

    refused(await office.ask("GET", f"{place}?limit=1&limit=2"), 422, "invalid_field", "limit", "once")
