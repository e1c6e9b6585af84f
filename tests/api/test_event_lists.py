"""Pages of events for staff."""

import pytest

from tests.api.asking import refused, taken
from tests.support.world import make_event


async def test_list_is_newest_first_and_pages_stand_while_rows_are_added(office):
    made = [(await office.event(title=f"Event {number}"))["id"] for number in range(5)]
    first = taken(await office.ask("GET", "/events?limit=2"))
    await office.event(title="Added meanwhile")
    second = taken(await office.ask("GET", f"/events?limit=2&cursor={first['nextCursor']}"))
    third = taken(await office.ask("GET", f"/events?limit=2&cursor={second['nextCursor']}"))

    shown = [[one["id"] for one in page["items"]] for page in (first, second, third)]
    assert shown == [made[4:2:-1], made[2:0:-1], made[:1]]
    assert third["nextCursor"] is None


async def test_list_is_filtered_by_status(office, database):
    await office.event()
    published = await make_event(database, office.organization)

    assert [one["id"] for one in taken(await office.ask("GET", "/events?status=published"))["items"]] == [
        str(published.id)
    ]
    assert len(taken(await office.ask("GET", "/events?status=draft"))["items"]) == 1
    assert taken(await office.ask("GET", "/events?status=completed")) == {"items": [], "nextCursor": None}


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("limit=0", "limit", "1"), ("limit=101", "limit", "100"), ("limit=-1", "limit", "1"), ("limit=many", "limit", "whole number"),
        ("cursor=nonsense", "cursor", "cursor"), ("cursor=", "cursor", "cursor"), ("status=secret", "status", ""),
    ],
)  # fmt: skip
async def test_odd_query_is_refused_by_name(office, query, field, says):
    refused(await office.ask("GET", f"/events?{query}"), 422, "invalid_field", field, says)
