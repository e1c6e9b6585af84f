"""Series: events of one name show each other's dates, and nothing that the shop does not show."""

import asyncio
from uuid import UUID

import pytest

from foyer.domains.events.types import TicketTypeDraft, Visibility
from tests.api.asking import refused, taken
from tests.support.world import make_event, make_organization

SEAT = TicketTypeDraft(name="Seat", quantity=10, is_free=True)


@pytest.fixture
async def first(database, organization):
    return await make_event(database, organization, SEAT, title="Opening", series=" Winter  season ")


async def dates(shop, event):
    """What the shop says of the other dates beside an event."""
    return [one["title"] for one in taken(await shop.offer(event.id))["dates"]]


async def rows(owner_sql, organization):
    query = "SELECT name FROM event_series WHERE organization_id = $1"
    return [row[0] for row in await owner_sql.fetch(query, organization.id)]


async def test_events_of_one_series_show_each_other(shop, database, organization, first, owner_sql):
    async def another(title, **more):
        return await make_event(
            database,
            organization,
            SEAT,
            title=title,
            series="winter SEASON",
            **{"start_time": "18:00", **more},
        )

    last = await another("Last", start_time="20:00")
    matinee = await another("Matinee")
    hidden = await another("Private", visibility=Visibility.PRIVATE)
    await another("Unlisted", visibility=Visibility.UNLISTED)
    await another("Draft", publish=False)
    alone = await make_event(database, organization, SEAT, title="Alone")
    theirs = await make_organization(database)
    await make_event(database, theirs, SEAT, title="Theirs", series="Winter season")

    assert first.series == "Winter season" == matinee.series
    assert await rows(owner_sql, organization) == ["Winter season"]
    assert await dates(shop, first) == ["Matinee", "Last"]
    assert await dates(shop, last) == ["Matinee", "Opening"]
    assert await dates(shop, alone) == []
    assert (await shop.offer(hidden.id)).status_code == 404
    (one, _) = taken(await shop.offer(first.slug))["dates"]
    assert one == {
        "id": str(matinee.id), "slug": matinee.slug, "title": "Matinee", "timeZone": "Europe/Berlin",
        "startsAt": matinee.starts_at.isoformat().replace("+00:00", "Z"),
    }  # fmt: skip


async def test_what_is_over_or_called_off_is_no_date_any_more(shop, office, database, organization, first):
    off = await make_event(database, organization, SEAT, title="Off", series="Winter season")
    taken(await office.ask("POST", f"/events/{off.id}/cancellation"))
    over = await make_event(database, organization, SEAT, title="Over", series="Winter season")
    await _let_pass(database, organization, over.id)

    assert await dates(shop, first) == []


async def _let_pass(database, organization, event_id):
    async with database.write(organization.id) as tx:
        await (await tx.desk()).execute(
            "UPDATE events SET starts_at = foyer_now() - interval '2 hours', ends_at = foyer_now() - interval '1 hour'"
            " WHERE organization_id = $1 AND id = $2", organization.id, event_id,
        )  # fmt: skip


async def test_event_joins_a_series_leaves_it_and_takes_its_copies_along(office, first, owner_sql):
    kept = await office.edit(first.id, {"city": "Lund"})
    assert taken(kept)["series"] == "Winter season"
    copy = await office.event(title="Second night", series="winter season")
    assert copy["series"] == "Winter season"

    left = taken(await office.edit(first.id, {"series": None}))
    assert left["series"] is None
    moved = taken(await office.edit(first.id, {"series": "Summer"}))
    assert moved["series"] == "Summer"
    assert sorted(await rows(owner_sql, office.organization)) == ["Summer", "Winter season"]
    trace = "SELECT changes::text FROM audit WHERE subject_id = $1 AND changes ? 'series' ORDER BY id"
    assert [row[0] for row in await owner_sql.fetch(trace, first.id)] == [
        '{"series": ["Winter season", null]}', '{"series": [null, "Summer"]}',
    ]  # fmt: skip


async def test_series_begun_by_many_at_once_is_one(office, owner_sql):
    made = await asyncio.gather(
        *(office.event(title=f"Night {place}", slug=f"night-{place}", series="Season") for place in range(6))
    )

    assert await rows(owner_sql, office.organization) == ["Season"]
    query = "SELECT count(DISTINCT series_id) FROM events WHERE id = ANY($1::uuid[])"
    assert await owner_sql.fetchval(query, [UUID(one["id"]) for one in made]) == 1


@pytest.mark.parametrize("name", ["x" * 101, 5, True, ["a"]])
async def test_odd_series_is_refused(office, untouched, name):
    async with untouched(office.organization):
        refused(await office.create(series=name), 422, "invalid_field", "series")
